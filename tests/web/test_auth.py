"""Who may talk to the server: Host, Origin and token, on loopback and elsewhere."""

import pytest

from server.config import Settings
from server.errors import Forbidden, Unauthorized
from server.web.auth import _cookie_value, check_request, refusal

LOCAL = Settings()
REMOTE = Settings(host="0.0.0.0", token="secret", allowed_hosts="photos.example, other.example")


def environ(host="localhost:8765", **headers):
    return {"REQUEST_METHOD": "GET", "HTTP_HOST": host, **headers}


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8765",
        "127.0.0.1:8765",
        "[::1]:8765",
        "LOCALHOST",
        "127.0.0.1",
        "localhost.:8765",
        "127.8.8.8",
    ],
)
def test_loopback_names_are_answered(host):
    check_request(environ(host), LOCAL)


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.evil.example",
    "192.168.1.5:8765",
     "localhost@evil.example", "localhost:x", "localhost/evil", "[::1", "localhost evil", "0x7f.1",
     "\u0131ocalhost", "localhost#", "localhost?x", "photos.example"],
)  # fmt: skip
def test_foreign_host_names_are_refused(host):
    """A name that was made to point at this machine is still a foreign name."""
    with pytest.raises(Forbidden):
        check_request(environ(host), LOCAL)


def test_named_hosts_are_answered():
    check_request(environ("photos.example"), Settings(allowed_hosts="photos.example"))


@pytest.mark.parametrize(
    "host", ["192.168.1.5:8765", "[fe80::1]:80", "photos.example", "OTHER.example:443", "localhost"]
)
def test_elsewhere_addresses_and_named_hosts_need_the_token(host):
    with pytest.raises(Unauthorized):
        check_request(environ(host), REMOTE)
    check_request(environ(host, HTTP_AUTHORIZATION="Bearer secret"), REMOTE)
    check_request(environ(host, HTTP_AUTHORIZATION="bearer  secret"), REMOTE)
    check_request(environ(host, QUERY_STRING="token=secret"), REMOTE)


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_AUTHORIZATION": "Bearer wrong"}, {"HTTP_AUTHORIZATION": "Basic secret"}, {"HTTP_AUTHORIZATION":
    "Bearer"},
     {"QUERY_STRING": "token="}, {"QUERY_STRING": "token=\u00e9"}, {"HTTP_COOKIE": "samphire-8765=secret"},
     {"HTTP_COOKIE": "samphire-8765"}, {"HTTP_COOKIE": ";;=\x00"}, {}],
)  # fmt: skip
def test_wrong_tokens(headers):
    with pytest.raises(Unauthorized):
        check_request(environ("192.168.1.5:8765", **headers), REMOTE)


def test_a_cookie_counts_whatever_other_programs_on_this_host_have_set():
    value = _cookie_value("secret")
    odd = f'theme={{"dark": true}}; x; \xe9=1; samphire-8765={value}; other="'
    check_request(environ("192.168.1.5:8765", HTTP_COOKIE=odd), REMOTE)
    with pytest.raises(Unauthorized):
        check_request(environ("192.168.1.5:8765", HTTP_COOKIE=f"samphire-80={value}"), REMOTE)


def test_even_with_the_token_foreign_names_are_refused():
    with pytest.raises(Forbidden):
        check_request(environ("evil.example", HTTP_AUTHORIZATION="Bearer secret"), REMOTE)


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost:3000",
        "https://localhost",
        "null",
        "",
        "http://localhost:8765.evil",
    ],
)
def test_other_pages_are_refused(origin):
    for method in ("GET", "POST"):
        with pytest.raises(Forbidden):
            check_request(environ(HTTP_ORIGIN=origin, REQUEST_METHOD=method), LOCAL)


def test_own_pages_are_answered():
    check_request(environ(HTTP_ORIGIN="http://localhost:8765", REQUEST_METHOD="POST"), LOCAL)
    check_request(environ("[::1]:8765", HTTP_ORIGIN="http://[::1]:8765", REQUEST_METHOD="POST"), LOCAL)


def test_unsafe_requests_from_other_sites_are_refused_even_without_an_origin():
    with pytest.raises(Forbidden):
        check_request(environ(HTTP_SEC_FETCH_SITE="cross-site", REQUEST_METHOD="DELETE"), LOCAL)
    check_request(environ(HTTP_SEC_FETCH_SITE="cross-site"), LOCAL)
    check_request(environ(HTTP_SEC_FETCH_SITE="same-origin", REQUEST_METHOD="DELETE"), LOCAL)


def test_the_socket_asks_the_same():
    assert refusal(environ(), LOCAL) is None
    assert isinstance(refusal(environ("evil.example"), LOCAL), Forbidden)
    assert isinstance(refusal(environ("192.168.1.5"), REMOTE), Unauthorized)


def test_the_application_guards_every_route(app, check_error):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        path = str(rule).replace("<", "").replace(">", "")
        answer = client.open(
            path, method="GET", headers={"Host": "evil.example", "Accept": "application/json"}
        )
        if path != "/healthz":
            check_error(answer, 403, "forbidden")
    answer = client.get("/socket.io/?EIO=4&transport=polling", headers={"Host": "evil.example"})
    check_error(answer, 403, "forbidden")
    assert client.get("/socket.io/?EIO=4&transport=polling").status_code == 200


def test_the_token_moves_from_the_url_into_a_cookie(make_app, check_error):
    client = make_app(host="0.0.0.0", token="secret").test_client()
    at = {"base_url": "http://192.168.1.5:8765"}
    error = check_error(client.get("/api/images", **at), 401, "unauthorized")
    assert "token" in error["message"]
    answer = client.get("/?token=secret&view=grid", **at)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/?view=grid"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "secret" not in cookie
    assert client.get("/api/images", **at).status_code == 200
    assert client.get("/socket.io/?EIO=4&transport=polling", **at).status_code == 200
    assert client.get("/api/images", base_url="http://192.168.1.5:9999").status_code == 401


def test_a_wrong_token_sets_no_cookie(make_app, check_error):
    client = make_app(host="0.0.0.0", token="secret").test_client()
    answer = client.get("/?token=guess", base_url="http://192.168.1.5:8765")
    check_error(answer, 401, "unauthorized")
    assert "Set-Cookie" not in answer.headers
    answer = client.get("/?token=secret", base_url="http://evil.example")
    check_error(answer, 403, "forbidden")
    assert "Set-Cookie" not in answer.headers


def test_a_token_is_made_when_none_was_given(make_app):
    app = make_app(host="0.0.0.0")
    token = app.extensions["samphire"].token
    assert len(token) >= 32
    answer = app.test_client().get("/api/images", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_health_asks_for_nothing(make_app):
    client = make_app(host="0.0.0.0").test_client()
    answer = client.get("/healthz", base_url="http://192.168.1.5")
    assert (answer.status_code, answer.json) == (200, {"ok": True})


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/%5Cevil.example/", "/%0d%0aSet-Cookie:x", "/\u00e9", "/%2f/evil.example"]
)
def test_the_way_to_the_clean_url_stays_here(make_app, path):
    client = make_app(host="0.0.0.0", token="secret").test_client()
    location = client.get(f"{path}?token=secret", base_url="http://192.168.1.5:8765").headers["Location"]
    assert location.startswith("/")
    assert location[1:2] not in ("/", "\\")
    assert "\r" not in location
