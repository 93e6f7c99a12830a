"""Which requests are answered: Host, Origin and where they come from, on loopback and elsewhere."""

from urllib.parse import parse_qs, urlsplit

import pytest

from server.config import Settings
from server.errors import Forbidden, Unauthorized
from server.web.auth import OPEN_PATHS, check_request, refusal
from server.web.errors import _answer
from tests.web.team import visitor

LOCAL = Settings()
REMOTE = Settings(host="0.0.0.0", allowed_hosts="photos.example, other.example")
PROXIED = Settings(trusted_proxies="127.0.0.1")
COOKIE = {"HTTP_COOKIE": "samphire-8765=secret"}


def environ(host="localhost:8765", peer="127.0.0.1", **headers):
    return {"REQUEST_METHOD": "GET", "REMOTE_ADDR": peer, "HTTP_HOST": host, **headers}


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
    check_request(environ("photos.example"), Settings(allowed_hosts="photos.example", team=True))


@pytest.mark.parametrize(
    "host", ["192.168.1.5:8765", "[fe80::1]:80", "photos.example", "OTHER.example:443", "localhost"]
)
def test_a_team_s_server_answers_at_its_addresses_and_named_hosts(host):
    """Who asks is another question."""
    check_request(environ(host, peer="192.168.1.7"), REMOTE)
    with pytest.raises(Forbidden):
        check_request(environ("evil.example", HTTP_AUTHORIZATION="Bearer secret"), REMOTE)


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST"])
def test_without_accounts_whoever_sits_at_the_machine_is_answered(peer, host):
    check_request(environ(host, peer), LOCAL)


@pytest.mark.parametrize(
    "told",
    [
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_FOR": ""},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_SERVER": "a"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_CF_CONNECTING_IP": "127.0.0.1"},
        {"host": "photos.example"},
        *(
            {"peer": peer}
            for peer in ("192.168.1.7", "203.0.113.9", "::ffff:203.0.113.9", "fe80::1%eth0", "")
        ),
    ],
)
def test_without_accounts_nothing_is_answered_that_was_passed_on(told):
    with pytest.raises(Forbidden) as refused:
        check_request(environ(**told), Settings(allowed_hosts="photos.example"))
    assert "--team" in refused.value.hint
    check_request(environ(**told), Settings(allowed_hosts="photos.example", team=True))


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


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_unsafe_requests_from_other_sites_are_refused_even_without_an_origin(site):
    with pytest.raises(Forbidden):
        check_request(environ(HTTP_SEC_FETCH_SITE=site, REQUEST_METHOD="DELETE"), LOCAL)
    check_request(environ(HTTP_SEC_FETCH_SITE=site), LOCAL)
    check_request(environ(HTTP_SEC_FETCH_SITE="same-origin", REQUEST_METHOD="DELETE"), LOCAL)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "silent", [{}, {"HTTP_SEC_FETCH_SITE": "none"}, {"HTTP_AUTHORIZATION": "Basic eDp5"}]
)
def test_a_change_with_a_cookie_says_which_page_asks_for_it(method, silent):
    asked = environ(REQUEST_METHOD=method, **COOKIE, **silent)
    with pytest.raises(Forbidden, match="both Origin and Sec-Fetch-Site are missing"):
        check_request(asked, REMOTE)
    check_request(asked | {"HTTP_ORIGIN": "http://localhost:8765"}, REMOTE)
    check_request(asked | {"HTTP_SEC_FETCH_SITE": "same-origin"}, REMOTE)
    check_request(asked | {"REQUEST_METHOD": "GET"}, REMOTE)


def test_a_change_with_a_token_or_nothing_need_not_say_it():
    """Another page cannot have a browser send either; a cookie beside a token does not count."""
    check_request(environ(REQUEST_METHOD="POST", HTTP_AUTHORIZATION="Bearer secret", **COOKIE), REMOTE)
    check_request(environ(REQUEST_METHOD="POST"), REMOTE)
    check_request(environ(REQUEST_METHOD="POST", HTTP_COOKIE="samphire-80=of another server"), REMOTE)
    foreign = environ(REQUEST_METHOD="POST", HTTP_AUTHORIZATION="Bearer x", HTTP_ORIGIN="http://evil.example")
    with pytest.raises(Forbidden):
        check_request(foreign, REMOTE)


def test_the_socket_asks_the_same(make_app, check_error):
    assert refusal(environ(), LOCAL) is None
    assert isinstance(refusal(environ("evil.example"), LOCAL), Forbidden)
    handshake = "/socket.io/?EIO=4&transport=polling"
    client = visitor(make_app(team=True))
    check_error(client.get(handshake), 401, "unauthorized")
    wrong = {"Authorization": "Bearer smp_guess"}
    check_error(client.get(handshake, headers=wrong), 401, "unauthorized")


def test_the_application_guards_every_route(app, check_error):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        path = str(rule).replace("<", "").replace(">", "")
        answer = client.open(
            path, method="GET", headers={"Host": "evil.example", "Accept": "application/json"}
        )
        if path not in OPEN_PATHS:
            check_error(answer, 403, "forbidden")
    answer = client.get("/socket.io/?EIO=4&transport=polling", headers={"Host": "evil.example"})
    check_error(answer, 403, "forbidden")
    assert client.get("/socket.io/?EIO=4&transport=polling").status_code == 200


def test_health_asks_for_nothing(make_app):
    client = make_app(host="0.0.0.0").test_client()
    for headers in ({}, {"Authorization": "Bearer guess"}):
        answer = client.get("/healthz", base_url="http://192.168.1.5", headers=headers)
        assert (answer.status_code, answer.json) == (200, {"ok": True})


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/", "next=%2F"),
        ("/projects/x?state=new&search=a%26b", "next=%2Fprojects%2Fx%3Fstate%3Dnew%26search%3Da%2526b"),
    ],
)
def test_a_guest_is_led_from_pages_to_where_people_sign_in(make_app, path, there):
    client = make_app(team=True, base_path="/samphire").test_client()
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/samphire/sign-in?{there}")
    assert client.get("/api/projects", headers={"Accept": "text/html"}).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "/%5Cevil.example/", "/%5C%5Cevil.example", "/%2f/evil.example", "/\u00e9%0d%0aX: y"],
)
def test_what_follows_a_sign_in_is_on_this_server(app, path):
    with app.test_request_context(path, headers={"Accept": "text/html"}):
        location = _answer(Unauthorized(), dict).headers["Location"]
    [there] = parse_qs(urlsplit(location).query)["next"]
    assert there.startswith("/")
    assert there[1:2] not in ("/", "\\")
    assert "\r" not in location
