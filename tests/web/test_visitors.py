"""What people see and do who came by a link, and that nothing tells them more."""

import io
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from server.storage.tables import now
from tests.web.projects_of_a_team import rows_of
from tests.web.team import person
from tests.web.visiting import KINDS, change, make_link, visiting


@dataclass
class Place:
    """Olga's project with two images, `one` and `other`, each with an object and a comment."""

    project: str
    owner: FlaskClient
    one: str
    other: str

    def of(self, image: str, rest: str = "") -> str:
        return f"/api/projects/{self.project}/images/{image}{rest}"


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def place(app, make_picture, make_annotation):
    olga = person(app, "Olga")
    project = olga.post("/api/projects", json={"name": "Dogs", "settings": {"review": True}}).json["id"]
    made = Place(project, olga, "", "")
    made.one, made.other = (
        olga.post(
            f"/api/projects/{project}/images", data={"file": (io.BytesIO(make_picture(seed=n)), f"{n}.png")}
        ).json["id"]
        for n in (1, 2)
    )
    for number, image in enumerate((made.one, made.other), start=1):
        assert olga.post(made.of(image, "/annotations"), json=make_annotation(number)).status_code == 201
        assert olga.post(made.of(image, "/comments"), json={"text": f"Note {number}"}).status_code == 201
    return made


def visit(app, place, kind, image=None, name="Ana", **more):
    return visiting(app, make_link(place.owner, place.project, kind, image=image, **more), name)


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
    label = place.owner.get(f"{project}/labels").json
    changes = [
        ("POST", place.of(place.one, "/annotations"), make_annotation(5)),
        ("PATCH", annotation, {"version": 1, "attributes": {"a": 1}}),
        ("DELETE", f"{annotation}?version=1", None),
        ("POST", f"{annotation}/restore", {"version": 1, "base": 1}),
        ("PATCH", place.of(place.one), {"state": "done"}),
        ("PATCH", place.of(place.one), {"rendering": None}),
        ("POST", f"{project}/images/bulk", {"ids": [place.one], "state": "done"}),
        ("PUT", f"{project}/labels", {"labels": [], "version": label["version"]}),
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
    called = "Ana (guest)"
    assert owner.get(f"/api/projects/{place.project}/members").json["names"][guest.visitor] == called
    assert owner.get(place.of(place.one, "/comments")).json["names"][guest.visitor] == called
    assert guest.get(place.of(place.one, "/comments")).json["names"] == {guest.visitor: called}
    history = owner.get(place.of(place.one, "/history")).json
    assert history["people"][guest.visitor] == called
    entries = owner.get(f"/api/projects/{place.project}/history?person={guest.visitor}").json["entries"]
    assert [each["what"] for each in entries] == ["state", "commented", "deleted", "changed", "created"]
    versions = owner.get(f"/api/annotations/annotation-1/history?project={place.project}").json
    assert versions["entries"][0]["by"] == guest.visitor
    numbers = owner.get(f"/api/projects/{place.project}/numbers").json["people"]
    [ana] = [each for each in numbers if each["name"] == called]
    assert (ana["made"], ana["changed"], ana["deleted"], ana["submitted"]) == (1, 1, 1, 1)
    new = guest.post(place.of(place.one, "/annotations"), json=make_annotation(8) | {"label": "cat"})
    assert new.status_code == 403  # labels are the team's
    assert guest.get(place.of(place.one)).json["assigned"] == []


def test_guests_names_outlive_their_links(app, place, make_annotation):
    link = make_link(place.owner, place.project, "annotate")
    guest = visiting(app, link, "Ana")
    guest.post(place.of(place.one, "/annotations"), json=make_annotation(7) | {"label": "dog"})
    place.owner.delete(f"/api/projects/{place.project}/links/{link['id']}")
    names = place.owner.get(f"/api/projects/{place.project}/members").json["names"]
    assert names[guest.visitor] == "Ana (guest)"


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


class TestSocket:
    @pytest.fixture
    def connect(self, app):
        def connected(client):
            return app.extensions["socketio"].test_client(app, flask_test_client=client)

        return connected

    def told(self, socket):
        return [(each["name"], each["args"][0]) for each in socket.get_received()]

    def test_visitors_hear_what_is_theirs(self, app, place, connect, make_annotation):
        one = connect(visit(app, place, "view", image=place.one))
        every = connect(visit(app, place, "annotate"))
        member = connect(place.owner)
        for socket in (one, every, member):
            assert socket.emit("watch", {"image": place.one, "project": place.project}, callback=True)["ok"]
        refused = one.emit("watch", {"image": place.other, "project": place.project}, callback=True)
        assert refused["error"]["code"] == "image_not_found"
        place.owner.post(place.of(place.one, "/annotations"), json=make_annotation(7))
        place.owner.post(place.of(place.one, "/comments"), json={"text": "Hello"})
        place.owner.patch(f"/api/projects/{place.project}", json={"name": "Cats"})
        place.owner.delete(place.of(place.other))
        make_link(place.owner, place.project)
        heard = {"annotation:changed", "project:changed"}
        assert {name for name, _ in self.told(one)} == heard
        assert {name for name, _ in self.told(every)} == heard | {"comment:changed", "images:removed"}
        assert {name for name, _ in self.told(member)} > heard | {"links:changed"}

    def test_an_open_socket_ends_with_the_link(self, app, place, connect):
        link = make_link(place.owner, place.project)
        guest, kept = visiting(app, link), visiting(app, make_link(place.owner, place.project))
        first, second = connect(guest), connect(kept)
        place.owner.delete(f"/api/projects/{place.project}/links/{link['id']}")
        assert not first.is_connected()
        assert second.is_connected()
        handshake = "/socket.io/?EIO=4&transport=polling"
        assert guest.get(handshake).json["error"]["code"] == "visit_ended"
        assert kept.get(handshake).status_code == 200

    def test_each_event_asks_whether_the_visit_goes_on(self, app, place, connect):
        link = make_link(place.owner, place.project)
        socket = connect(visiting(app, link))
        change(app, link, expires_at=now())
        answer = socket.emit("watch", {"image": place.one, "project": place.project}, callback=True)
        assert answer["error"]["code"] == "visit_ended"
