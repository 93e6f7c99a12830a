"""A sign-in provider that is broken, is not there, changes its keys, or names addresses that it should not."""

import sys

import pytest
from joserfc.jwk import ECKey

from server.config import Settings
from server.errors import InvalidSetting, ProviderUnavailable
from server.features.accounts.oidc.fetching import Fetcher
from server.features.accounts.oidc.opening import SECRET_VARIABLE, open_identities
from tests.web.oidc.provided import account, come_back, enter, entered, leave
from tests.web.oidc.provider import sign
from tests.web.team import visitor

ELLIPTIC = ECKey.generate_key("P-256", {"kid": "elliptic", "use": "sig"}, auto_kid=False)


BROKEN = {
    "fails": (500, {}, {}),
    "is another's": (200, {}, {"issuer": "https://other.example"}),
    "is a list": (200, {}, []),
    "is no JSON": (200, {}, b"<html>"),
    "has no end": (200, {}, b'"' + b"x" * 1_100_000),
    "is elsewhere": (302, {"Location": "/team/keys"}, {}),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_description_that_cannot_be_had_is_told(app, idp, refused, how):
    idp.answers["/team/.well-known/openid-configuration"] = BROKEN[how]
    client = visitor(app)
    refused(client.get("/sign-in/oidc"), client, 503, "provider_unavailable")
    assert len(idp.asked) == 1  # a redirect is not followed
    idp.answers.clear()
    assert leave(client).startswith(idp.issuer)


ON_THE_WAY = [
    ("token", (500, {}, {}), 503), ("token", (302, {"Location": "/team/keys"}, {}), 503), ("token", (200, {}, {}), 403),
    ("token", (400, {}, {"error": "invalid_grant"}), 403), ("keys", (404, {}, {}), 503), ("keys", (200, {}, {}), 503),
    ("keys", (200, {}, {"keys": []}), 503), ("keys", (200, {}, {"keys": [{"kty": "RSA"}]}), 503),
    ("keys", (200, {}, {"keys": [7]}), 503), ("keys", (200, {}, {"keys": 7}), 503),
]  # fmt: skip


def test_a_provider_that_breaks_on_the_way_signs_nobody_in(app, idp, refused):
    for path, answer, status in ON_THE_WAY:
        idp.answers = {f"/team/{path}": answer}
        client = visitor(app)
        code = "provider_unavailable" if status == 503 else "sign_in_refused"
        refused(come_back(client, idp.sign_in(leave(client), "s")), client, status, code)


OPEN = [
    "http://192.0.2.1/x", "file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/x", "//127.0.0.1", 7, None,
    "http://user@127.0.0.1/", "http://127.0.0.1 .evil.example/", "http://[::1/", "http://127.0.0.1:x/",
]  # fmt: skip


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_addresses_that_others_can_listen_to_are_not_asked(app, idp, refused, name):
    for address in OPEN:
        client = visitor(app)
        app.extensions["samphire"].identities._provider._known = None
        idp.described = {}
        back = idp.sign_in(leave(client), "s")
        app.extensions["samphire"].identities._provider._known = None
        idp.described = {name: address}
        answer = client.get("/sign-in/oidc") if name.startswith("auth") else come_back(client, back)
        refused(answer, client, 503, "provider_unavailable")


def test_new_keys_are_asked_for_when_a_token_names_one(app, idp, monkeypatch):
    entered(app, idp, "a")
    idp.keys, idp.sign = [ELLIPTIC], lambda claims: sign(claims, ELLIPTIC, "ES256", "elliptic")
    client = visitor(app)
    assert enter(idp, client, "b").status_code == 403  # asked for a moment ago
    monkeypatch.setattr("server.features.accounts.oidc.tokens._AGAIN_SECONDS", 0)
    assert account(entered(app, idp, "b")) is not None
    assert account(entered(app, idp, "c")) is not None
    assert [path for path, _ in idp.asked].count("/team/keys") == 2


def test_a_provider_elsewhere_names_no_address_of_this_machine():
    fetcher = Fetcher(on_this_machine=False)
    for address in ("http://127.0.0.1/x", "http://localhost/x"):
        with pytest.raises(ProviderUnavailable):
            fetcher.check(address)
        assert Fetcher(on_this_machine=True).check(address) == address
    assert fetcher.check("https://login.example/x") == "https://login.example/x"


def test_a_provider_that_is_not_there_is_told(app, idp, refused, monkeypatch):
    fetcher = app.extensions["samphire"].identities._provider._fetcher
    monkeypatch.setattr(fetcher._opener, "open", lambda *_, **__: (_ for _ in ()).throw(TimeoutError("late")))
    client = visitor(app)
    refused(client.get("/sign-in/oidc"), client, 503, "provider_unavailable")


@pytest.mark.parametrize(
    "address",
    ["login.example", "http://login.example", "https://", "https://a@login.example", "https://login.example/?x=1",
     "https://login.example/#x", "https://login.example:port", "ftp://127.0.0.1", "https://login.example /x"],
)  # fmt: skip
def test_an_issuer_is_an_address_that_nobody_listens_to(address):
    with pytest.raises(InvalidSetting, match="--oidc-issuer must be an address"):
        Settings(oidc_issuer=address)


def opened(environ=None, **settings):
    known = {"team": True, "oidc_issuer": "https://login.example", "oidc_client_id": "samphire"}
    return open_identities(Settings(**(known | settings)), None, None, environ=environ or {})


def test_settings_that_lack_something_are_told(tmp_path):
    with pytest.raises(InvalidSetting, match="--oidc-issuer needs --oidc-client-id"):
        opened(oidc_client_id="")
    with pytest.raises(InvalidSetting, match="--oidc-secret-file cannot be read: No such file"):
        opened(oidc_secret_file=str(tmp_path / "none"))
    with pytest.raises(InvalidSetting, match="--oidc-accounts must be one of invited, anybody, not 'all'"):
        Settings(oidc_accounts="all")
    assert opened(oidc_issuer="") is None
    assert opened(team=False) is None


def test_the_clients_secret_is_in_the_environment_or_a_file(tmp_path):
    (tmp_path / "secret").write_text("of a file\n")
    file = str(tmp_path / "secret")
    for environ, settings, expected in (
        ({SECRET_VARIABLE: "of the environment"}, {}, "of the environment"),
        ({SECRET_VARIABLE: "of the environment"}, {"oidc_secret_file": file}, "of a file"),
        ({}, {}, ""),
    ):
        assert opened(environ, **settings)._provider._client_secret == expected


def test_a_package_that_is_not_there_is_told(monkeypatch):
    for name in ("provider", "tokens", "service"):
        monkeypatch.delitem(sys.modules, f"server.features.accounts.oidc.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "joserfc", None)
    with pytest.raises(InvalidSetting, match="needs the package joserfc") as told:
        opened()
    assert "samphire[oidc]" in told.value.hint
