"""What people see and do who came by a link, and that nothing tells them more."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server.inference.catalog import read_spec
from server.paths import SEGMENTERS
from server.storage.tables import Visitor, now
from tests.installing import install
from tests.web.projects_of_a_team import rows_of
from tests.web.test_pages import HTML
from tests.web.visiting import KINDS, change, filled, make_link, visit, visiting


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def place(app, make_picture, make_annotation):
    return filled(app, make_picture, make_annotation)


def comment_of(place, image):
    return place.owner.get(place.of(image, "/comments")).json["threads"][0]["id"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_link_tells_nothing_of_other_images(app, place, kind):
    guest = visit(app, place, kind, image=place.one)
    project = guest.get(f"/api/projects/{place.project}").json
    assert (project["image_count"], sum(project["counts"].values()), project["annotation_count"]) == (1, 1, 1)
    assert project["covers"] == [f"/api/images/{place.one}/thumbnail"]
    queue = f"/api/projects/{place.project}/queue"
    for query in ("", "?", f"?after={place.one}", f"?after={place.one}&images=5", "?sort=objects&label=dog"):
        answer = guest.get(f"{queue}{query}")
        assert answer.status_code == 200
        assert place.other not in answer.text
        assert answer.json["total"] == 1
    nowhere = guest.get(f"{queue}?after=0000000000000000").json
    for query in (f"?after={place.other}", f"?after={place.other}&images=5"):
        assert (guest.get(f"{queue}{query}").status_code, guest.get(f"{queue}{query}").json) == (404, nowhere)
    events = guest.get(f"/api/projects/{place.project}/events").json["events"]
    assert place.other not in str(events)
    assert {each.get("image", place.one) for each in events} == {place.one}
    page = guest.get(f"/projects/{place.project}/images/{place.one}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert place.other not in page.text
    assert "Olga" not in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_link_reaches_no_other_image(app, place, kind, make_annotation):
    guest = visit(app, place, kind, image=place.one)
    before, comment = rows_of(app, place.project), comment_of(place, place.other)
    image, annotation = f"/api/images/{place.other}", "/api/annotations/annotation-2"
    asked = [
        ("GET", image), ("GET", f"{image}/file"), ("GET", f"{image}/thumbnail"), ("GET", f"{image}/embedding"),
        ("POST", f"{image}/embedding"), ("POST", f"{image}/predict"), ("GET", place.of(place.other)),
        ("PATCH", place.of(place.other)), ("GET", place.of(place.other, "/annotations")),
        ("POST", place.of(place.other, "/annotations")), ("GET", place.of(place.other, "/masks.png")),
        ("GET", place.of(place.other, "/comments")), ("POST", place.of(place.other, "/comments")),
        ("POST", place.of(place.other, "/review")), ("GET", annotation), ("PATCH", annotation),
        ("DELETE", f"{annotation}?version=1"), ("GET", f"{annotation}?project={place.project}"),
        ("PATCH", f"{annotation}?project={place.project}"),
        ("DELETE", f"{annotation}?version=1&project={place.project}"),
        ("GET", f"/projects/{place.project}/images/{place.other}"),
    ]  # fmt: skip
    body = make_annotation(3) | {"version": 1, "state": "done", "text": "Hello", "decision": "accept"}
    for method, address in asked:
        sent = None if method in ("GET", "DELETE") else body
        assert guest.open(address, method=method, json=sent).status_code == 404, (method, address)
    words = guest.patch(f"/api/projects/{place.project}/comments/{comment}", json={"resolved": True})
    assert words.status_code == (404 if kind in ("annotate", "review") else 403)
    assert rows_of(app, place.project) == before


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("kind", ["annotate", "review"])
def test_ids_of_what_is_on_other_images_are_as_unknown(app, place, kind, deleted, make_annotation):
    guest, comment = visit(app, place, kind, image=place.one), comment_of(place, place.other)
    if deleted:
        place.owner.delete(f"/api/annotations/annotation-2?version=1&project={place.project}")
    before = rows_of(app, place.project)
    unknown = guest.patch("/api/annotations/unknown", json={"version": 1, "attributes": {"a": 1}})
    taken = guest.post(place.of(place.one, "/annotations"), json=make_annotation(2))
    assert (taken.status_code, taken.data) == (404, unknown.data)
    address = f"/api/projects/{place.project}/comments"
    unknown = guest.patch(f"{address}/{uuid4()}", json={"text": "Hello"})
    taken = guest.post(place.of(place.one, "/comments"), json={"id": comment, "text": "Hello"})
    assert (taken.status_code, taken.data) == (404, unknown.data)
    assert rows_of(app, place.project) == before


def test_a_project_link_shows_its_images_and_nobody(app, place):
    place.owner.patch(place.of(place.one), json={"state": "done"})
    told = {"decision": "return", "note": "Not for all"}
    place.owner.post(place.of(place.one, "/review"), json=told)
    for kind in ("view", "try"):
        guest = visit(app, place, kind)
        listed = guest.get(f"/api/projects/{place.project}/images")
        assert {each["id"] for each in listed.json["images"]} == {place.one, place.other}
        for each in listed.json["images"]:
            assert (each["assigned"], each["open_threads"]) == ([], 0)
            assert (each["submitted_by"], each["reviewed_by"], each["review_note"]) == (None, None, None)
        assert guest.get(place.of(place.one, "/comments")).status_code == 403
        assert guest.get(f"/api/projects/{place.project}/members").status_code == 403
        assert guest.get(f"/api/projects/{place.project}/history").status_code == 403
        events = guest.get(f"/api/projects/{place.project}/events").json["events"]
        assert not {each["event"] for each in events} & {
            "comment:changed",
            "assignments:changed",
            "links:changed",
        }


@pytest.mark.parametrize("kind", ["view", "try"])
def test_who_looks_or_tries_changes_nothing(app, place, kind, make_annotation):
    guest = visit(app, place, kind)
    before, comment = rows_of(app, place.project), comment_of(place, place.one)
    project, annotation = f"/api/projects/{place.project}", "/api/annotations/annotation-1"
    changes = [
        ("POST", place.of(place.one, "/annotations"), make_annotation(5)),
        ("PATCH", annotation, {"version": 1, "attributes": {"a": 1}}),
        ("DELETE", f"{annotation}?version=1", None),
        ("POST", f"{annotation}/restore", {"version": 1, "base": 1}),
        ("PATCH", place.of(place.one), {"state": "done"}),
        ("PATCH", place.of(place.one), {"rendering": None}),
        ("POST", f"{project}/images/bulk", {"ids": [place.one], "state": "done"}),
        ("PUT", f"{project}/labels", {"labels": [], "version": 1}),
        ("POST", place.of(place.one, "/comments"), {"text": "Hello"}),
        ("PATCH", f"{project}/comments/{comment}", {"resolved": True}),
        ("DELETE", f"{project}/comments/{comment}", None),
        ("POST", place.of(place.one, "/review"), {"decision": "accept"}),
        ("POST", f"{project}/links", {"kind": "view", "days": 1}),
        ("PATCH", project, {"name": "Ours"}),
    ]
    for method, address, body in changes:
        answer = guest.open(address, method=method, json=body)
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "not_by_link"), (method, address)
    assert rows_of(app, place.project) == before
    segments = guest.post(f"/api/images/{place.one}/embedding").status_code
    assert segments == (403 if kind == "view" else 202)


def test_what_a_guest_does_bears_their_name(app, place, make_annotation):
    guest, owner = visit(app, place, "annotate", image=place.one), place.owner
    made = guest.post(place.of(place.one, "/annotations"), json=make_annotation(7) | {"label": "dog"})
    assert (made.status_code, made.json["created_by"]) == (201, guest.visitor)
    changed = guest.patch("/api/annotations/annotation-1", json={"version": 1, "attributes": {"a": 1}})
    assert (changed.status_code, changed.json["updated_by"]) == (200, guest.visitor)
    assert guest.delete("/api/annotations/annotation-1?version=2").status_code == 204
    thread = guest.post(place.of(place.one, "/comments"), json={"text": "Two dogs?"}).json
    assert thread["comments"][0]["created_by"] == guest.visitor
    assert guest.patch(place.of(place.one), json={"state": "done"}).json["submitted_by"] == guest.visitor
    called = "Ana (visitor)"
    assert owner.get(f"/api/projects/{place.project}/members").json["names"][guest.visitor] == called
    assert owner.get(place.of(place.one, "/comments")).json["names"][guest.visitor] == called
    assert guest.get(place.of(place.one, "/comments")).json["names"] == {guest.visitor: called}
    history = owner.get(place.of(place.one, "/history")).json
    assert history["people"][guest.visitor] == called
    theirs = owner.get(f"/api/projects/{place.project}/history?person={guest.visitor}").json
    assert [each["what"] for each in theirs["entries"]] == [
        "state",
        "commented",
        "deleted",
        "changed",
        "created",
    ]
    versions = owner.get(f"/api/annotations/annotation-1/history?project={place.project}").json["entries"]
    assert versions[0]["by"] == guest.visitor
    numbers = owner.get(f"/api/projects/{place.project}/numbers").json["people"]
    [ana] = [each for each in numbers if each["name"] == called]
    assert (ana["made"], ana["changed"], ana["deleted"], ana["submitted"]) == (1, 1, 1, 1)
    new = guest.post(place.of(place.one, "/annotations"), json=make_annotation(8) | {"label": "cat"})
    assert new.status_code == 403  # labels are the team's
    assert guest.get(place.of(place.one)).json["assigned"] == []
    [link] = owner.get(f"/api/projects/{place.project}/links").json["links"]
    owner.delete(f"/api/projects/{place.project}/links/{link['id']}")
    assert owner.get(f"/api/projects/{place.project}/members").json["names"][guest.visitor] == called


@pytest.mark.parametrize("gone", ["image", "link"])
def test_a_guests_name_outlives_their_link(app, place, gone, monkeypatch):
    link = make_link(place.owner, place.project, "annotate", image=place.one)
    guest = visiting(app, link)
    guest.patch(place.of(place.one), json={"state": "done"})
    if gone == "image":
        place.owner.delete(place.of(place.one))
        trash = f"/api/projects/{place.project}/trash/delete"
        assert place.owner.post(trash, json={"ids": [place.one]}).status_code == 200
    else:
        place.owner.delete(f"/api/projects/{place.project}/links/{link['id']}")
        change(app, link, revoked_at=now() - timedelta(days=40))
        make_link(place.owner, place.project)  # forgets what ended long ago
    listed = place.owner.get(f"/api/projects/{place.project}/links").json["links"]
    assert link["id"] not in [each["id"] for each in listed]
    history = place.owner.get(f"/api/projects/{place.project}/history?person={guest.visitor}").json
    assert [each["what"] for each in history["entries"]] == ["state"]
    assert history["people"][guest.visitor] == "Ana (visitor)"
    place.owner.delete(f"/api/projects/{place.project}")
    assert place.owner.post(f"/api/projects/{place.project}/delete-forever").status_code < 300
    with app.extensions["samphire"].db.read() as session:
        assert session.get(Visitor, guest.visitor) is None


def test_guests_change_only_their_own_words(app, place):
    guest, other = (visit(app, place, "annotate", name=name) for name in ("Ana", "Ben"))
    thread = guest.post(place.of(place.one, "/comments"), json={"text": "Two dogs?"}).json
    address = f"/api/projects/{place.project}/comments/{thread['id']}"
    assert other.patch(address, json={"text": "Three"}).status_code == 403
    assert other.delete(address).status_code == 403
    assert guest.patch(address, json={"text": "Three"}).status_code == 200
    assert guest.delete(address).status_code == 204


def test_a_guest_reviews_but_not_their_own_work(app, place):
    guest = visit(app, place, "review")
    place.owner.patch(place.of(place.one), json={"state": "done"})
    accepted = guest.post(place.of(place.one, "/review"), json={"decision": "accept"})
    assert (accepted.status_code, accepted.json["reviewed_by"]) == (200, guest.visitor)
    assert guest.patch(place.of(place.other), json={"state": "done"}).status_code == 200
    own = guest.post(place.of(place.other, "/review"), json={"decision": "accept"})
    assert own.status_code == 403
    returned = place.owner.post(place.of(place.other, "/review"), json={"decision": "return"})
    assert returned.status_code == 200
    annotator = visit(app, place, "annotate", name="Ben")
    assert annotator.post(place.of(place.one, "/review"), json={"decision": "return"}).status_code == 403


def test_a_page_has_the_image_made_ready_for_who_may_segment(app, place, monkeypatch):
    asked = []
    prediction = app.extensions["samphire"].prediction
    monkeypatch.setattr(prediction, "make_ready", lambda image, spec: asked.append((image.id, spec.id)))
    page = f"/projects/{place.project}/images/{place.one}"
    assert visit(app, place, "view").get(page, headers=HTML).status_code == 200
    assert asked == []
    assert visit(app, place, "try").get(page, headers=HTML).status_code == 200
    assert asked == [(place.one, "mobile_sam")]


def test_links_make_no_annotators_where_those_work_unseen(app, place, check_error):
    """Nor does one that is there already: who may annotate and sees others' work would see what is kept from others."""
    link = make_link(place.owner, place.project, "annotate")
    guest = visiting(app, link)
    address = f"/api/projects/{place.project}"
    marked = place.owner.post(f"{address}/images/bulk", json={"ids": [place.one], "gold": True})
    assert marked.status_code == 200
    body = {"kind": "annotate", "days": 1, "image": place.one}
    check_error(place.owner.post(f"{address}/links", json=body), 409, "conflict")
    listed = guest.get(f"{address}/images").json["images"]
    assert [each["id"] for each in listed] == [place.other]
    assert guest.get(address).json["image_count"] == 1
    assert guest.get(place.of(place.one)).status_code == 404
    assert guest.get("/api/annotations/annotation-1").status_code == 404
    place.owner.patch(address, json={"settings": {"annotators_per_image": 2}})
    check_error(guest.get(address), 401, "visit_ended")
    check_error(place.owner.post(f"{address}/links", json=body | {"image": None}), 409, "conflict")
    [kept] = place.owner.get(f"{address}/links").json["links"]
    assert kept["state"] == "ended"
    assert visit(app, place, "view").get(address).json["image_count"] == 2


