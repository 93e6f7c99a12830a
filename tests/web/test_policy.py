"""One policy decides who may do what: every route and every event of the socket declares its action."""

import re

import pytest

from server import sockets
from server.domain.policy import ACTIONS, GUEST, MACHINE, OWNER, allows
from server.web.acting import action_of, may


def routes(app):
    """(method, address, view) of each."""
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"} or {"OPTIONS"}:
            yield method, rule.rule, app.view_functions[rule.endpoint]


def test_every_route_declares_its_action(app):
    undeclared = [rule for _, rule, view in routes(app) if action_of(view) not in ACTIONS]
    assert undeclared == []


def test_every_event_of_the_socket_declares_its_action(app):
    handlers = app.extensions["socketio"].server.handlers["/"]
    alone, live = (
        {"watch", "unwatch", "watch_trainings", "predict", "ping_ms"},
        {"here", "away", "follow", "hold"},
    )
    assert set(handlers) == {*alone, *live, "point", "view", "look", "*", "connect", "disconnect"}
    with pytest.raises(RuntimeError, match="does not declare"):
        sockets._answering(lambda data: {})
    with pytest.raises(RuntimeError, match="not for everybody"):
        sockets._quickly(may("image.read")(lambda session, data: {}))


def test_every_action_is_some_routes(app):
    """Or one that a route asks for as well, for a part of what it does."""
    used = {action_of(view) for _, _, view in routes(app)}
    assert used | {"image.render", "comment.moderate", "work.measure"} == set(ACTIONS)


def test_a_guest_may_do_nothing_but_what_is_public(make_app):
    """Asked of the policy, and of every address of a team's server."""
    for action in ACTIONS:
        assert allows(OWNER, action)
        assert allows(MACHINE, action)
        assert allows(GUEST, action) == (action == "public")
    client = make_app(team=True).test_client()
    for method, rule, view in routes(client.application):
        address = re.sub("<[^>]*>", "none000000000000", rule)  # as long as ids that say how long they are
        answer = client.open(address, method=method)
        assert (answer.status_code == 401) == (action_of(view) != "public"), (method, rule)


def test_a_route_that_declares_nothing_answers_nobody(app):
    app._got_first_request = False  # a route is added late
    app.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    answer = app.test_client().get("/undeclared")
    assert answer.status_code == 500
    assert "secret" not in answer.text
