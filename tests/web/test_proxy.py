"""Behind a proxy: under a path, and with the X-Forwarded headers of those that are named."""

import io
import re

import pytest

from server.config import Settings
from server.errors import Forbidden, InvalidSetting
from server.web import proxy
from server.web.auth import check_request
from tests.web.team import PASSWORD, machine, person

ADDRESS = re.compile(r'(?:href|src)="(/[^"]*)"')


@pytest.fixture
def under_a_path(make_app):
    return make_app(base_path="/samphire").test_client()


@pytest.mark.parametrize("path", ["/samphire/", "/"])
def test_every_address_of_a_page_is_under_the_path(under_a_path, path):
    """Whether the proxy passes the path on or strips it."""
    page = under_a_path.get(path)
    addresses = ADDRESS.findall(page.text)
    assert len(addresses) > 10
    assert all(address.startswith("/samphire/") for address in addresses), addresses
    assert 'data-base="/samphire"' in page.text
    for address in addresses:
        assert under_a_path.get(address.split("#")[0]).status_code == 200, address


def test_redirects_documents_and_sockets_are_under_the_path(under_a_path, make_picture):
    form = {"file": (io.BytesIO(make_picture()), "a.png")}
    image = under_a_path.post("/samphire/api/images", data=form).json
    assert image["file_url"] == f"/api/images/{image['id']}/file"  # below the server's own address
    there = under_a_path.get(f"/samphire/images/{image['id']}?x=1").headers["Location"]
    assert there == f"/samphire/projects/default/images/{image['id']}?x=1"
    assert under_a_path.get("/samphire/api/openapi.json").json["servers"] == [{"url": "/samphire"}]
    assert under_a_path.get("/samphire/socket.io/?EIO=4&transport=polling").data.startswith(b"0{")
    assert under_a_path.get("/samphirex/").status_code == 404


@pytest.mark.parametrize(
    ("base", "scheme", "name", "expected"),
    [
        ("", "http", "samphire-80", {"Path=/", "HttpOnly", "SameSite=Lax"}),
        ("", "https", "__Host-samphire-443", {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}),
        (
            "/samphire",
            "https",
            "__Secure-samphire-443",
            {"Path=/samphire/", "HttpOnly", "SameSite=Lax", "Secure"},
        ),
        ("/samphire", "http", "samphire-80", {"Path=/samphire/", "HttpOnly", "SameSite=Lax"}),
    ],
)
def test_the_cookie_is_as_narrow_as_the_address_allows(make_app, base, scheme, name, expected):
    app = make_app(base_path=base, trusted_proxies="127.0.0.1")
    person(app, "Ann")
    app.extensions["samphire"].administration.create({"name": "Bob", "password": PASSWORD})
    client = app.test_client()
    told = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "203.0.113.9"}
    at = {"headers": told | {"Origin": f"{scheme}://localhost"}, "base_url": f"{scheme}://localhost"}
    answer = client.post(f"{base}/api/account/sign-in", json={"name": "Bob", "password": PASSWORD}, **at)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.split("=")[0] == name
    assert not any(part.startswith("Domain") for part in cookie.split("; "))
    attributes = set(cookie.split("; ")[1:])
    assert {each for each in attributes if not each.startswith(("Max-Age", "Expires"))} == expected
    assert client.get(f"{base}/api/projects", **at).status_code == 200
    secret = cookie.split(";")[0].split("=")[1]
    plain = {"Cookie": f"samphire-443={secret}", **told}
    weaker = app.test_client(use_cookies=False).get(f"{base}/api/projects", headers=plain)
    assert weaker.status_code == 401  # one that another host, or http, could have set


