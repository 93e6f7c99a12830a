"""The log of a team's server on a bad day: each line names its request, event or job, and none holds a secret or what
people call things."""

import io
import json
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.errors import ImageFileLost
from server.runtime import logs
from server.runtime.queue.base import Job
from server.runtime.queue.handlers import Handler, Lane
from tests.web.team import COOKIE, bearing, person, program
from tests.web.test_sessions import socket_of
from tests.web.visiting import make_link, visiting

NAMES = ("holiday-of-ann.jpg", "Zebra crossing", "Ann")


class Log:
    def __init__(self):
        self.text = io.StringIO()
        self.handler = logging.StreamHandler(self.text)
        self.handler.setFormatter(logs.JsonLines(names=False))

    def lines(self):
        return [json.loads(line) for line in self.text.getvalue().splitlines()]


@pytest.fixture
def log():
    kept = Log()
    root = logging.getLogger()
    before = root.level
    root.addHandler(kept.handler)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept.handler)
    root.setLevel(before)


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def ann(app):
    return person(app, "Ann", is_admin=True)


def failing(monkeypatch, owner, name, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(owner, name, fail)


def test_a_bad_day_leaves_neither_secrets_nor_names(app, ann, log, monkeypatch, make_picture):
    services = app.extensions["samphire"]
    project = ann.post("/api/projects", json={"name": "Zebra crossing"}).json["id"]
    link = make_link(ann, project)
    token = program(app, ann).environ_base["HTTP_AUTHORIZATION"][7:]
    secrets = [link["token"], token, ann.get_cookie(COOKIE).value, "smp_wrong-guess", "hunter2 hunter2"]

    file = {"file": (io.BytesIO(b"no image"), "holiday-of-ann.jpg")}
    assert ann.post(f"/api/projects/{project}/images", data=file).status_code in (400, 415)
    assert bearing(app, "smp_wrong-guess").get("/api/projects").status_code == 401
    ann.post("/api/account/sign-in", json={"name": "Ann", "password": "hunter2 hunter2"})
    visit = visiting(app, link)
    for path in (f"/s/{link['token']}", f"/s/{link['token']}/x", f"/s/{link['token']}?again={link['token']}"):
        visit.get(path, headers={"Accept": "text/html"})

    failing(monkeypatch, services.visits, "preview", RuntimeError(f"no card of https://x/s/{link['token']}"))
    assert visit.get(f"/s/{link['token']}/card.jpg").status_code in (404, 500)
    failing(monkeypatch, services.projects, "get", KeyError("Zebra crossing"))
    bearing(app, token).get(f"/api/projects/{project}/labels")
    failing(monkeypatch, services.images, "page", FileNotFoundError(2, "No such file", "holiday-of-ann.jpg"))
    assert ann.get("/api/images", headers={"Cookie": f"{COOKIE}={secrets[2]}"}).status_code == 500
    failing(monkeypatch, services.images, "get", ImageFileLost("The file of 'holiday-of-ann.jpg' is lost."))
    assert ann.get("/api/images/0123456789abcdef").status_code == 500

    assert len([line for line in log.lines() if line["level"] == "error"]) >= 3
    written = log.text.getvalue()
    for secret in (*secrets, *NAMES):
        assert secret not in written, secret


def test_a_row_that_is_refused_does_not_get_into_the_log(app, ann, log, monkeypatch):
    services = app.extensions["samphire"]

    def fail(*_, **__):
        with services.db.write() as session:
            statement = "INSERT INTO projects (id, name) VALUES (:id, :name)"
            session.execute(text(statement), {"id": "default", "name": NAMES[1]})

    monkeypatch.setattr(services.images, "page", fail)
    assert ann.get("/api/images").status_code == 500
    [line] = [line for line in log.lines() if line["level"] == "error"]
    assert line["message"] == f"Unexpected {IntegrityError.__name__}"
    assert "INSERT INTO projects" in line["trace"]
    assert "Zebra crossing" not in log.text.getvalue()


def test_a_line_names_the_request_that_its_answer_names(app, ann, log, monkeypatch):
    failing(monkeypatch, app.extensions["samphire"].images, "page", RuntimeError())
    names = [ann.get("/api/images").headers["X-Request-ID"] for _ in range(2)]
    assert [line["request"] for line in log.lines() if line["level"] == "error"] == names


def test_a_line_of_an_event_names_it_and_the_request_that_began_the_session(app, ann, log, monkeypatch):
    client = socket_of(app, ann)
    failing(monkeypatch, app.extensions["samphire"].images, "get", RuntimeError())
    answer = client.emit("watch", {"image": "0123456789abcdef"}, callback=True)
    assert answer["ok"] is False
    lines = [line for line in log.lines() if line["level"] == "error"]
    assert [line["event"] for line in lines] == ["watch"] * len(lines)


def test_a_line_of_a_job_names_it(app, log):
    services = app.extensions["samphire"]

    def fail(_running):
        raise ValueError("the label 'Zebra crossing'")

    services.handlers["odd"] = Handler(fail, Lane("odd"))
    services.queue.start()
    services.queue.submit(Job("odd", {}, "key"))
    assert services.queue.wait(("odd", "key"), 10).state == "failed"
    [line] = [line for line in log.lines() if line["level"] == "error"]
    assert (line["kind"], line["job"].isdigit()) == ("odd", True)
    assert "request" not in line
    assert line["trace"].endswith("ValueError: the label '...'")
