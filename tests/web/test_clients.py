"""Whom a request is counted for."""

import pytest

from server.errors import TooManyRequests
from server.runtime.turns import client as asking
from server.web.clients import of_request, of_session


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::1", True),
        ("a socket file", "a socket file", True),
    ],
)
def test_an_address_is_its_machine_or_its_network(one, other, same):
    first, second = ({"REMOTE_ADDR": address} for address in (one, other))
    assert (of_request(first)[0] == of_request(second)[0]) is same
    assert of_session(first, "s")[0] == of_request(first)[0]


def test_connections_and_sessions_are_told_apart_below_the_address():
    environ = {"REMOTE_ADDR": "10.0.0.1", "REMOTE_PORT": "1"}
    assert of_request(environ)[:2] == of_request({**environ, "REMOTE_PORT": "2"})[:2]
    assert of_request(environ) != of_request({**environ, "REMOTE_PORT": "2"})
    for other in ({"HTTP_COOKIE": "samphire-80=x"}, {"HTTP_AUTHORIZATION": "Bearer x"}):
        assert of_request(environ)[1] != of_request({**environ, **other})[1]
        assert "x" not in of_request({**environ, **other})[1]
    assert of_session(environ, "a") != of_session(environ, "b")


def test_a_request_is_its_clients_and_too_many_are_refused_for_now(
    app, client, upload, monkeypatch, check_error
):
    image, clients = upload(), []

    def refuse(*_):
        clients.append(asking.get())
        raise TooManyRequests

    monkeypatch.setattr(app.extensions["samphire"].prediction, "predict", refuse)
    answer = client.post(f"/api/images/{image['id']}/predict", json={"points": [[1, 1, 1]]})
    check_error(answer, 429, "too_many_requests")
    assert answer.headers["Retry-After"] == "1"
    assert clients[0][0] == "127.0.0.1"
