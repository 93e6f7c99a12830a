"""Every route and every event of the socket, walked by guests, strangers, each role, administrators, programs."""

import io
from dataclasses import replace

import pytest

from server.domain.policy import ACTIONS, Actor, allows, is_about_project
from server.web.acting import about_of, action_of, visitors_of
from tests.web.projects_of_a_team import Team
from tests.web.test_policy import routes
from tests.web.visiting import KINDS, make_link, visiting

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
    "project.train": MANAGING | {MANAGE},
    "project.change": MANAGING | {MANAGE},
    "member.change": MANAGING | {MANAGE},
    "link.change": MANAGING | {MANAGE},
    "webhook.manage": MANAGING | {MANAGE},
    "project.delete": {"owner", "admin", MANAGE},
}
_LOOK = {"project.read", "image.read", "annotation.read", "segmenter.read"}
_TRY = _LOOK | {"image.segment"}
_SAVE = _TRY | {"annotation.change", "image.change", "comment.read", "comment.write"}
VISITORS = {"view": _LOOK, "try": _TRY, "annotate": _SAVE, "review": _SAVE | {"review.decide"}}
_PROJECT, _IMAGE, _ANNOTATION = (
    "/projects/<project_id>",
    "/api/images/<image_id>",
    "/api/annotations/<annotation_id>",
)
OPEN = {  # to visitors, as far as their kind of link goes: of one image, too, or of whole projects only
    f"GET {_PROJECT}": "project",
    f"GET {_PROJECT}/images/<image_id>": "image",
    f"GET {_PROJECT}/own": "image",
    f"GET /api{_PROJECT}": "image",
    f"GET /api{_PROJECT}/labels": "image",
    f"GET /api{_PROJECT}/events": "image",
    f"GET /api{_PROJECT}/images": "project",
    f"POST /api{_PROJECT}/images": "project",  # into a project of their own
    f"DELETE /api{_PROJECT}/images/<image_id>": "project",  # out of that
    f"GET /api{_PROJECT}/queue": "image",
    f"GET /api{_PROJECT}/images/<image_id>": "image",
    f"PATCH /api{_PROJECT}/images/<image_id>": "image",
    f"GET /api{_PROJECT}/images/<image_id>/masks.png": "image",
    f"GET /api{_PROJECT}/images/<image_id>/annotations": "image",
    f"GET /api{_PROJECT}/images/<image_id>/certainty": "image",
    f"POST /api{_PROJECT}/images/<image_id>/annotations": "image",
    f"GET /api{_PROJECT}/images/<image_id>/comments": "image",
    f"GET /api{_PROJECT}/images/<image_id>/proposals": "image",
    f"POST /api{_PROJECT}/images/<image_id>/proposals": "image",
    f"POST /api{_PROJECT}/images/<image_id>/stop-proposing": "image",
    f"PATCH /api{_PROJECT}/images/<image_id>/proposals": "image",
    f"DELETE /api{_PROJECT}/images/<image_id>/proposals": "image",
    f"DELETE /api{_PROJECT}/images/<image_id>/proposals/<proposal_id>": "image",
    f"POST /api{_PROJECT}/images/<image_id>/comments": "image",
    f"PATCH /api{_PROJECT}/comments/<comment_id>": "image",
    f"DELETE /api{_PROJECT}/comments/<comment_id>": "image",
    f"POST /api{_PROJECT}/images/<image_id>/review": "image",
    f"GET {_IMAGE}": "image",
    f"GET {_IMAGE}/file": "image",
    f"GET {_IMAGE}/thumbnail": "image",
    f"GET {_IMAGE}/embedding": "image",
    f"POST {_IMAGE}/embedding": "image",
    f"POST {_IMAGE}/predict": "image",
    f"GET {_ANNOTATION}": "image",
    f"PATCH {_ANNOTATION}": "image",
    f"DELETE {_ANNOTATION}": "image",
    "GET /api/segmenters": "image",
    "GET /segmenters/<segmenter>/<digits>/<file>": "image",
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


@pytest.mark.parametrize("reach", ["project", "image"])
def test_every_route_is_for_the_visitors_that_the_table_names(team, reach, make_picture):
    """Of a link's own project or image; of another image of it, another project, and of what is theirs alone."""
    app, ours = team.app, team.ours
    owner = team.people["owner"]
    image = ours.image_id if reach == "image" else None
    other = add_image(owner, ours.project_id, make_picture(seed=9))
    visitors = {kind: visiting(app, make_link(owner, ours.project_id, kind, image=image)) for kind in KINDS}
    walked = list(routes(app))
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _aside(view)
    assert {f"{method} {rule}" for method, rule, view in walked if visitors_of(view)} == set(OPEN)
    for method, rule, view in walked:
        action, about, opened = action_of(view), about_of(view), OPEN.get(f"{method} {rule}")
        for kind, client in visitors.items():
            allowed = opened in ("image", reach) and action in VISITORS[kind]
            expected = 299 if action == "public" or allowed else 403
            if about == "default":
                expected = 404  # they have nothing there
            answer = client.open(ours.address(rule), method=method)
            assert answer.status_code == expected, (method, rule, kind, answer.text)
            if kind != "review" or not is_about_project(action):
                continue
            answer = client.open(team.theirs.address(rule), method=method)
            assert answer.status_code == 404, (method, rule, kind, answer.text)
            if reach == "image" and opened == "image" and "<image_id>" in rule:
                answer = client.open(replace(ours, image_id=other).address(rule), method=method)
                assert answer.status_code == 404, (method, rule, kind, answer.text)


def add_image(client, project_id, picture):
    sent = {"file": (io.BytesIO(picture), "other.png")}
    return client.post(f"/api/projects/{project_id}/images", data=sent).json["id"]


def test_a_route_that_does_not_say_what_it_is_about_answers_nobody_of_a_team(team):
    silent = [
        rule
        for _, rule, view in routes(team.app)
        if is_about_project(action_of(view)) and "<project_id>" not in rule and about_of(view) is None
    ]
    assert silent == []


def events(things):
    """By name: the action, and what is sent."""
    return {
        "watch": ("image.read", {"image": things.image_id, "project": things.project_id}),
        "unwatch": ("public", {"image": things.image_id, "project": things.project_id}),
        "watch_trainings": ("project.train", {"project": things.project_id}),
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


def test_every_event_of_the_socket_is_for_whom_the_table_says(team):
    events_of_socket = events(team.ours)
    server = team.app.extensions["socketio"]
    assert set(server.server.handlers["/"]) == {*events_of_socket, "*", "connect", "disconnect"}
    for name, client in team.people.items():
        if name == "guest":
            continue  # gets no session: see test_auth
        socket = server.test_client(team.app, flask_test_client=client, headers=_headers(client))
        for event, (action, data) in events_of_socket.items():
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


@pytest.mark.parametrize("reach", ["project", "image"])
def test_every_event_of_the_socket_is_for_the_visitors_that_the_table_names(team, reach, make_picture):
    ours, owner = team.ours, team.people["owner"]
    other = add_image(owner, ours.project_id, make_picture(seed=9))
    server = team.app.extensions["socketio"]
    for kind in KINDS:
        link = make_link(owner, ours.project_id, kind, image=ours.image_id if reach == "image" else None)
        client = visiting(team.app, link)
        socket = server.test_client(team.app, flask_test_client=client)

        def code(event, data, socket=socket):
            answer = socket.emit(event, data, callback=True)
            return "" if answer["ok"] else answer["error"]["code"]

        for event, (action, data) in events(ours).items():
            opened = action == "public" or (event in ("watch", "predict") and action in VISITORS[kind])
            assert (code(event, data) == "not_by_link") != opened, (kind, event)
        for event in ("watch", "predict", "here", "hold"):
            theirs = code(event, events(team.theirs)[event][1])
            assert theirs in ("image_not_found", "project_not_found"), (kind, event)
        watched = code("watch", {"image": other, "project": ours.project_id})
        assert watched == ("image_not_found" if reach == "image" else ""), kind
        predicted = code("predict", {"image": other, "segmenter": "none", "seq": 1, "points": [[1, 1, 1]]})
        assert (predicted == "image_not_found") == (reach == "image"), kind


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

    reached.action, reached.about, reached.visitors = action_of(view), about_of(view), visitors_of(view)
    return reached
