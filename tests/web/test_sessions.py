"""Sessions of the socket in a team: whose each is, how many one account has, and what looking at them again costs."""

import io
import json

import gevent
import pytest
from sqlalchemy import event

from server import sockets
from server.features.accounts import service
from server.web.socket import engine
from tests.web.team import PASSWORD, person, program, visitor

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


def test_nobody_speaks_for_another_in_a_session_nor_ends_it(app, people, check_error):
    reading = program(app, people["olga"], "read")
    for other in (people["vera"], people["admin"], reading):
        session = begin(people["olga"])
        assert people["olga"].post(session, data="40").status_code == 200
        check_error(other.post(session, data='42["ping_ms",{}]'), 403, "forbidden")
        check_error(visitor(app).post(session, data="1"), 401, "unauthorized")
        assert people["olga"].post(session, data="3").status_code == 200
        assert people["olga"].post(session, data="nothing").status_code == 400
        assert people["olga"].post(session, data="3").status_code == 400  # what she sends ends it


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


def socket_of(app, client):
    return app.extensions["socketio"].test_client(app, flask_test_client=client)


@pytest.fixture
def nell(people):
    """Name and password of somebody who has one."""
    words = {"name": "Nell", "password": PASSWORD}
    assert people["admin"].post("/api/accounts", json=words).status_code == 201
    return words


def test_signing_in_as_another_ends_the_socket_of_before(app, people, nell):
    before, others = socket_of(app, people["olga"]), socket_of(app, people["vera"])
    assert people["olga"].post("/api/account/sign-in", json=nell).status_code == 200
    assert not before.is_connected()
    assert others.is_connected()


def test_the_sign_in_that_is_one_too_many_ends_the_socket_of_the_oldest(app, nell, monkeypatch):
    monkeypatch.setattr(service, "_MOST_SIGN_INS", 2)
    sockets_of = []
    for _ in range(3):
        client = visitor(app)
        assert client.post("/api/account/sign-in", json=nell).status_code == 200
        sockets_of.append(socket_of(app, client))
    assert [each.is_connected() for each in sockets_of] == [False, True, True]


def test_what_changes_who_may_do_what_is_in_the_log_and_no_secret_is(app, people, project, nell, caplog):
    caplog.set_level("INFO")
    admin, olga, vera = people["admin"], people["olga"], people["vera"].account
    client = visitor(app)
    odd = "Zoë 'x'"
    client.post("/api/account/sign-in", json=nell | {"password": "wrong wrong wrong"})
    client.post("/api/account/sign-in", json={"name": PASSWORD, "password": "wrong wrong wrong"})
    client.post("/api/account/sign-in", json=nell)
    assert client.patch("/api/account", json={"name": odd}).status_code == 200
    account = client.get("/api/account").json["account"]["id"]
    olga.patch(f"/api/projects/{project}/members/{vera}", json={"role": "manager"})
    olga.delete(f"/api/projects/{project}/members/{vera}")
    admin.patch(f"/api/accounts/{account}", json={"is_admin": True})
    link = admin.post(f"/api/accounts/{account}/reset").json["path"]
    admin.post(f"/api/accounts/{account}/disable")
    admin.post(f"/api/accounts/{account}/enable")
    by, owner = f"account:{admin.account}", f"account:{olga.account}"
    assert [each.getMessage() for each in caplog.records if ".features." in each.name] == [
        f"Sign-in refused: account {account} 'Nell', from 127.0.0.1",
        "Sign-in refused: a name that is nobody's, from 127.0.0.1",
        f"Signed in with a password: account {account} 'Nell' from 127.0.0.1",
        f"{owner} made account {vera} manager of project {project}",
        f"{owner} removed account {vera} from project {project}",
        f"{by} made an administrator of account {account} {odd!r}",
        f"{by} made a link that sets the password of account {account}",
        f"{by} disabled account {account} {odd!r}",
        f"{by} enabled account {account} {odd!r}",
    ]
    assert PASSWORD not in caplog.text
    assert "wrong wrong" not in caplog.text
    assert link.partition("#")[2] not in caplog.text
