"""Each request has a name, which its answer and its log lines carry."""

import re

import pytest

from server.runtime.logs import subject

OWN = re.compile(r"[0-9a-f]{16}")
GIVEN = "4f1c9e7a2b3d4c5e6f708192a3b4c5d6"  # as nginx makes them


def test_every_answer_has_one_of_its_own(client):
    paths = ("/", "/api/projects", "/nowhere", "/healthz", "/socket.io/?EIO=4&transport=polling")
    names = [client.get(path).headers["X-Request-ID"] for path in (*paths, *paths)]
    assert all(OWN.fullmatch(name) for name in names)
    assert len(set(names)) == len(names)


def test_also_what_is_refused_has_one(client):
    assert OWN.fullmatch(client.get("/", headers={"Host": "evil.example"}).headers["X-Request-ID"])


@pytest.mark.parametrize("given", [GIVEN, "Root=1-67891233-abcdef012345678912345678", "req:01.A_b/9"])
def test_a_trusted_proxys_name_is_taken(make_app, given):
    client = make_app(trusted_proxies="127.0.0.1").test_client()
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "x" * 129, "two words.", 'quote"quote"', "é" * 8, "abcdefgh,ijk"])
def test_what_is_not_well_formed_is_not(make_app, given):
    client = make_app(trusted_proxies="127.0.0.1").test_client()
    assert OWN.fullmatch(client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"])


def test_a_visitors_own_name_is_not(client):
    assert client.get("/healthz", headers={"X-Request-ID": GIVEN}).headers["X-Request-ID"] != GIVEN


def test_a_failure_inside_tells_which_request_to_look_for(app, client, monkeypatch, check_error):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(app.extensions["samphire"].images, "page", fail)
    answer = client.get("/api/images")
    assert check_error(answer, 500, "internal")["request"] == answer.headers["X-Request-ID"]
    assert "request" not in check_error(client.get("/api/images/x"), 404, "image_not_found")


def test_lines_are_about_a_request_no_longer_than_it_lasts(client):
    client.get("/api/projects")
    assert subject() == {}
