"""Sandboxes: visitors try segmentation on images of their own, which nobody else has, within a quota, for a while."""

import io
from collections import Counter
from datetime import timedelta

import pytest

from server.domain.visits import Visit
from server.errors import SandboxesFull, TooManyImages
from server.features.accounts.limits import Limit
from server.features.links import sandboxes
from server.storage.rows.visits import sandboxes as rows
from server.storage.tables import Image, Project, Visitor, now
from tests.web.team import person
from tests.web.test_pages import HTML
from tests.web.visiting import COOKIE, KINDS, change, filled, follow, listed, make_link, visit, visiting


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def place(app, make_picture, make_annotation):
    return filled(app, make_picture, make_annotation)


@pytest.fixture
def link(place):
    return make_link(place.owner, place.project, "try", sandbox=True)


@pytest.fixture
def add(make_picture):
    def added(guest, seed=1, name="mine.png"):
        data = {"file": (io.BytesIO(make_picture(seed=seed)), name)}
        return guest.post(f"/api/projects/{project_of(guest)}/images", data=data)

    return added


def project_of(guest):
    return guest.get("/api/account").json["visit"]["project"]


def services(app):
    return app.extensions["samphire"]


def kept(app):
    """How many images and sandboxes there are, and the files of images."""
    with services(app).db.read() as session:
        counted = session.query(Image).count(), session.query(Project).filter(Project.sandbox).count()
    return *counted, len([each for each in services(app).blobs.stored() if each.key.startswith("images/")])


def test_a_visitor_brings_images_of_their_own(app, place, link, add):
    guest = visiting(app, link)
    own = project_of(guest)
    assert own != place.project
    described = guest.get(f"/api/projects/{own}").json
    assert (described["name"], described["image_count"], described["role"]) == ("Dogs", 0, "viewer")
    labels = guest.get(f"/api/projects/{own}/labels").json["labels"]
    theirs = place.owner.get(f"/api/projects/{place.project}/labels").json["labels"]
    assert [(each["name"], each["color"]) for each in labels] == [
        (each["name"], each["color"]) for each in theirs
    ]
    assert not {each["id"] for each in labels} & {each["id"] for each in theirs}
    image = add(guest).json
    assert guest.get(f"/api/images/{image['id']}/file").status_code == 200
    assert guest.post(f"/api/images/{image['id']}/embedding").status_code == 202
    page = guest.get(f"/projects/{own}/images/{image['id']}", headers=HTML)
    assert page.status_code == 200
    assert "data-visit-sandbox" in page.text
    assert place.one not in guest.get(f"/api/projects/{own}/images").text
    again = follow(guest, link["token"])
    assert (again.json, "Set-Cookie" in again.headers) == ({"path": f"/projects/{own}"}, False)


def test_nothing_of_the_project_is_there(app, place, link, make_annotation):
    guest = visiting(app, link)
    for path in (
        f"/api/projects/{place.project}", f"/api/projects/{place.project}/images", f"/api/images/{place.one}",
        place.of(place.one), "/api/annotations/annotation-1", f"/projects/{place.project}",
    ):  # fmt: skip
        assert guest.get(path).status_code == 404, path
    own = f"/api/projects/{project_of(guest)}"
    assert guest.patch(own, json={"name": "Ours"}).status_code == 403
    assert guest.post(f"{own}/links", json={"kind": "view", "days": 1}).status_code == 403
    assert guest.post(f"{own}/images/{place.one}/annotations", json=make_annotation(9)).status_code == 404


def test_nobody_else_has_them(app, place, link, add):
    guest, other, mark = visiting(app, link), visiting(app, link), person(app, "Mark")
    place.owner.post(f"/api/projects/{place.project}/members", json={"account": "Mark", "role": "owner"})
    image, own = add(guest).json["id"], project_of(guest)
    same = add(other).json["id"]
    assert same != image  # though the bytes are
    for client in (other, mark, visit(app, place, "try")):
        for path in (f"/api/images/{image}", f"/api/images/{image}/file", f"/api/projects/{own}"):
            assert client.get(path).status_code == 404, path
    for client in (place.owner, mark):  # of whom Olga is an administrator
        for query in ("", "?which=archived", "?which=deleted"):
            assert own not in client.get(f"/api/projects{query}").text
    with services(app).db.read() as session:
        mine = session.get(Project, own)
        assert mine.sandbox


@pytest.mark.parametrize("kind", KINDS)
def test_other_visitors_add_nothing(app, place, kind, make_picture):
    guest = visit(app, place, kind)
    data = {"file": (io.BytesIO(make_picture(seed=9)), "mine.png")}
    answer = guest.post(f"/api/projects/{place.project}/images", data=data)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "not_by_link")


def test_a_visitor_sends_no_archives(app, link):
    guest = visiting(app, link)
    answer = guest.post(
        f"/api/projects/{project_of(guest)}/images", data=b"PK\3\4", content_type="application/zip"
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "not_by_link")


@pytest.mark.parametrize(
    "body", [{"kind": "view"}, {"kind": "annotate"}, {"kind": "review"}, {"kind": "try", "image": "one"}]
)
def test_a_sandbox_is_to_try(place, body, check_error):
    asked = {"days": 1, "sandbox": True} | body
    if "image" in asked:
        asked["image"] = place.one
    check_error(place.owner.post(f"/api/projects/{place.project}/links", json=asked), 400, "bad_request")


