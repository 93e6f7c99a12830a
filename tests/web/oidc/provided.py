"""A team's server with a sign-in provider, and browsers that go there and come back."""

from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.features.accounts.oidc.opening import SECRET_VARIABLE
from tests.web.oidc.provider import CLIENT, SECRET, Provider
from tests.web.team import COOKIE, visitor

ENTER, RETURN = "/sign-in/oidc", "/sign-in/oidc/return"
KEPT = "samphire-80-oidc"  # the cookie of who is at the provider


def provided(make_app, monkeypatch, provider: Provider, **settings) -> Flask:
    """With `--oidc-accounts anybody`, unless told otherwise."""
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    known = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_accounts": "anybody"}
    return make_app(team=True, **(known | settings))


def leave(client: FlaskClient, query: str = "") -> str:
    """A browser goes to the provider; the address there."""
    answer = client.get(f"{ENTER}{query}")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def enter(provider: Provider, client: FlaskClient, subject: str, query: str = "", **claims) -> TestResponse:
    """Somebody signs in at the provider, and comes back."""
    back = provider.sign_in(leave(client, query), subject, **claims)
    return client.get(f"{RETURN}?{back}", headers={"Accept": "text/html"})


def entered(app: Flask, provider: Provider, subject: str, **claims) -> FlaskClient:
    """A new browser of somebody who signed in so."""
    client = visitor(app)
    answer = enter(provider, client, subject, **claims)
    assert answer.status_code == 303, answer.text
    return client


def account(client: FlaskClient):
    return client.get("/api/account").json["account"]


def follow_with_provider(provider: Provider, client: FlaskClient, secret: str, subject: str, **claims):
    """A link, by signing in with the provider."""
    answer = client.post("/api/invitations/provider", json={"secret": secret})
    assert answer.status_code == 200, answer.json
    back = provider.sign_in(answer.json["address"], subject, **claims)
    return client.get(f"{RETURN}?{back}")


def place(answer: TestResponse) -> str:
    """Where a browser goes next; fails where that is another server."""
    parts = urlsplit(answer.headers["Location"])
    assert not parts.netloc
    assert not parts.scheme
    return answer.headers["Location"]


def come_back(client: FlaskClient, query: str) -> TestResponse:
    return client.get(f"{RETURN}?{query}")


def refusing(app: Flask, check_error):
    """What checks that an answer signs nobody in, and leaves no account but Ada's."""

    def check(answer, client, status=403, code="sign_in_refused"):
        check_error(answer, status, code)
        assert account(client) is None
        assert client.get_cookie(COOKIE) is None
        assert [each.name for each in app.extensions["samphire"].administration.list()] == ["Ada"]

    return check
