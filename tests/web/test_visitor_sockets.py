"""What people hear who came by a link, and that their sockets end with it."""

import pytest

from server.storage.tables import now
from server.web.socket.rooms import Rooms
from tests.web.team import PASSWORD, person, visitor
from tests.web.visiting import COOKIE, KINDS, change, filled, follow, make_link, visit, visiting


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def place(app, make_picture, make_annotation):
    return filled(app, make_picture, make_annotation)


@pytest.fixture
def connect(app):
    def connected(client):
        return app.extensions["socketio"].test_client(app, flask_test_client=client)

    return connected


def told(socket):
    return [(each["name"], each["args"][0]) for each in socket.get_received()]


def test_visitors_hear_what_is_theirs(app, place, connect, make_annotation):
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
    assert {name for name, _ in told(one)} == heard
    assert {name for name, _ in told(every)} == heard | {"comment:changed", "images:removed"}
    assert {name for name, _ in told(member)} > heard | {"links:changed"}


def test_an_open_socket_ends_with_the_link(app, place, connect):
    link = make_link(place.owner, place.project)
    guest, kept = visiting(app, link), visiting(app, make_link(place.owner, place.project))
    first, second = connect(guest), connect(kept)
    place.owner.delete(f"/api/projects/{place.project}/links/{link['id']}")
    assert not first.is_connected()
    assert second.is_connected()
    handshake = "/socket.io/?EIO=4&transport=polling"
    assert guest.get(handshake).json["error"]["code"] == "visit_ended"
    assert kept.get(handshake).status_code == 200


def test_an_open_socket_ends_with_the_makers_role_and_with_the_visit(app, place, connect):
    mark, members = person(app, "Mark"), f"/api/projects/{place.project}/members"
    place.owner.post(members, json={"account": "Mark", "role": "manager"})
    by_mark, leaving = (visiting(app, make_link(mark, place.project)) for _ in range(2))
    first, second = connect(by_mark), connect(leaving)
    leaving.post("/api/links/leave")
    assert [each.is_connected() for each in (first, second)] == [True, False]
    place.owner.delete(f"{members}/{mark.account}")
    assert not first.is_connected()


@pytest.mark.parametrize("end", ["leaves", "follows another link", "signs in", "is a member elsewhere"])
def test_a_visit_ends_in_one_way(app, place, connect, end):
    eve = person(app, "Eve")
    app.extensions["samphire"].accounts._passwords.matches = lambda stored, password: True
    other = place.owner.post("/api/projects", json={"name": "Cats"}).json["id"]
    follow(eve, make_link(place.owner, place.project)["token"])
    kept, socket = eve.get_cookie(COOKIE).value, connect(eve)
    if end == "leaves":
        eve.post("/api/links/leave")
    elif end == "follows another link":
        assert follow(eve, make_link(place.owner, other)["token"]).status_code == 200
    elif end == "signs in":
        assert eve.post("/api/account/sign-in", json={"name": "Eve", "password": PASSWORD}).status_code == 200
    else:
        place.owner.post(f"/api/projects/{other}/members", json={"account": "Eve", "role": "viewer"})
        assert follow(eve, make_link(place.owner, other)["token"]).status_code == 200
    assert not socket.is_connected()
    assert eve.get(f"/api/projects/{place.project}").status_code == 404
    replaying = visitor(app)
    replaying.set_cookie(COOKIE, kept)
    assert replaying.get("/api/account").json["error"]["code"] == "visit_ended"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of_image", [True, False])
def test_who_did_what_and_was_reviewed_is_for_who_takes_part(app, place, connect, kind, of_image):
    guest = visit(app, place, kind, image=place.one if of_image else None)
    socket = connect(guest)
    assert socket.emit("watch", {"image": place.one, "project": place.project}, callback=True)["ok"]
    place.owner.patch(place.of(place.one), json={"state": "done"})
    place.owner.post(place.of(place.one, "/review"), json={"decision": "return"})
    heard = [each for name, each in told(socket) if name == "image:changed"]
    listed = guest.get(f"/api/projects/{place.project}/events").json["events"]
    for some in (heard, [each for each in listed if each["event"] == "image:changed"]):
        assert [each["state"] for each in some[-2:]] == ["done", "returned"]
        returned = some[-1]
        if kind in ("annotate", "review"):
            assert (returned["decision"], returned["submitted_by"]) == ("return", place.owner.account)
            assert returned["actor"] == f"account:{place.owner.account}"
        else:
            assert not {"decision", "submitted_by"} & returned.keys()
            assert {each["actor"] for each in [*heard, *listed]} == {"account"}
            assert place.owner.account not in str(some)


def test_where_nobody_visits_all_in_a_room_are_told_at_once(app, place, connect, monkeypatch):
    cats = place.owner.post("/api/projects", json={"name": "Cats"}).json["id"]
    member = connect(place.owner)
    connect(visiting(app, make_link(place.owner, cats)))
    assert member.emit("watch", {"image": place.one, "project": place.project}, callback=True)["ok"]
    asked = []
    counted = Rooms._hearing
    monkeypatch.setattr(Rooms, "_hearing", lambda *args: asked.append(args) or counted(*args))
    place.owner.patch(f"/api/projects/{place.project}", json={"name": "Birds"})
    assert [name for name, _ in told(member)] == ["project:changed"]
    assert not asked


def test_each_event_asks_whether_the_visit_goes_on(app, place, connect):
    link = make_link(place.owner, place.project)
    socket = connect(visiting(app, link))
    change(app, link, expires_at=now())
    answer = socket.emit("watch", {"image": place.one, "project": place.project}, callback=True)
    assert answer["error"]["code"] == "visit_ended"