def test_a_visit_has_a_quota_of_images(app, link, add, monkeypatch, check_error):
    monkeypatch.setattr(sandboxes, "MOST_IMAGES", 2)
    guest, other = visiting(app, link), visiting(app, link)
    for seed in (1, 2):
        assert add(guest, seed).status_code == 201
    refused = add(guest, 3)
    check_error(refused, 409, "sandbox_full")
    assert kept(app)[0] == 2 + 2
    assert add(other).status_code == 201  # which is each visitor's


def test_what_is_on_its_way_counts(app, link, monkeypatch, add, check_error):
    monkeypatch.setattr(sandboxes, "MOST_IMAGES", 1)
    guest = visiting(app, link)
    services(app).sandboxes._coming = coming = Counter({project_of(guest): 1})
    check_error(add(guest), 409, "sandbox_full")
    assert coming == {project_of(guest): 1}


def test_an_image_has_a_quota_of_bytes(app, link, add, monkeypatch, check_error):
    monkeypatch.setattr(sandboxes, "MOST_BODY_BYTES", 100)
    check_error(add(visiting(app, link)), 413, "visitor_image_too_large")


@pytest.mark.parametrize("limit", ["_of_link", "_of_address"])
def test_links_and_addresses_have_quotas(app, link, add, limit, check_error):
    setattr(services(app).sandboxes, limit, Limit(1, 60.0, refusal=TooManyImages))
    guest, other = visiting(app, link), visiting(app, link)
    if limit == "_of_link":
        other.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    broken = guest.post(
        f"/api/projects/{project_of(guest)}/images", data={"file": (io.BytesIO(b"no"), "a.png")}
    )
    assert broken.status_code == 415  # which takes nothing away
    assert add(guest).status_code == 201
    check_error(add(other), 429, "too_many_images")


def test_all_sandboxes_together_have_a_quota(app, link, add, monkeypatch, check_error):
    monkeypatch.setattr(sandboxes, "_MOST_OF_ALL", 1)
    assert add(visiting(app, link)).status_code == 201
    check_error(add(visiting(app, link)), 409, "sandboxes_full")


@pytest.mark.parametrize("end", ["left", "expired", "revoked", "link expired", "project deleted"])
def test_a_sandbox_goes_with_the_visit(app, place, link, add, end):
    guest, other = (
        visiting(app, link),
        visiting(app, make_link(place.owner, place.project, "try", sandbox=True)),
    )
    project, image = project_of(guest), add(guest).json["id"]
    stays = add(other).json["id"]
    services(app).janitor.end_sandboxes()
    assert kept(app)[:2] == (4, 2)
    if end == "left":
        guest.post("/api/links/leave")
    elif end == "expired":
        with services(app).db.write() as session:
            session.get(Visitor, guest.visitor).expires_at = now()
    elif end == "revoked":
        place.owner.delete(f"/api/projects/{place.project}/links/{link['id']}")
    elif end == "link expired":
        change(app, link, expires_at=now())
    else:
        place.owner.delete(f"/api/projects/{place.project}")
        place.owner.post(f"/api/projects/{place.project}/delete-forever")
    services(app).janitor.end_sandboxes()
    with services(app).db.read() as session:
        assert session.get(Project, project) is None
        assert session.get(Image, image) is None
        assert (session.get(Image, stays) is None) == (end == "project deleted")
    assert not [each for each in services(app).blobs.stored() if image in each.key]
    assert not services(app).quarantine.files()


def test_a_visit_to_a_sandbox_ends_after_a_day(app, link):
    guest = visiting(app, link)
    with services(app).db.read() as session:
        ends = session.get(Visitor, guest.visitor).expires_at
    assert timedelta(hours=23) < ends - now() <= timedelta(days=1)


def test_a_link_to_a_sandbox_shows_no_image_beforehand(app, place, link):
    page = visiting(app, make_link(place.owner, place.project)).get(link["path"], headers=HTML)
    assert "your own images" in page.text
    assert "og:title" in page.text
    assert "og:image" not in page.text
    answer = place.owner.get(f"{link['path']}/card.jpg")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "image_not_found")
    assert [each["sandbox"] for each in listed(place.owner, place.project)] == [False, True]


def test_members_go_on_in_the_project(place, link):
    answer = follow(place.owner, link["token"])
    assert answer.json == {"path": f"/projects/{place.project}"}
    assert place.owner.get_cookie(COOKIE) is None


def test_nothing_leads_back_to_a_sandbox_that_is_gone(app, place, link):
    guest = visiting(app, link)
    gone = project_of(guest)
    place.owner.delete(f"/api/projects/{place.project}")
    services(app).janitor.end_sandboxes()
    place.owner.post(f"/api/projects/{place.project}/restore")
    assert guest.get("/api/account").status_code == 401
    again = visiting(app, link)
    assert project_of(again) not in (gone, place.project)


def test_what_is_on_its_way_counts_by_its_bytes(app, link, monkeypatch):
    monkeypatch.setattr(sandboxes, "_BYTES_OF_ALL", rows.EMBEDDING_BYTES + 1000)
    guest = visiting(app, link)
    with services(app).db.read() as session:
        visit_of = Visit(
            "link", "try", session.get(Visitor, guest.visitor).sandbox_id, None, None, sandbox=True
        )
    adding = services(app).sandboxes.adding
    with adding(visit_of, 900, "192.0.2.1"), pytest.raises(SandboxesFull), adding(visit_of, 900, "192.0.2.2"):
        pass
    with adding(visit_of, 900, "192.0.2.1"):
        pass


def test_a_sandbox_has_no_links_of_its_own(app, link):
    guest = visiting(app, link)
    admin = person(app, "Ada", is_admin=True)
    answer = admin.post(f"/api/projects/{project_of(guest)}/links", json={"kind": "try", "days": 1})
    assert answer.status_code == 409
