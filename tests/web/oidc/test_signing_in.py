"""Signing in with an OpenID Connect provider: accounts, links, names, and one's identities."""

import json
import sqlite3

import pytest

from server.domain.policy import MACHINE
from server.features.accounts.oidc.opening import SECRET_VARIABLE
from server.storage.rows import members
from tests.web.oidc.provided import (
    KEPT,
    account,
    enter,
    entered,
    follow_with_provider,
    leave,
    place,
    provided,
)
from tests.web.oidc.provider import SECRET
from tests.web.team import new_link, person, program, visitor
from tests.web.test_openapi import SCHEMAS, check

IDENTITIES = "/api/account/identities"


def link_to(client, idp, subject, **claims):
    answer = client.post(IDENTITIES)
    assert answer.status_code == 200, answer.json
    check(SCHEMAS["ProviderAddress"], answer.json, "")
    return client.get(f"/sign-in/oidc/return?{idp.sign_in(answer.json['address'], subject, **claims)}")


def test_a_page_is_told_of_the_provider(app, make_app, tmp_path):
    offered = visitor(app).get("/api/account").json["oidc"]
    assert offered == {"name": "127.0.0.1", "path": "/sign-in/oidc"}
    without = make_app(team=True, data=str(tmp_path / "other")).test_client()
    assert without.get("/api/account").json["oidc"] is None


@pytest.mark.parametrize("address", ["/sign-in/oidc", "/sign-in/oidc/return"])
def test_without_a_provider_there_is_no_such_page(make_app, tmp_path, check_error, address):
    check_error(make_app(team=True).test_client().get(address), 404, "not_found")
    alone = make_app(data=str(tmp_path / "alone"), oidc_issuer="https://login.example", oidc_client_id="x")
    check_error(alone.test_client().get(address), 404, "no_accounts")


def test_another_process_of_the_server_knows_who_comes_back(app, make_app, monkeypatch, idp):
    """Whatever Redis has lost."""
    leaving, back_at = visitor(app), visitor(provided(make_app, monkeypatch, idp))
    back = idp.sign_in(leave(leaving), "s")
    back_at.set_cookie(KEPT, leaving.get_cookie(KEPT).value)
    assert back_at.get(f"/sign-in/oidc/return?{back}", headers={"Accept": "text/html"}).status_code == 303
    assert account(back_at) is not None


def test_anybody_gets_an_account_and_it_stays_theirs(app, idp):
    client = visitor(app)
    answer = enter(idp, client, "s-1", "?next=/projects/x%3Fq%3D1", name="Ann Lee", email="ann@team.example")
    assert (answer.status_code, place(answer)) == (303, "/projects/x?q=1")
    assert answer.headers["Cache-Control"] == "no-store"
    made = account(client)
    assert (made["name"], made["is_admin"]) == ("Ann Lee", False)
    assert client.get("/api/projects").json["projects"] == []
    again = entered(app, idp, "s-1", name="Ann Married")
    assert account(again) == made
    assert account(entered(app, idp, "s-2", name="Bob"))["id"] != made["id"]
    listed = app.ada.get("/api/accounts").json["accounts"]
    assert [(each["name"], each["has_password"]) for each in listed] == [
        ("Ada", False), ("Ann Lee", False), ("Bob", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "ADA"}, "ADA 2"),
        ({"preferred_username": "lee@team.example"}, "lee"),
        ({"name": " ", "nickname": "Lee"}, "Lee"),
        ({"email": "ann@team.example"}, "ann"),
        ({"name": 7, "email": ["x"]}, "Someone"),
        ({"name": "A\u202eB\n<b>"}, "A B <b>"),
        ({"name": "x" * 500}, "x" * 64),
        ({}, "Someone"),
    ],
)
def test_a_name_is_the_providers_made_fit(app, idp, claims, name):
    assert account(entered(app, idp, "s", **claims))["name"] == name


def test_a_name_that_is_taken_gets_a_number(app, idp):
    named = [account(entered(app, idp, f"s{number}", name="x" * 64))["name"] for number in range(3)]
    assert named == ["x" * 64, "x" * 62 + " 2", "x" * 62 + " 3"]


