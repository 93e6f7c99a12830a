"""What strangers, other providers and broken ones try with a sign-in: none of it signs anybody in."""

import base64
import hmac
import json
import time

from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from server.features.accounts.oidc import flows
from server.storage.tables import Identity
from tests.web.oidc.provided import (
    KEPT,
    RETURN,
    account,
    come_back,
    enter,
    entered,
    leave,
    place,
    provided,
)
from tests.web.oidc.provider import KEY, SECRET, sign
from tests.web.team import COOKIE, person, sign_in, visitor

OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first"}, auto_kid=False)


def test_an_answer_with_another_state_is_refused(app, idp, refused):
    client = visitor(app)
    back = idp.sign_in(leave(client), "s")
    for wrong in (back.replace("&state=", "&state=x"), back.replace("&state=", "&was="), "", "state=%FF%00"):
        refused(come_back(client, wrong), client)
        back = idp.sign_in(leave(client), "s")
    assert "token" not in [path.rpartition("/")[2] for path, _ in idp.asked]


def test_an_answer_to_another_browser_is_refused(app, idp, refused):
    """Signing somebody in as the attacker, by a link to the attacker's own answer."""
    eve, victim = visitor(app), visitor(app)
    back = idp.sign_in(leave(eve), "eve")
    refused(come_back(victim, back), victim)
    leave(victim)
    refused(come_back(victim, back), victim)
    assert come_back(eve, back).status_code == 303


def test_what_a_browser_kept_cannot_be_written_by_others(app, idp, refused):
    client = visitor(app)
    back = idp.sign_in(leave(client), "s")
    kept = client.get_cookie(KEPT).value
    flow = base64.urlsafe_b64decode(kept.split(".")[0] + "==") if not kept.startswith(".") else b"[]"
    for wrong in ("", "x", kept[:-2] + "AA", kept + "x", base64.urlsafe_b64encode(flow).decode() + ".AA.AA"):
        client.set_cookie(KEPT, wrong)
        refused(come_back(client, back), client)
    client.set_cookie(KEPT, kept)
    assert come_back(client, back).status_code == 303


def test_what_a_browser_kept_is_not_an_older_servers(app, idp, make_app, monkeypatch, tmp_path, check_error):
    client = visitor(app)
    back = idp.sign_in(leave(client), "s")
    other = visitor(provided(make_app, monkeypatch, idp, data=str(tmp_path / "other")))
    other.set_cookie(KEPT, client.get_cookie(KEPT).value)
    check_error(come_back(other, back), 403, "sign_in_refused")


def test_a_sign_in_takes_ten_minutes_at_most(app, idp, refused, monkeypatch):
    client = visitor(app)
    back = idp.sign_in(leave(client), "s")
    monkeypatch.setattr(flows, "SECONDS", -1)
    refused(come_back(client, back), client)


def test_a_code_works_once(app, idp, check_error):
    client = visitor(app)
    back = idp.sign_in(leave(client), "s")
    kept = client.get_cookie(KEPT).value
    assert come_back(client, back).status_code == 303
    check_error(come_back(client, back), 403, "sign_in_refused")
    thief = visitor(app)
    check_error(come_back(thief, back), 403, "sign_in_refused")
    thief.set_cookie(KEPT, kept)  # though the browser's cookie were stolen too
    check_error(come_back(thief, back), 403, "sign_in_refused")
    assert account(thief) is None


def test_a_code_that_was_intercepted_is_useless_without_the_verifier(app, idp, refused):
    """Put into an attacker's own sign-in, with that one's state."""
    victim, eve = visitor(app), visitor(app)
    stolen = dict(pair.split("=", 1) for pair in idp.sign_in(leave(victim), "victim").split("&"))["code"]
    own = dict(pair.split("=", 1) for pair in idp.sign_in(leave(eve), "eve").split("&"))
    refused(come_back(eve, f"code={stolen}&state={own['state']}"), eve)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(claims):
    return f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims)}."


def with_the_public_key(claims):
    """Taken for a secret that both know."""
    signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims)}"
    digest = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def changed(claims):
    head, _, signature = sign(claims).split(".")
    return f"{head}.{part(claims | {'sub': 'ada'})}.{signature}"


SIGNERS = {
    "unsigned": unsigned,
    "by another key of that name": lambda claims: sign(claims, OTHER_KEY),
    "by a key that nobody knows": lambda claims: sign(claims, OTHER_KEY, kid="second"),
    "with the client's secret": lambda claims: sign(claims, OctKey.import_key(SECRET), "HS256"),
    "with the public key": with_the_public_key,
    "for other claims": changed,
    "no token": lambda claims: "a.b.c",
    "empty": lambda claims: "",
    "not text": lambda claims: 7,
    "no claims": lambda claims: jws.serialize_compact({"alg": "RS256", "kid": "first"}, b"[]", KEY),
}


def test_a_token_that_the_provider_did_not_sign_is_refused(app, idp, refused):
    for signer in SIGNERS.values():
        idp.sign = signer
        client = visitor(app)
        refused(come_back(client, idp.sign_in(leave(client), "s")), client)


NOW = int(time.time())


OTHERS_CLAIMS = [
        {"nonce": "another"}, {"nonce": None}, {"nonce": ["another"]},
        {"aud": "another"}, {"aud": ["another"]}, {"aud": []}, {"aud": None}, {"aud": {"samphire": 1}},
        {"aud": ["samphire", "another"]}, {"aud": ["samphire", "another"], "azp": "another"}, {"azp": "another"},
        {"exp": NOW - 120}, {"exp": None}, {"exp": "never"}, {"iat": NOW + 3600}, {"iat": None}, {"nbf": NOW + 3600},
        {"iss": "https://other.example"}, {"iss": None}, {"iss": []},
        {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256},
]  # fmt: skip


