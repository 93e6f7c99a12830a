"""What strangers try where people sign in: each attack, and that nothing comes of it."""

import logging
import statistics
import time

import pytest

from server.domain.policy import OWNER
from server.features.accounts.passwords import Passwords
from server.features.accounts.secrets import hash_of
from server.storage.rows import accounts as rows
from server.storage.tables import ApiToken, Invitation, now
from tests.web.team import COOKIE, PASSWORD, bearing, machine, new_link, person, program, sign_in, visitor

SIGN_IN = "/api/account/sign-in"
STRANGE = [
    {"headers": {"Origin": "http://evil.example"}},
    {"headers": {"Origin": "null"}},
    {"headers": {"Origin": "http://localhost:3000"}},
    {"headers": {"Sec-Fetch-Site": "cross-site"}},
    {"headers": {"Sec-Fetch-Site": "same-site"}},
    {"headers": {"Sec-Fetch-Site": "none"}},
    {"headers": {}},
]


@pytest.fixture
def app(make_app):
    app = make_app(team=True)
    app.extensions["samphire"].administration.create({"name": "Ann", "password": PASSWORD})
    return app


def enter(client, name="Ann", password=PASSWORD, **options):
    return client.post(SIGN_IN, json={"name": name, "password": password}, **options)


def at(address):
    return {"environ_overrides": {"REMOTE_ADDR": address}}


def test_a_cookie_that_was_put_there_before_is_worth_nothing_after(app):
    """Session fixation: the attacker knows what the browser held, whether it was a sign-in or not."""
    bob = person(app, "Bob")
    known = sign_in(app, bob, bob.account)
    for fixed in ("chosen-by-an-attacker", known):
        client = visitor(app)
        client.set_cookie(COOKIE, fixed)
        assert enter(client).status_code == 200
        assert client.get_cookie(COOKIE).value != fixed
        attacker = visitor(app)
        attacker.set_cookie(COOKIE, fixed)
        assert attacker.get("/api/account").json["account"] is None


def test_each_sign_in_has_a_secret_of_its_own(app):
    secrets = set()
    for _ in range(3):
        client = visitor(app)
        enter(client)
        secrets.add(client.get_cookie(COOKIE).value)
    assert len(secrets) == 3
    assert min(map(len, secrets)) >= 43


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/api/projects", {"name": "x"}),
        ("delete", "/api/projects/default", None),
        ("patch", "/api/account", {"name": "Eve"}),
        ("post", "/api/account/tokens", {"name": "x", "scope": "manage", "days": 1}),
        ("post", "/api/invitations", {"is_admin": True}),
        ("post", "/api/account/sign-out", {}),
    ],
)
def test_another_page_changes_nothing_with_a_browser_s_cookie(app, check_error, strange, method, path, body):
    client = app.test_client()
    sign_in(app, client, app.extensions["samphire"].administration.list()[0].id)
    check_error(getattr(client, method)(path, json=body, **strange), 403, "forbidden")
    assert client.get("/api/account").json["account"]["name"] == "Ann"


def test_another_page_signs_nobody_in_as_somebody_else(app):
    for strange in STRANGE[:5]:
        assert enter(app.test_client(), **strange).status_code == 403
    form = visitor(app).post(SIGN_IN, data='{"name": "Ann", "password": "x"}', content_type="text/plain")
    assert form.status_code == 400


def test_what_is_stored_opens_nothing(app):
    """Whoever reads a copy of the database has hashes only."""
    ann = person(app, "Bob")
    made = ann.post("/api/account/tokens", json={"name": "x", "scope": "read", "days": 1}).json["secret"]
    cookie = ann.get_cookie(COOKIE).value
    link = new_link(app.extensions["samphire"].invitations.reset(OWNER, ann.account).path)
    services = app.extensions["samphire"]
    with services.db.read() as session:
        hashes = [each.secret_hash for each in rows.sign_ins(session, ann.account, now())]
        hashes += [each.secret_hash for each in session.query(ApiToken)]
        hashes += [each.secret_hash for each in session.query(Invitation)]
    assert {hash_of(made), hash_of(cookie), hash_of(link)} == set(hashes)
    for stored in hashes:
        client = visitor(app)
        client.set_cookie(COOKIE, stored)
        assert client.get("/api/projects").status_code == 401
        assert bearing(app, stored).get("/api/projects").status_code == 401
        assert client.post("/api/invitations/open", json={"secret": stored}).status_code == 404
    folder = services.settings.data_path
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (made, cookie, link, PASSWORD):
        assert secret.encode() not in everything


@pytest.mark.parametrize("kind", ["token", "cookie", "machine"])
def test_guesses_near_a_secret_are_nobody_s(app, kind):
    bob = person(app, "Bob")
    secret = {
        "token": lambda: program(app, bob).environ_base["HTTP_AUTHORIZATION"][7:],
        "cookie": lambda: bob.get_cookie(COOKIE).value,
        "machine": lambda: app.extensions["samphire.identity"].machine_secret,
    }[kind]()
    other = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for guess in (
        "",
        "smp_",
        secret[:-1],
        f"{secret}x",
        other,
        secret.swapcase(),
        "\u00e9",
        "'; --",
        "0" * 5000,
    ):
        assert bearing(app, guess).get("/api/projects").status_code == 401, guess
        client = app.test_client()
        client.environ_base["HTTP_COOKIE"] = f"{COOKIE}={guess}"
        assert client.get("/api/projects").status_code == 401, guess
    wrong_place = visitor(app)
    wrong_place.set_cookie(COOKIE, secret if kind != "cookie" else f"smp_{secret}")
    assert wrong_place.get("/api/projects").status_code == 401