def test_an_image_in_the_trash_takes_its_links_with_it(app, place, check_error):
    guest = visit(app, place, "view", image=place.one)
    undo = place.owner.delete(place.of(place.one)).json["restore"]
    check_error(guest.get(f"/api/images/{place.one}"), 401, "visit_ended")
    assert place.owner.open(undo["url"], method=undo["method"], json=undo["body"]).status_code == 200
    link = place.owner.get(f"/api/projects/{place.project}/links").json["links"][0]
    assert link["state"] == "works"


def test_the_projects_trained_segmenter_decodes_what_its_base_encodes(app, place, tmp_path):
    base = read_spec(SEGMENTERS / "mobile_sam")
    install(tmp_path / "data" / "segmenters", "mine", "7" * 64, encoding=base.weights)
    changed = place.owner.patch(f"/api/projects/{place.project}", json={"settings": {"segmenter": "mine"}})
    assert changed.status_code == 200
    guest = visit(app, place, "try", image=place.one)
    url = f"/api/images/{place.one}/embedding"
    address = guest.post(f"{url}?segmenter=mine").json["url"]
    assert address == f"{url}?segmenter=mobile_sam&weights={base.weights}"
    assert guest.get(address).status_code in (200, 202)
    for other in ("?segmenter=mobile_sam", f"?segmenter=mobile_sam&weights={'7' * 64}"):
        assert guest.get(url + other).status_code == 404
