"""Accounts of a team's server over HTTP: signing in and out, one's own account, tokens, and administrators."""

from datetime import timedelta

import pytest

from server.storage.rows import accounts as rows
from server.storage.tables import ApiToken, SignIn, now
from tests.web.team import COOKIE, PASSWORD, bearing, machine, new_link, person, program, sign_in, visitor
from tests.web.test_openapi import SCHEMAS, check

OWN, ALL = "/api/account", "/api/accounts"
NEW_PASSWORD = "staple horse battery"


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def ann(app):
    """The first account: an administrator's."""
    return person(app, "Ann")


@pytest.fixture
def bob(app, ann):
    return person(app, "Bob")


def enter(client, name, password=PASSWORD):
    return client.post(f"{OWN}/sign-in", json={"name": name, "password": password})


def with_password(app, name="Cleo"):
    """An account that a password signs in; its id."""
    return app.extensions["samphire"].administration.create({"name": name, "password": PASSWORD}).id


def test_who_asks_is_told(app, ann):
    assert visitor(app).get(OWN).json == {"mode": "team", "account": None, "oidc": None, "visit": None}
    told = ann.get(OWN).json
    account = {"id": ann.account, "name": "Ann", "is_admin": True}
    assert told == {"mode": "team", "account": account, "oidc": None, "visit": None}
    check(SCHEMAS["Visitor"], told, "")
    assert program(app, ann, "read").get(OWN).json == told
    assert machine(app).get(OWN).json == {"mode": "team", "account": None, "oidc": None, "visit": None}


@pytest.mark.parametrize("name", ["Cleo", "cleo", "  CLEO "])
def test_a_name_and_its_password_sign_in(app, name):
    with_password(app)
    client = visitor(app)
    assert client.get("/api/projects").status_code == 401
    answer = enter(client, name)
    assert (answer.status_code, answer.json["account"]["name"]) == (200, "Cleo")
    assert client.get("/api/projects").status_code == 200
    assert client.post(f"{OWN}/sign-out", json={"everywhere": False}).status_code == 204
    assert client.get_cookie(COOKIE) is None
    assert client.get("/api/projects").status_code == 401


def test_names_and_passwords_are_compared_whatever_keyboard_they_come_from(app):
    administration = app.extensions["samphire"].administration
    administration.create({"name": "Zo\u00eb", "password": "caf\u00e9 caf\u00e9 caf\u00e9"})
    client = visitor(app)
    assert enter(client, "ZOE\u0308", "cafe\u0301 cafe\u0301 cafe\u0301").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a" * 65,
        "a\nb",
        "a\u200bb",
        "\u202eevil",
        "a\u2028b",
        "a\u00a0b",
        "Ann\u3164",
        "\u0410nn",
        5,
        None,
    ],
)
def test_names_that_would_deceive_are_refused(app, ann, check_error, name):
    check_error(ann.post(ALL, json={"name": name}), 400, "invalid_account")
    check_error(ann.patch(OWN, json={"name": name}), 400, "invalid_account")


@pytest.mark.parametrize("password", ["", "123456789", "x" * 1001, 5, None])
def test_passwords_have_10_to_1000_characters_and_nothing_else_is_asked(app, ann, check_error, password):
    check_error(ann.post(ALL, json={"name": "Dan", "password": password}), 400, "invalid_account")
    for good in ("1234567890", "x" * 1000, " " * 10):
        assert ann.post(ALL, json={"name": f"D{len(good)}{good[0]}", "password": good}).status_code == 201


def test_a_name_is_one_person_s(app, ann, bob, check_error):
    check_error(bob.patch(OWN, json={"name": "ANN"}), 409, "name_taken")
    assert bob.patch(OWN, json={"name": "BOB"}).json == {"id": bob.account, "name": "BOB", "is_admin": False}
    assert ann.post(ALL, json={"name": "bob"}).json["error"]["code"] == "name_taken"