def test_an_address_or_a_name_is_nobodys_proof(app, idp):
    """Mails and names are what somebody wrote: the same ones do not lead to the same account."""
    bob = person(app, "bob@team.example")
    client = entered(app, idp, "eve", email="bob@team.example", email_verified=True, name="bob@team.example")
    assert account(client)["id"] != bob.account
    other = entered(app, idp, "eve-2", email="bob@team.example", email_verified=True)
    assert account(other)["id"] not in (bob.account, account(client)["id"])


def test_by_default_only_the_invited_get_an_account(make_app, monkeypatch, idp, check_error):
    app = provided(make_app, monkeypatch, idp, oidc_accounts="invited")
    ada, client = person(app, "Ada"), visitor(app)
    refused = enter(idp, client, "s-1", name="Ann")
    assert refused.status_code == 403
    assert "You have no account here yet" in refused.text
    assert account(client) is None
    secret = new_link(ada.post("/api/invitations", json={"is_admin": True}).json["path"])
    assert place(follow_with_provider(idp, client, secret, "s-1", name="Ann")) == "/"
    assert account(client)["is_admin"]
    check_error(
        visitor(app).post("/api/invitations/open", json={"secret": secret}), 404, "invitation_not_found"
    )
    assert account(entered(app, idp, "s-1")) == account(client)


def test_a_link_into_a_project_works_for_new_and_old_accounts(app, idp):
    services = app.extensions["samphire"]

    def role(client):
        with services.db.read() as session:
            member = members.find(session, "default", account(client)["id"])
        return None if member is None else member.role

    old, new = entered(app, idp, "old"), visitor(app)
    for client, subject, wanted in (
        (old, "old", "viewer"),
        (new, "new", "annotator"),
        (old, "old", "manager"),
    ):
        made = services.invitations.create(MACHINE, project_id="default", role=wanted)
        assert follow_with_provider(idp, client, new_link(made.path), subject).status_code == 303
        assert role(client) == wanted
    assert services.open_links.list() == []


def test_a_link_that_somebody_needs_not_stays_for_another(app, idp, check_error):
    entered(app, idp, "s-1")
    secret = new_link(app.ada.post("/api/invitations", json={"is_admin": True}).json["path"])
    client = visitor(app)
    check_error(follow_with_provider(idp, client, secret, "s-1"), 409, "conflict")
    assert account(client) is None
    assert follow_with_provider(idp, client, secret, "s-2").status_code == 303


def test_the_links_of_passwords_and_used_links_lead_to_no_provider(app, idp, check_error):
    bob, client = person(app, "Bob"), visitor(app)
    reset = new_link(app.ada.post(f"/api/accounts/{bob.account}/reset").json["path"])
    check_error(client.post("/api/invitations/provider", json={"secret": reset}), 409, "conflict")
    check_error(client.post("/api/invitations/provider", json={"secret": "x"}), 404, "invitation_not_found")
    secret = new_link(app.ada.post("/api/invitations", json={"is_admin": False}).json["path"])
    answer = client.post("/api/invitations/provider", json={"secret": secret})
    back = idp.sign_in(answer.json["address"], "s")
    assert follow_with_provider(idp, visitor(app), secret, "faster").status_code == 303
    check_error(client.get(f"/sign-in/oidc/return?{back}"), 404, "invitation_not_found")


def test_the_first_account_is_whose_link_the_server_printed(make_app, monkeypatch, idp):
    """Not of anybody who comes first: it is an administrator's."""
    app = provided(make_app, monkeypatch, idp)
    client = visitor(app)
    assert enter(idp, client, "eve").status_code == 403
    assert not app.extensions["samphire"].accounts.exist()
    secret = new_link(app.extensions["samphire"].invitations.first())
    assert follow_with_provider(idp, client, secret, "ann", name="Ann").status_code == 303
    assert account(client)["is_admin"]
    assert not account(entered(app, idp, "eve"))["is_admin"]


