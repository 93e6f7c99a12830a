"""People of a team's server, each with a browser that is signed in; without the time that passwords take."""

from flask import Flask
from flask.testing import FlaskClient

from server.storage.rows import accounts as rows

COOKIE = "samphire-80"  # of http://localhost
PASSWORD = "correct horse battery"


def visitor(app: Flask) -> FlaskClient:
    """A browser that is not signed in; it says which page asks, as browsers do."""
    client = app.test_client()
    client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    return client


def person(app: Flask, name: str, *, is_admin: bool = False) -> FlaskClient:
    """A new account's browser; `.account` is its id. The first of a server is an administrator's, as ever."""
    services = app.extensions["samphire"]
    made = services.administration.create({"name": name, "is_admin": is_admin})
    client = visitor(app)
    sign_in(app, client, made.id)
    client.account = made.id
    return client


def sign_in(app: Flask, client: FlaskClient, account_id: str) -> str:
    """Puts a new cookie into a browser; what it holds."""
    services = app.extensions["samphire"]
    with services.db.write() as session:
        signed = services.accounts.begin(session, rows.find(session, account_id), "a test")
    client.set_cookie(COOKIE, signed.secret)
    return signed.secret


def program(app: Flask, client: FlaskClient, scope: str = "manage") -> FlaskClient:
    """A program with a token of the person whose browser this is."""
    made = client.post("/api/account/tokens", json={"name": "a test", "scope": scope, "days": 1})
    assert made.status_code == 201, made.json
    return bearing(app, made.json["secret"])


def machine(app: Flask) -> FlaskClient:
    """This machine's own commands, which act as its owner."""
    return bearing(app, app.extensions["samphire.identity"].machine_secret)


def bearing(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def new_link(path: str) -> str:
    """The secret in a link's path."""
    page, _, secret = path.partition("#")
    assert page == "/join"
    assert len(secret) >= 43  # 256 bits
    return secret
