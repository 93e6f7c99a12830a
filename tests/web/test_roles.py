"""Every route and every event of the socket, walked by guests, strangers, each role, administrators, programs."""

import pytest

from server.domain.policy import ACTIONS, Actor, allows, is_about_project
from server.web.acting import about_of, action_of
from tests.web.projects_of_a_team import Team
from tests.web.test_policy import routes

ALL = {"viewer", "annotator", "reviewer", "manager", "owner", "admin"}
DRAWING = ALL - {"viewer"}
MANAGING = {"manager", "owner", "admin"}
READ, WRITE, MANAGE = (f"owner's token to {scope}" for scope in ("read", "write", "manage"))
ADMIN_READ = "admin's token to read"
TOKENS = {READ, WRITE, MANAGE, ADMIN_READ}
MAY = {
    "public": ALL | TOKENS | {"stranger", "guest"},
    "account.use": ALL | {"stranger"},
    "account.manage": {"admin"},
    "server.read": ALL | TOKENS | {"stranger"},
    "segmenter.read": ALL | TOKENS | {"stranger"},
    "segmenter.install": {"admin"},
    "project.list": ALL | TOKENS | {"stranger"},
    "project.create": ALL | {"stranger", MANAGE},
    "project.read": ALL | TOKENS,
    "image.read": ALL | TOKENS,
    "annotation.read": ALL | TOKENS,
    "comment.read": ALL | TOKENS,
    "comment.write": DRAWING | {WRITE, MANAGE},
    "comment.moderate": MANAGING | {WRITE, MANAGE},
    "image.segment": DRAWING | TOKENS,
    "annotation.change": DRAWING | {WRITE, MANAGE},
    "image.change": DRAWING | {WRITE, MANAGE},
    "work.take": DRAWING | {WRITE, MANAGE},
    "image.add": MANAGING | {WRITE, MANAGE},
    "image.render": MANAGING | {WRITE, MANAGE},
    "image.remove": MANAGING | {WRITE, MANAGE},
    "review.decide": MANAGING | {"reviewer", WRITE, MANAGE},
    "agreement.read": MANAGING | TOKENS | {"reviewer"},
    "label.change": MANAGING | {WRITE, MANAGE},
    "work.assign": MANAGING | {WRITE, MANAGE},
    "work.measure": MANAGING | TOKENS,
    "project.import": MANAGING | {WRITE, MANAGE},
    "project.export": MANAGING | TOKENS,
    "project.change": MANAGING | {MANAGE},
    "member.change": MANAGING | {MANAGE},
    "project.delete": {"owner", "admin", MANAGE},
}


@pytest.fixture
def team(make_app, make_picture, make_annotation):
    return Team(make_app(team=True), make_picture, make_annotation)


def test_the_table_has_every_action():
    assert set(MAY) == set(ACTIONS)


def test_every_route_is_for_whom_the_table_says(team):
    """Views are put aside, so that what would change or delete something can be asked by everybody."""
    app = team.app
    walked = list(routes(app))
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _aside(view)
    for method, rule, view in walked:
        action = action_of(view)
        things = team.general if about_of(view) == "default" else team.ours
        address = things.address(rule)
        for name, client in team.people.items():
            expected = 299
            if name not in MAY[action]:
                outside = name == "stranger" and is_about_project(action)
                expected = 401 if name == "guest" else 404 if outside else 403
            more = ["HEAD"] if method == "GET" else []
            more += (
                ["OPTIONS"] if method == "GET" and expected in (401, 404) else []
            )  # another route's, perhaps
            for each in [method, *more]:
                answer = client.open(address, method=each)
                assert answer.status_code == expected, (each, rule, name, answer.text)


def test_a_route_that_does_not_say_what_it_is_about_answers_nobody_of_a_team(team):
    silent = [
        rule
        for _, rule, view in routes(team.app)
        if is_about_project(action_of(view)) and "<project_id>" not in rule and about_of(view) is None
    ]
    assert silent == []


def test_every_event_of_the_socket_is_for_whom_the_table_says(team):
    things = team.ours
    events = {
        "watch": ("image.read", {"image": things.image_id, "project": things.project_id}),
        "unwatch": ("public", {"image": things.image_id, "project": things.project_id}),
        "predict": (
            "image.segment",
            {"image": things.image_id, "segmenter": "none", "seq": 1, "points": [[1, 1, 1]]},
        ),
        "ping_ms": ("public", {}),
        "here": ("project.read", {"image": things.image_id, "project": things.project_id}),
        "hold": ("annotation.change", {"objects": ["a"], "project": things.project_id}),
        "point": ("public", {"at": [1, 1]}),
        "view": ("public", {"at": [1, 1, 9]}),
        "look": ("public", {"at": [1, 1]}),
        "follow": ("public", {"person": None}),
        "away": ("public", {}),
    }
    server = team.app.extensions["socketio"]
    assert set(server.server.handlers["/"]) == {*events, "*", "connect", "disconnect"}
    for name, client in team.people.items():
        if name == "guest":
            continue  # gets no session: see test_auth
        socket = server.test_client(team.app, flask_test_client=client, headers=_headers(client))
        for event, (action, data) in events.items():
            answer = socket.emit(event, data, callback=True)
            code = "" if answer["ok"] else answer["error"]["code"]
            if name in MAY[action]:
                assert code not in ("forbidden", "unauthorized", "image_not_found", "project_not_found"), (
                    name,
                    event,
                )
            elif name == "stranger":
                assert code == ("image_not_found" if event == "predict" else "project_not_found"), event
            else:
                assert code == "forbidden", (name, event)


def test_an_account_that_is_in_no_project_may_do_nothing_in_any():
    for action in ACTIONS:
        assert not is_about_project(action) or not allows(Actor("account", "a"), action)


def _headers(client):
    """What the socket's test client does not take from a browser."""
    token = client.environ_base.get("HTTP_AUTHORIZATION")
    return {"Authorization": token} if token else {}


def _aside(view):
    def reached(**_values):
        return "reached", 299

    reached.action, reached.about = action_of(view), about_of(view)
    return reached