def test_another_password_ends_all_other_sign_ins(app, check_error):
    account = with_password(app)
    here, there = visitor(app), visitor(app)
    for client in (here, there):
        assert enter(client, "Cleo").status_code == 200
    before = here.get_cookie(COOKIE).value
    ended = []
    app.extensions["samphire"].accounts.listeners.append(ended.append)
    change = {"current": "wrong password", "new": NEW_PASSWORD}
    check_error(here.post(f"{OWN}/password", json=change), 400, "wrong_password")
    assert there.get("/api/projects").status_code == 200
    answer = here.post(f"{OWN}/password", json=change | {"current": PASSWORD})
    assert answer.status_code == 200
    assert ended == [account]
    assert here.get_cookie(COOKIE).value != before
    assert here.get("/api/projects").status_code == 200
    assert there.get("/api/projects").status_code == 401
    assert enter(there, "Cleo").status_code == 401
    assert enter(there, "Cleo", NEW_PASSWORD).status_code == 200


def test_signing_out_everywhere_ends_all_sign_ins_and_no_token(app, ann):
    other = visitor(app)
    sign_in(app, other, ann.account)
    script = program(app, ann, "read")
    assert ann.post(f"{OWN}/sign-out", json={"everywhere": True}).status_code == 204
    assert [each.get("/api/projects").status_code for each in (ann, other, script)] == [401, 401, 200]


def test_sign_ins_are_listed_and_ended_one_by_one(app, ann, bob, check_error):
    other = visitor(app)
    secret = sign_in(app, other, ann.account)
    listed = ann.get(f"{OWN}/sign-ins")
    check(SCHEMAS["SignInList"], listed.json, "")
    assert len(listed.json["sign_ins"]) == 2
    [foreign] = [each for each in listed.json["sign_ins"] if not each["current"]]
    with app.extensions["samphire"].db.read() as session:
        kept = {each.secret_hash for each in rows.sign_ins(session, ann.account, now())}
    assert secret not in listed.text
    assert not any(each[:16] in listed.text for each in kept)
    check_error(bob.delete(f"{OWN}/sign-ins/{foreign['id']}"), 404, "not_found")
    assert other.get("/api/projects").status_code == 200
    assert ann.delete(f"{OWN}/sign-ins/{foreign['id']}").status_code == 204
    assert other.get("/api/projects").status_code == 401
    check_error(ann.delete(f"{OWN}/sign-ins/{foreign['id']}"), 404, "not_found")


def test_a_sign_in_and_a_token_end_by_themselves(app, ann):
    script = program(app, ann)
    with app.extensions["samphire"].db.write() as session:
        for table in (SignIn, ApiToken):
            session.query(table).update({"expires_at": now() - timedelta(seconds=1)})
    assert ann.get("/api/projects").status_code == 401
    assert script.get("/api/projects").status_code == 401


def test_a_token_s_secret_is_told_once_and_works_until_it_is_deleted(app, ann, bob, check_error):
    made = ann.post(f"{OWN}/tokens", json={"name": " nightly ", "scope": "read", "days": 7}).json
    check(SCHEMAS["MadeApiToken"], made, "")
    assert made["name"] == "nightly"
    assert made["secret"].startswith("smp_")
    listed = ann.get(f"{OWN}/tokens")
    assert made["secret"] not in listed.text
    assert listed.json["tokens"][0]["used_at"] is None
    script = bearing(app, made["secret"])
    assert script.get("/api/projects").status_code == 200
    [token] = ann.get(f"{OWN}/tokens").json["tokens"]
    assert token["used_at"] is not None
    check_error(bob.delete(f"{OWN}/tokens/{made['id']}"), 404, "not_found")
    assert ann.delete(f"{OWN}/tokens/{made['id']}").status_code == 204
    check_error(script.get("/api/projects"), 401, "unauthorized")


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scope": "everything"}, {"days": 0}, {"days": 366}, {"days": True}, {"name": "x" * 101}],
)
def test_tokens_that_mean_nothing_are_refused(ann, check_error, wrong):
    body = {"name": "a", "scope": "read", "days": 1} | wrong
    check_error(ann.post(f"{OWN}/tokens", json=body), 400, "invalid_account")


def test_a_token_may_no_more_than_its_scope(app, ann, check_error):
    """Whatever the account may; and never change the account itself."""
    reads, manages = program(app, ann, "read"), program(app, ann, "manage")
    check_error(reads.post("/api/projects", json={"name": "x"}), 403, "forbidden")
    assert manages.post("/api/projects", json={"name": "x"}).status_code == 201
    for script in (reads, manages):
        check_error(
            script.post(f"{OWN}/tokens", json={"name": "a", "scope": "read", "days": 1}), 403, "forbidden"
        )
        check_error(script.patch(OWN, json={"name": "Eve"}), 403, "forbidden")
        check_error(script.get(ALL), 403, "forbidden")