def test_a_token_for_something_else_is_refused(app, idp, refused):
    for claims in OTHERS_CLAIMS:
        idp.claims = claims
        client = visitor(app)
        refused(come_back(client, idp.sign_in(leave(client), "s")), client)


def test_a_nonce_among_others_is_none(app, idp, refused):
    """A list that has it is not it."""
    idp.sign = lambda claims: sign(claims | {"nonce": [claims["nonce"], "another"]})
    client = visitor(app)
    refused(come_back(client, idp.sign_in(leave(client), "s")), client)


def test_tokens_for_us_count_in_every_form_that_they_may_have(app, idp):
    """So that the refusals above are not of everything."""
    now = int(time.time())
    several = {"aud": ["samphire", "other"], "azp": "samphire"}
    for number, claims in enumerate(({"aud": ["samphire"]}, several, {"exp": now - 30}, {"iat": now + 30})):
        idp.claims = claims
        assert account(entered(app, idp, f"s{number}")) is not None


def test_an_answer_of_another_issuer_is_refused(app, idp, refused):
    """Mixed up: a code of one provider must never be shown to another."""
    client = visitor(app)
    back, _, _ = idp.sign_in(leave(client), "s").rpartition("&iss=")
    refused(come_back(client, f"{back}&iss=https%3A%2F%2Fother.example"), client)
    back, _, _ = idp.sign_in(leave(client), "s").rpartition("&iss=")
    assert "/team/token" not in [path for path, _ in idp.asked]
    assert come_back(client, back).status_code == 303  # not all say it


def test_who_promises_the_issuer_must_say_it(app, idp, refused):
    idp.described = {"authorization_response_iss_parameter_supported": True}
    client = visitor(app)
    back, _, _ = idp.sign_in(leave(client), "s").rpartition("&iss=")
    refused(come_back(client, back), client)


def test_a_subject_of_another_issuer_is_somebody_else(app, idp):
    with app.extensions["samphire"].db.write() as session:
        session.add(
            Identity(issuer="https://other.example", subject="s", account_id=app.ada.account, name="Ada")
        )
    client = entered(app, idp, "s")
    assert account(client)["id"] != app.ada.account
    assert not account(client)["is_admin"]


ELSEWHERE = [
    "https://evil.example", "//evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "evil", "",
    "javascript:alert(1)", "/a\r\nSet-Cookie: x=y", "/" + "x" * 3000,
]  # fmt: skip


def test_nobody_is_led_to_another_server(app, idp):
    here = {address: address for address in ("/%5Cevil.example", "/%09/evil.example", "/projects/a?b=c#d")}
    for address, expected in (dict.fromkeys(ELSEWHERE, "/") | here).items():
        client = visitor(app)
        answer = client.get("/sign-in/oidc", query_string={"next": address})
        back = come_back(client, idp.sign_in(answer.headers["Location"], "s"))
        assert (back.status_code, place(back)) == (303, expected)
        assert {each.partition("=")[0] for each in back.headers.getlist("Set-Cookie")} == {COOKIE, KEPT}


def test_a_disabled_account_is_refused(app, idp, check_error):
    client = entered(app, idp, "s")
    app.ada.post(f"/api/accounts/{account(client)['id']}/disable")
    assert account(client) is None
    again = visitor(app)
    check_error(come_back(again, idp.sign_in(leave(again), "s")), 403, "sign_in_refused")
    assert account(again) is None


def test_signing_in_replaces_what_the_browser_had(app, idp):
    """A cookie that somebody put there before is worth nothing afterwards."""
    client = visitor(app)
    planted = sign_in(app, client, app.ada.account)
    enter(idp, client, "s", name="Sue")
    assert account(client)["name"] == "Sue"
    assert client.get_cookie(COOKIE).value != planted
    assert app.extensions["samphire"].accounts.of_sign_in(planted) is None


def test_who_signs_in_to_a_browser_meanwhile_is_not_tied(app, idp, check_error):
    """An attacker's identity would sign in to the victim's account for ever."""
    bob = person(app, "Bob")
    address = app.ada.post("/api/account/identities").json["address"]
    kept = app.ada.get_cookie(KEPT).value
    back = idp.sign_in(address, "eve")
    for client in (bob, visitor(app)):
        client.set_cookie(KEPT, kept)
        check_error(come_back(client, back), 403, "sign_in_refused" if client is bob else "forbidden")
        back = idp.sign_in(address, "eve")
    assert bob.get("/api/account/identities").json["identities"] == []
    assert app.ada.get("/api/account/identities").json["identities"] == []


def test_other_pages_tie_nothing(app, check_error):
    app.ada.environ_base["HTTP_ORIGIN"] = "https://evil.example"
    check_error(app.ada.post("/api/account/identities"), 403, "forbidden")


def test_what_the_provider_refuses_is_told_in_our_words(app, idp, caplog):
    client = visitor(app)
    state = idp.sign_in(leave(client), "s").partition("&state=")[2].partition("&")[0]
    query = f"state={state}&error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E"
    answer = client.get(f"{RETURN}?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert "did not let you in" in answer.text
    assert "alert" not in answer.text
    assert account(client) is None


def test_many_failures_make_an_address_wait(app, idp):
    client = visitor(app)
    for _ in range(60):
        assert come_back(client, "state=x&code=x").status_code == 403
    back = idp.sign_in(leave(client), "s")
    refused = come_back(client, back)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 60
