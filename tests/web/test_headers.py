"""The headers every answer carries, whatever it is."""

import pytest
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from server.web.coding import choose_coding
from server.web.headers import content_policy

ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def directives(policy):
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


@pytest.mark.parametrize("path", ["/", "/api/images", "/api/docs", "/healthz", "/nowhere", "/static/x/y.js"])
def test_every_answer_is_isolated(client, path):
    headers = client.get(path, headers={"Accept": "text/html"}).headers
    assert {name: headers.get(name) for name in ISOLATION} == ISOLATION
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Content-Security-Policy" in headers
    assert "Cache-Control" in headers


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
@pytest.mark.parametrize("query", ["EIO=4&transport=polling", "EIO=3", ""])
def test_answers_of_the_socket_are_isolated_too(client, query, host):
    headers = client.get(f"/socket.io/?{query}", headers={"Host": host}).headers
    assert {name: headers.get(name) for name in ISOLATION} == ISOLATION
    assert headers["Cache-Control"] == "no-store"


def test_refusals_are_isolated_too(client):
    headers = client.get("/", headers={"Host": "evil.example"}).headers
    assert {name: headers.get(name) for name in ISOLATION} == ISOLATION


def test_no_inline_scripts_and_no_foreign_sources(client):
    policy = directives(client.get("/").headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["worker-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'", "ws://localhost", "wss://localhost"]
    assert policy["frame-ancestors"] == ["'none'"]


def test_a_strange_host_adds_nothing_to_the_policy():
    assert "evil" not in content_policy("x; script-src evil")


@pytest.mark.parametrize(
    ("header", "offered", "chosen"),
    [
        ("gzip, deflate, br, zstd", ("br", "gzip"), "br"),
        ("gzip;q=1, br;q=0.5", ("br", "gzip"), "gzip"),
        ("br;q=0, gzip", ("br", "gzip"), "gzip"),
        ("br;q=0", ("br",), "identity"),
        ("*", ("br",), "br"),
        ("*;q=0", ("br",), "identity"),
        ("identity;q=1, br;q=0.5", ("br",), "identity"),
        ("identity", ("br",), "identity"),
        ("", ("br",), "identity"),
        ("nonsense;q=x", ("br",), "identity"),
    ],
)
def test_content_codings(header, offered, chosen):
    assert choose_coding(parse_accept_header(header, Accept), offered) == chosen