def test_an_account_is_tied_to_identities_and_let_go(app, idp, check_error):
    bob = person(app, "Bob")
    assert place(link_to(bob, idp, "b-1", preferred_username="bob")) == "/account"
    assert account(entered(app, idp, "b-1"))["id"] == bob.account
    listed = bob.get(IDENTITIES).json
    check(SCHEMAS["IdentityList"], listed, "")
    [identity] = listed["identities"]
    assert (identity["issuer"], identity["name"], bool(identity["used_at"])) == (idp.issuer, "bob", True)
    assert "b-1" not in json.dumps(listed)
    assert link_to(bob, idp, "b-1").status_code == 303  # already so
    check_error(link_to(app.ada, idp, "b-1"), 409, "conflict")
    check_error(app.ada.delete(f"{IDENTITIES}/{identity['id']}"), 404, "not_found")
    check_error(bob.delete(f"{IDENTITIES}/{identity['id']}"), 409, "conflict")  # Bob has no password
    assert link_to(bob, idp, "b-2").status_code == 303
    assert bob.delete(f"{IDENTITIES}/{identity['id']}").status_code == 204
    assert account(entered(app, idp, "b-1"))["id"] != bob.account
    assert account(entered(app, idp, "b-2"))["id"] == bob.account


def test_an_account_has_a_bounded_number_of_identities(app, idp, check_error):
    for number in range(10):
        assert link_to(app.ada, idp, f"a-{number}").status_code == 303
    check_error(link_to(app.ada, idp, "one-more"), 409, "conflict")


def test_a_program_ties_nothing(app, idp, check_error):
    token = program(app, app.ada)
    for answer in (token.post(IDENTITIES), token.get(IDENTITIES), token.delete(f"{IDENTITIES}/x")):
        check_error(answer, 403, "forbidden")


@pytest.mark.sqlite
def test_nothing_that_the_provider_gives_or_shares_is_kept(app, idp, caplog):
    with caplog.at_level("DEBUG"):
        entered(app, idp, "s-1", name="Ann")
    services = app.extensions["samphire"]
    connection = sqlite3.connect(services.settings.data_path / "samphire.db")
    kept = "\n".join(connection.iterdump()) + caplog.text + repr(services.settings)
    connection.close()
    assert "s-1" in kept
    for secret in (*idp.tokens, "an access token", SECRET):
        assert secret not in kept


def test_the_providers_description_and_keys_are_asked_for_once(app, idp):
    for subject in ("a", "b"):
        entered(app, idp, subject)
    asked = [path.rpartition("/")[2] for path, _ in idp.asked]
    assert asked == ["openid-configuration", "token", "keys", "token"]


def test_behind_a_proxy_people_come_back_to_the_address_they_use(make_app, monkeypatch, idp):
    app = provided(
        make_app, monkeypatch, idp, trusted_proxies="127.0.0.1", allowed_hosts="label.example", base_path="/s"
    )
    client = app.test_client()
    forwarded = {"Host": "label.example", "X-Forwarded-Proto": "https"}
    answer = client.get("/s/sign-in/oidc?next=/x", headers=forwarded)
    assert (
        "redirect_uri=https%3A%2F%2Flabel.example%2Fs%2Fsign-in%2Foidc%2Freturn&"
        in answer.headers["Location"]
    )
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith("__Secure-samphire-443-oidc=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/s/", "Max-Age=600"} <= set(kept.split("; "))


def test_a_client_without_a_secret_sends_none(make_app, monkeypatch, idp, tmp_path):
    app = provided(make_app, monkeypatch, idp)
    app.ada = person(app, "Ada")
    monkeypatch.delenv(SECRET_VARIABLE)
    public = provided_without_secret(make_app, idp, tmp_path)
    client = visitor(public)
    idp.answers["/team/token"] = (400, {}, {})
    enter(idp, client, "s")
    path, form = idp.asked[-1]
    assert path == "/team/token"
    assert form["client_id"] == "samphire"
    assert "client_secret" not in form


def provided_without_secret(make_app, idp, tmp_path):
    return make_app(
        team=True, data=str(tmp_path / "public"), oidc_issuer=idp.issuer, oidc_client_id="samphire"
    )


def test_a_secret_in_the_form_where_the_provider_wants_it_there(app, idp):
    idp.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    enter(idp, visitor(app), "s")
    _, form = idp.asked[-1]
    assert form["client_secret"] == SECRET


def test_the_cookie_of_who_is_away_is_for_one_attempt(app, idp):
    client = visitor(app)
    leave(client)
    assert client.get_cookie(KEPT) is not None
    enter(idp, client, "s")
    assert client.get_cookie(KEPT) is None