def test_an_account_has_a_bounded_number_of_tokens_and_sign_ins(app, ann, check_error):
    body = {"name": "a", "scope": "read", "days": 1}
    for _ in range(50):
        assert ann.post(f"{OWN}/tokens", json=body).status_code == 201
    check_error(ann.post(f"{OWN}/tokens", json=body), 409, "conflict")
    for _ in range(55):
        sign_in(app, visitor(app), ann.account)
    with app.extensions["samphire"].db.read() as session:
        assert len(rows.sign_ins(session, ann.account, now())) == 50


def test_only_administrators_see_and_change_accounts(app, ann, bob, check_error):
    check_error(bob.get(ALL), 403, "forbidden")
    check_error(bob.post(f"{ALL}/{ann.account}/disable"), 403, "forbidden")
    listed = ann.get(ALL).json
    check(SCHEMAS["AccountList"], listed, "")
    assert [(each["name"], each["is_admin"], each["has_password"]) for each in listed["accounts"]] == [
        ("Ann", True, False), ("Bob", False, False),
    ]  # fmt: skip
    assert ann.patch(f"{ALL}/{bob.account}", json={"is_admin": True}).json["is_admin"]
    assert bob.get(ALL).status_code == 200
    check_error(ann.patch(f"{ALL}/none", json={"is_admin": True}), 404, "account_not_found")


def test_a_disabled_account_is_out_at_once_and_its_links_are_useless(app, ann, bob, check_error):
    script = program(app, bob, "read")
    ann.patch(f"{ALL}/{bob.account}", json={"is_admin": True})
    made = new_link(bob.post("/api/invitations", json={"is_admin": True}).json["path"])
    own = new_link(ann.post(f"{ALL}/{bob.account}/reset").json["path"])
    assert ann.post(f"{ALL}/{bob.account}/disable").json["disabled_at"]
    assert [each.get("/api/projects").status_code for each in (bob, script)] == [401, 401]
    for secret in (made, own):
        check_error(
            visitor(app).post("/api/invitations/open", json={"secret": secret}), 404, "invitation_not_found"
        )
    check_error(ann.post(f"{ALL}/{bob.account}/reset"), 409, "conflict")
    assert ann.post(f"{ALL}/{bob.account}/enable").json["disabled_at"] is None
    assert [each.get("/api/projects").status_code for each in (bob, script)] == [401, 401]
    sign_in(app, bob, bob.account)
    assert bob.get(f"{OWN}/tokens").json == {"tokens": []}


def test_names_are_not_tried_without_end(app, ann, bob, check_error):
    """Each tells whether it is somebody's."""
    for number in range(10):
        status = bob.patch(OWN, json={"name": "ann" if number % 2 else f"Bob {number}"}).status_code
        assert status == (409 if number % 2 else 200)
    error = check_error(bob.patch(OWN, json={"name": "Eve"}), 429, "too_many_requests")
    assert error["message"] == "An account may try 10 names within an hour."
    assert ann.patch(OWN, json={"name": "Anna"}).status_code == 200


def test_one_administrator_stays(app, ann, bob, check_error):
    check_error(ann.post(f"{ALL}/{ann.account}/disable"), 409, "last_administrator")
    check_error(ann.patch(f"{ALL}/{ann.account}", json={"is_admin": False}), 409, "last_administrator")
    ann.patch(f"{ALL}/{bob.account}", json={"is_admin": True})
    assert bob.post(f"{ALL}/{ann.account}/disable").status_code == 200
    check_error(bob.post(f"{ALL}/{bob.account}/disable"), 409, "last_administrator")


def test_a_server_without_accounts_says_so(make_app, check_error):
    client = make_app(team=False).test_client()
    assert client.get(OWN).json == {"mode": "local", "account": None, "oidc": None, "visit": None}
    for method, path in (
        ("post", f"{OWN}/sign-in"),
        ("patch", OWN),
        ("get", f"{OWN}/tokens"),
        ("get", ALL),
        ("post", ALL),
        ("post", f"{ALL}/x/reset"),
        ("post", "/api/invitations/open"),
    ):
        error = check_error(getattr(client, method)(path, json={"name": "x"}), 404, "no_accounts")
        assert "--team" in error["hint"]
