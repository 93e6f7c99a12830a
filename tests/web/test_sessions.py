"""Sessions of the socket in a team: whose each is, how many one account has, and what looking at them again costs."""

import io
import json

import gevent
import pytest
from sqlalchemy import event

from server import sockets
from server.web.socket import engine
from tests.web.team import person, program

_HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def people(app):
    return {name: person(app, name) for name in ("admin", "olga", "vera")}


def begin(client):
    """The address of a new session of a client that polls."""
    answer = client.get(_HANDSHAKE)
    assert answer.status_code == 200, answer.text
    return f"{_HANDSHAKE}&sid={json.loads(answer.text[1:])['sid']}"


def test_an_account_has_only_so_many_sessions_and_leaves_others_theirs(people, monkeypatch, check_error):
    monkeypatch.setattr(engine, "_MOST_OF_ACCOUNT", 3)
    monkeypatch.setattr(engine, "_MOST_SESSIONS", 3)
    opened = [begin(people["olga"]) for _ in range(3)]
    check_error(people["olga"].get(_HANDSHAKE), 429, "too_many_requests")
    begin(people["vera"])  # of the same address
    assert people["olga"].post(opened[0], data="1").status_code == 200  # it closes
    begin(people["olga"])


def test_a_session_that_is_never_used_ends(people, monkeypatch):
    monkeypatch.setattr(engine, "_CONNECT_SECONDS", 0.05)
    monkeypatch.setattr(engine, "_MOST_OF_ACCOUNT", 2)
    idle, used = begin(people["olga"]), begin(people["olga"])
    assert people["olga"].post(used, data="40").status_code == 200
    gevent.sleep(0.2)
    assert people["olga"].post(idle, data="3").status_code == 400
    assert people["olga"].post(used, data="3").status_code == 200
    begin(people["olga"])


def test_nobody_speaks_for_another_in_a_session(app, people, check_error):
    reading = program(app, people["olga"], "read")
    for other in (people["vera"], people["admin"], reading):
        session = begin(people["olga"])
        assert people["olga"].post(session, data="40").status_code == 200
        check_error(other.post(session, data='42["ping_ms",{}]'), 403, "forbidden")
        assert people["olga"].post(session, data="3").status_code == 400  # it is over


@pytest.fixture
def project(app, people):
    made = people["olga"].post("/api/projects", json={"name": "Olga's"}).json["id"]
    body = {"account": "vera", "role": "annotator"}
    assert people["olga"].post(f"/api/projects/{made}/members", json=body).status_code == 201
    return made


@pytest.fixture
def watched(people, project, make_picture):
    """Ids of images."""
    sent = ({"file": (io.BytesIO(make_picture(seed=seed)), f"{seed}.png")} for seed in range(6))
    return [people["olga"].post(f"/api/projects/{project}/images", data=each).json["id"] for each in sent]


def listening(app, client, project, images):
    socket = app.extensions["socketio"].test_client(app, flask_test_client=client)
    for image in images:
        assert socket.emit("watch", {"image": image, "project": project}, callback=True)["ok"]
    return socket


def test_what_ends_for_one_account_has_nobody_else_looked_at(app, people, project, watched):
    sockets_of = {
        name: [listening(app, people[name], project, watched) for _ in range(3)] for name in ("olga", "vera")
    }
    services, statements = app.extensions["samphire"], []
    event.listen(services.db.engine, "before_cursor_execute", lambda *words: statements.append(words[2]))
    services.accounts.tell(people["admin"].account)
    assert [each for each in statements if "SELECT" in each] == []
    services.accounts.tell(people["vera"].account)
    assert len([each for each in statements if "SELECT" in each]) <= 3 + 2  # sign-ins; projects, images
    statements.clear()
    people["olga"].delete(f"/api/projects/{project}/members/{people['vera'].account}")
    people["olga"].patch(f"/api/projects/{project}", json={"description": "a"})
    assert [each.get_received() for each in sockets_of["vera"]] == [[], [], []]
    heard = [[told["name"] for told in each.get_received()] for each in sockets_of["olga"]]
    assert heard == [["project:changed"]] * 3


def test_a_session_that_ended_is_not_looked_at_again(app, people, project, watched, monkeypatch):
    services, identity = app.extensions["samphire"], app.extensions["samphire.identity"]
    socket = listening(app, people["vera"], project, watched[:1])
    asked = []
    actor = identity.actor
    monkeypatch.setattr(identity, "actor", lambda environ: asked.append(1) or actor(environ))
    services.accounts.tell(people["vera"].account)
    socket.disconnect()
    asked_before = len(asked)
    services.accounts.tell(people["vera"].account)
    assert asked_before == len(asked) == 1


def test_a_client_watches_twenty_images(app, people, project, make_picture):
    socket = listening(app, people["olga"], project, [])
    allowed = 0
    for seed in range(100, 100 + sockets._MOST_ROOMS):
        sent = {"file": (io.BytesIO(make_picture(seed=seed)), f"{seed}.png")}
        image = people["olga"].post(f"/api/projects/{project}/images", data=sent).json["id"]
        if not socket.emit("watch", {"image": image, "project": project}, callback=True)["ok"]:
            break
        allowed += 1
    assert 20 <= allowed <= 30
