"""What people hear who came by a link, and that their sockets end with it."""

import pytest

from server.storage.tables import now
from tests.web.team import person
from tests.web.visiting import change, filled, make_link, visit, visiting


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


def test_each_event_asks_whether_the_visit_goes_on(app, place, connect):
    link = make_link(place.owner, place.project)
    socket = connect(visiting(app, link))
    change(app, link, expires_at=now())
    answer = socket.emit("watch", {"image": place.one, "project": place.project}, callback=True)
    assert answer["error"]["code"] == "visit_ended"
