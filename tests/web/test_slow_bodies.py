"""Bodies that take their time: what their sender loses meanwhile counts, whatever a route reads."""

import io
import json
import re
import zipfile

import gevent
import pytest
from sqlalchemy import delete

from server.storage.tables import SignIn
from server.web import bodies
from server.web.acting import action_of
from tests.web.projects_of_a_team import Team
from tests.web.team import sign_in
from tests.web.test_policy import routes


class Slow(io.BytesIO):
    """A body whose first byte comes alone; the others, when `meanwhile` has been called."""

    def __init__(self, data, meanwhile):
        super().__init__(data)
        self._meanwhile, self.is_read = meanwhile, False

    def read(self, size=-1):
        if self.tell() == 0:
            return super().read(1)
        if not self.is_read:
            self.is_read = True
            self._meanwhile()
        return super().read(size)

    def readinto(self, buffer):
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.fixture
def team(make_app, make_picture, make_annotation):
    return Team(make_app(team=True), make_picture, make_annotation)


def send(client, method, path, data, meanwhile, content_type="application/json"):
    """The answer, and whether the body was read."""
    body = Slow(data, meanwhile)
    answer = client.open(
        path, method=method, input_stream=body, content_type=content_type, content_length=len(data)
    )
    return answer, body.is_read


def form(data):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="late.png"\r\n\r\n'
    return head + data + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def pack(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_whoever_is_signed_out_meanwhile_is_refused_by_every_route(team):
    admin, read, public = team.people["admin"], set(), set()
    services = team.app.extensions["samphire"]

    def sign_out():
        with services.db.write() as session:
            session.execute(delete(SignIn).where(SignIn.account_id == admin.account))

    for method, rule, view in routes(team.app):
        if method in ("GET", "OPTIONS", "DELETE"):  # a deletion has no body, and takes what others need
            continue
        if action_of(view) == "public":
            public.add((method, rule))
            continue
        sign_in(team.app, admin, admin.account)
        answer, was_read = send(admin, method, team.ours.address(rule), b"{}", sign_out)
        if was_read:
            read.add((method, rule))
            assert answer.status_code == 401, (method, rule, answer.text)
    described = team.app.test_client().get("/api/openapi.json").json["paths"]
    bodied = {
        (method.upper(), re.sub(r"\{(\w+)\}", r"<\1>", path))
        for path, operations in described.items()
        for method, operation in operations.items()
        if isinstance(operation, dict)
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert bodied <= read | public


def test_a_removed_manager_changes_nothing_with_what_was_on_its_way(team, make_picture):
    things, manager, owner = team.ours, team.people["manager"], team.people["owner"]
    project = f"/api/projects/{things.project_id}"
    labels = owner.get(f"{project}/labels").json
    before = owner.get(project).json

    def remove():
        answer = owner.delete(f"{project}/members/{manager.account}")
        assert answer.status_code == 204, answer.json

    for method, path, data, content_type in (
        ("PATCH", project, b'{"name": "renamed"}', "application/json"),
        (
            "PUT",
            f"{project}/labels",
            json.dumps({"version": labels["version"], "labels": []}).encode(),
            "application/json",
        ),
        ("POST", f"{project}/images", *form(make_picture(seed=9))),
        ("POST", f"{project}/images", pack({"a.png": make_picture(seed=9)}), "application/zip"),
        ("POST", f"{project}/import/coco", b"{}", "application/json"),
    ):
        answer, was_read = send(manager, method, path, data, remove, content_type)
        assert was_read
        assert answer.status_code == 404, (method, path, answer.text)
        owner.post(f"{project}/members", json={"account": manager.account, "role": "manager"})
    after = owner.get(project).json
    assert {**after, "updated_at": None} == {**before, "updated_at": None}
    assert owner.get(f"{project}/labels").json == labels
    assert len(owner.get(f"{project}/imports").json["imports"]) == 1  # the one it began with


def test_who_is_an_administrator_no_longer_does_not_act_as_one(team):
    """Not even where the role in the project is enough to ask."""
    services, project_id = team.app.extensions["samphire"], team.ours.project_id
    other = team.people["manager"]
    services.administration.change(other.account, {"is_admin": True})

    def demote():
        services.administration.change(other.account, {"is_admin": False})

    body = json.dumps({"role": "owner"}).encode()
    path = f"/api/projects/{project_id}/members/{team.people['viewer'].account}"
    answer, _ = send(other, "PATCH", path, body, demote)
    assert answer.status_code == 403
    assert answer.json["error"]["code"] == "forbidden"


def test_nobody_makes_a_token_after_signing_out_everywhere(team):
    owner = team.people["owner"]
    services = team.app.extensions["samphire"]
    data = b'{"name": "late", "scope": "manage", "days": 365}'

    def sign_out():
        with services.db.write() as session:
            session.execute(delete(SignIn).where(SignIn.account_id == owner.account))

    answer, _ = send(owner, "POST", "/api/account/tokens", data, sign_out)
    assert answer.status_code == 401
    sign_in(team.app, owner, owner.account)
    assert "late" not in [each["name"] for each in owner.get("/api/account/tokens").json["tokens"]]


def test_json_that_comes_too_slowly_is_refused(team, monkeypatch):
    monkeypatch.setattr(bodies, "_JSON_SECONDS", 0.05)
    path = f"/api/projects/{team.ours.project_id}"
    answer, _ = send(team.people["owner"], "PATCH", path, b'{"name": "a"}', lambda: gevent.sleep(1))
    assert answer.status_code == 400
    assert "within 0.05 s" in answer.json["error"]["message"]


def test_an_import_stops_when_whoever_began_it_is_removed(team, make_picture, monkeypatch):
    services = team.app.extensions["samphire"]
    manager, owner = team.people["manager"], team.people["owner"]
    project = f"/api/projects/{team.ours.project_id}"
    count = owner.get(project).json["image_count"]
    files = {f"{number}.png": make_picture(seed=100 + number) for number in range(12)}
    keep, kept = services.uploads.keep, []

    def keep_some(*arguments, **more):
        kept.append(keep(*arguments, **more))
        if len(kept) == 3:
            owner.delete(f"{project}/members/{manager.account}")
        return kept[-1]

    monkeypatch.setattr(services.uploads, "keep", keep_some)
    services.queue.start()
    answer = manager.post(f"{project}/images", data=pack(files), content_type="application/zip")
    job = f"{project}/imports/{answer.json['id']}"
    with gevent.Timeout(20):
        while owner.get(job).json["state"] in ("queued", "running"):
            gevent.sleep(0.02)
    stopped = owner.get(job).json
    assert stopped["state"] == "stopped"
    assert "not import into this project any more" in stopped["error"]
    assert owner.get(project).json["image_count"] == count + len(kept) < count + len(files)
    resumed = owner.post(f"{job}/resume", json={})
    assert resumed.status_code == 202, resumed.json
    with gevent.Timeout(20):
        while owner.get(job).json["state"] in ("queued", "running"):
            gevent.sleep(0.02)
    assert owner.get(job).json["state"] == "done"
    assert owner.get(project).json["image_count"] == count + len(files)