def test_a_cookie_of_another_port_is_another_server_s(app):
    client = visitor(app)
    enter(client)
    value = client.get_cookie(COOKIE).value
    other = app.test_client(use_cookies=False)
    for cookies, status in ((f"{COOKIE}={value}", 200), (f"samphire-8765={value}", 401)):
        assert other.get("/api/projects", headers={"Cookie": cookies}).status_code == status
    odd = f'theme={{"dark": true}}; x; \u00e9=1; {COOKIE}={value}; other="'
    assert other.get("/api/projects", headers={"Cookie": odd}).status_code == 200


def test_refusals_of_a_sign_in_are_all_alike(app, check_error):
    """For a name that is nobody's, a wrong password, a disabled account and one without a password."""
    administration = app.extensions["samphire"].administration
    administration.disable(administration.create({"name": "Off", "password": PASSWORD}).id)
    administration.create({"name": "New"})
    refused = [
        check_error(enter(visitor(app), name, password), 401, "unauthorized")
        for name, password in (
            ("Nobody", PASSWORD), ("Ann", "wrong password"), ("Off", PASSWORD), ("New", PASSWORD), ("", ""),
        )
    ]  # fmt: skip
    assert all(each == refused[0] for each in refused)


def test_a_name_that_is_nobody_s_takes_as_long(app, monkeypatch):
    """One hash each, and about the same time of it. Without the hash it would be a hundredth."""
    counted = []
    matches = Passwords._matches
    monkeypatch.setattr(Passwords, "_matches", lambda *words: counted.append(words[1]) or matches(*words))
    enter(visitor(app), "Nobody")  # the first makes what nobodies are compared with
    seconds = {}
    for name in ("Ann", "Nobody") * 4:
        begun = time.perf_counter()
        assert enter(visitor(app), name, "wrong password").status_code == 401
        seconds.setdefault(name, []).append(time.perf_counter() - begun)
    assert len(counted) == 9
    known, unknown = statistics.median(seconds["Ann"]), statistics.median(seconds["Nobody"])
    assert 1 / 3 < known / unknown < 3, seconds


def test_guessing_passwords_ends_soon_for_a_name_that_exists_or_not(app, check_error, monkeypatch):
    monkeypatch.setattr(Passwords, "_matches", lambda self, stored, password: password == PASSWORD.encode())
    for name in ("Ann", "Nobody"):
        for _ in range(10):
            assert enter(visitor(app), name, "wrong password", **at("192.0.2.1")).status_code == 401
        answer = enter(visitor(app), name, **at("192.0.2.1"))
        check_error(answer, 429, "too_many_requests")
        assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert enter(visitor(app), **at("192.0.2.2")).status_code == 200  # nobody else is locked out


def test_guessing_from_everywhere_ends_too(app, monkeypatch):
    monkeypatch.setattr(Passwords, "_matches", lambda *_: False)
    statuses = [enter(visitor(app), "Ann", **at(f"192.0.2.{host}")).status_code for host in range(101)]
    assert statuses == [401] * 100 + [429]


def test_an_address_that_tries_many_names_waits(app, monkeypatch):
    """An IPv6 address counts as its network."""
    monkeypatch.setattr(Passwords, "_matches", lambda *_: False)
    statuses = [enter(visitor(app), f"n{n}", **at(f"2001:db8::{n + 1:x}")).status_code for n in range(61)]
    assert statuses == [401] * 60 + [429]
    opened = [
        visitor(app).post("/api/invitations/open", json={"secret": f"{n}"}, **at("2001:db8::1")).status_code
        for n in range(61)
    ]
    assert opened == [404] * 60 + [429]


def test_who_signed_in_at_an_address_is_not_locked_out_by_others_there(app, monkeypatch):
    monkeypatch.setattr(Passwords, "_matches", lambda self, stored, password: password == PASSWORD.encode())
    app.extensions["samphire"].administration.create({"name": "Eve", "password": PASSWORD})
    here = at("192.0.2.1")
    assert enter(visitor(app), "ann", **here).status_code == 200
    assert {enter(visitor(app), f"n{n}", "wrong password", **here).status_code for n in range(60)} == {401}
    assert enter(visitor(app), "Eve", **here).status_code == 429  # never seen there
    assert enter(visitor(app), **here).status_code == 200
    statuses = [enter(visitor(app), "Ann", "wrong password", **here).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_the_current_password_is_not_guessed_with_a_stolen_browser(app, monkeypatch):
    client = visitor(app)
    enter(client)
    monkeypatch.setattr(Passwords, "_matches", lambda *_: False)
    change = {"current": "wrong password", "new": "staple horse battery"}
    statuses = [client.post("/api/account/password", json=change).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]


def test_no_secret_is_logged(app, caplog):
    caplog.set_level(logging.DEBUG)
    client = visitor(app)
    enter(client)
    enter(client, "Ann", "a wrong password")
    script = program(app, client)
    script.get("/api/projects")
    link = new_link(machine(app).post("/api/invitations", json={"is_admin": False}).json["path"])
    client.post("/api/invitations/open", json={"secret": link})
    token = script.environ_base["HTTP_AUTHORIZATION"][7:]
    for secret in (PASSWORD, "a wrong password", client.get_cookie(COOKIE).value, token, link):
        assert secret not in caplog.text


def test_a_proxy_s_own_password_is_no_token(app):
    """`Authorization: Basic`, which a proxy in between asks for, leaves the cookie to speak."""
    client = visitor(app)
    enter(client)
    assert client.get("/api/projects", headers={"Authorization": "Basic eDp5"}).status_code == 200