def test_a_named_proxy_is_believed_and_others_are_not(make_app):
    """The proxy stands before a server on loopback, which people reach as photos.example."""
    told = {"X-Forwarded-Host": "photos.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "9443"}
    sent = {"Host": "127.0.0.1:8765", "Origin": "https://photos.example:9443", **told}
    named = machine(make_app(trusted_proxies="127.0.0.0/8", allowed_hosts="photos.example"))
    unnamed = machine(make_app(trusted_proxies="10.0.0.1", allowed_hosts="photos.example"))
    assert named.post("/api/projects", json={"name": "x"}, headers=sent).status_code == 201
    refused = unnamed.post("/api/projects", json={"name": "x"}, headers=sent)
    assert refused.status_code == 403
    error = refused.json["error"]
    assert "'https://photos.example:9443'" in error["message"]
    assert "'127.0.0.1:8765'" in error["message"]
    assert "127.0.0.1 are ignored: it is not among --trusted-proxies" in error["hint"]


def test_a_prefix_counts_from_a_named_proxy_and_only_when_it_is_a_path(make_app):
    client = machine(make_app(trusted_proxies="127.0.0.1"))
    for prefix, base in (
        ("/samphire", "/samphire"),
        ("samphire/", "/samphire"),
        ('/"><script>', ""),
        ("//evil", "/evil"),
    ):
        page = client.get("/", headers={"X-Forwarded-Prefix": prefix})
        assert f'data-base="{base}"' in page.text
    stranger = {"REMOTE_ADDR": "10.0.0.1"}
    page = client.get("/", headers={"X-Forwarded-Prefix": "/x"}, environ_overrides=stranger)
    assert 'data-base=""' in page.text


def test_a_proxy_that_drops_the_port_is_named_in_the_refusal_and_can_be_allowed():
    dropped = {"REQUEST_METHOD": "POST", "HTTP_HOST": "localhost", "HTTP_ORIGIN": "http://localhost:9000"}
    dropped["REMOTE_ADDR"] = "127.0.0.1"
    with pytest.raises(Forbidden) as refused:
        check_request(dropped, Settings())
    assert "Origin header says 'http://localhost:9000', the Host header 'localhost'" in refused.value.message
    assert "--allowed-hosts localhost:9000" in refused.value.hint
    check_request(dropped, Settings(allowed_hosts="localhost:9000"))
    with pytest.raises(Forbidden):
        check_request(
            {**dropped, "HTTP_ORIGIN": "http://localhost:9001"}, Settings(allowed_hosts="localhost:9000")
        )


@pytest.mark.parametrize(
    ("networks", "peer", "trusted"),
    [
        ("127.0.0.1", "127.0.0.1", True), ("127.0.0.1", "::ffff:127.0.0.1", True), ("10.0.0.0/8", "10.1.2.3", True),
        ("fe80::/10", "fe80::1%eth0", True), ("127.0.0.1 ::1", "::1", True), ("127.0.0.1", "127.0.0.2", False),
        ("", "127.0.0.1", False), ("127.0.0.1", "", False), ("127.0.0.1", None, False),
    ],
)  # fmt: skip
def test_who_is_named(networks, peer, trusted):
    assert proxy.is_trusted(peer, Settings(trusted_proxies=networks)) is trusted


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_path": "/a b"}, {"base_path": "/../x"}, {"base_path": "https://x/y"}, {"base_path": '/"'},
        {"trusted_proxies": "localhost"}, {"trusted_proxies": "10.0.0.0/33"},
        {"frame_ancestors": "wiki.example"}, {"frame_ancestors": "https://x; script-src *"},
        {"frame_ancestors": "'none'"},
    ],
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused_at_start(wrong):
    with pytest.raises(InvalidSetting, match="--" + next(iter(wrong)).replace("_", "-")):
        Settings(**wrong)


def test_pages_may_be_framed_by_named_origins_only(make_app):
    named = make_app(frame_ancestors="https://wiki.example, 'self'", team=True)
    account = named.extensions["samphire"].administration.create({"name": "Ann", "password": PASSWORD})
    named = named.test_client()
    policy = named.get("/healthz").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://wiki.example 'self'")
    assert (
        make_app()
        .test_client()
        .get("/")
        .headers["Content-Security-Policy"]
        .endswith("frame-ancestors 'none'")
    )
    asked = {"json": {"name": account.name, "password": PASSWORD}, "headers": {"Origin": "https://localhost"}}
    answer = named.post("/api/account/sign-in", base_url="https://localhost", **asked)
    assert {"SameSite=None", "Secure", "Partitioned"} <= set(answer.headers["Set-Cookie"].split("; "))
