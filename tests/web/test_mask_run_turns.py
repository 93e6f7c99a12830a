"""Jobs that make masks in several projects: each has its turn, and none keeps another's from being undone."""

import io
import threading

import gevent
import pytest

from server.domain.policy import MACHINE
from server.features.mask_runs import making
from server.features.mask_runs.making import UNDO_MASKS
from server.storage.rows import jobs, members
from server.storage.tables import JobRow, MaskRun
from tests.web.test_automatic_masks import generator  # noqa: F401
from tests.web.test_masks_of_boxes import ended, listed, post
from tests.web.working import Project, make_project


def another(app, client, make_picture):
    """A project of three images, of a manager."""
    made = client.post("/api/projects", json={"name": "Fields"}).json["id"]
    images = []
    for number in (11, 12, 13):
        file = (io.BytesIO(make_picture(seed=number)), f"{number}.png")
        images.append(client.post(f"/api/projects/{made}/images", data={"file": file}).json["id"])
    return Project(app, made, images, {"max": client})


@pytest.fixture
def projects(make_app, make_picture, generator, monkeypatch):  # noqa: F811
    """Two of one manager, of three images each; they change places after each image, and one at a time has one."""
    monkeypatch.setattr(making, "_AT_ONCE", 1)
    monkeypatch.setattr(making, "_TURN_SECONDS", 0)
    first = make_project(make_app(team=True), make_picture, images=3, max="manager")
    other = another(first.app, first.max, make_picture)
    first.services.queue.start()
    return first, other


def begin(project):
    return post(project, "automatic", 202, label="thing")["run"]["id"]


class Gate:
    """Holds the generator at its first image."""

    def __init__(self, held):
        self.begun, self.goes_on = threading.Event(), threading.Event()
        held.before = self.wait

    def wait(self):
        self.begun.set()
        self.goes_on.wait(20)

    def reached(self):
        while not self.begun.is_set():
            gevent.sleep(0.01)


def test_projects_take_turns_and_none_loses_an_image(projects, generator, monkeypatch):  # noqa: F811
    one, other = projects
    order, finish = [], making._finish

    def note(work, maker, run, image_id, *rest):
        order.append(run.project_id)
        finish(work, maker, run, image_id, *rest)

    monkeypatch.setattr(making, "_finish", note)
    gate = Gate(generator)
    begin(one)
    gate.reached()
    begin(other)
    waits = other.max.get(f"{other.path}/mask-runs").json["run"]
    assert (waits["state"], waits["done"], waits["total"]) == ("queued", 0, 3)
    gate.goes_on.set()
    assert [ended(each)["run"]["objects"] for each in projects] == [6, 6]
    assert order == [one.id, other.id] * 3
    assert generator.calls == 6
    assert [len(listed(each, number)) for each in projects for number in range(3)] == [2] * 6


def test_who_has_many_projects_has_no_more_turns(projects, generator, make_picture, monkeypatch):  # noqa: F811
    one, other = projects
    rita = one.join("rita", "manager")
    ritas = another(one.app, rita, make_picture)
    order, finish = [], making._finish

    def note(work, maker, run, *rest):
        order.append(run.project_id)
        finish(work, maker, run, *rest)

    monkeypatch.setattr(making, "_finish", note)
    gate = Gate(generator)
    begin(one)
    gate.reached()
    begin(other)
    begin(ritas)
    gate.goes_on.set()
    for each in (one, other, ritas):
        assert ended(each)["run"]["done"] == 3
    assert order[:6] == [one.id, ritas.id, other.id, ritas.id, one.id, ritas.id]


def test_between_two_turns_it_tells_how_far_it_is_and_may_be_paused(projects, generator):  # noqa: F811
    one, other = projects
    first = Gate(generator)
    run_id = begin(one)
    first.reached()
    begin(other)
    second = Gate(generator)
    first.goes_on.set()
    second.reached()
    waits = one.max.get(f"{one.path}/mask-runs").json["run"]
    assert (waits["state"], waits["done"], waits["total"]) == ("queued", 1, 3)
    assert post(one, f"{run_id}/pause")["run"]["state"] == "paused"
    second.goes_on.set()
    assert ended(other)["run"]["done"] == 3
    assert one.max.get(f"{one.path}/mask-runs").json["run"]["done"] == 1
    post(one, f"{run_id}/resume", 202)
    assert ended(one)["run"]["done"] == 3
    assert generator.calls == 6


def test_what_is_undone_waits_for_no_other_project(projects, generator):  # noqa: F811
    one, other = projects
    run_id = begin(one)
    assert ended(one)["run"]["done"] == 3
    gate = Gate(generator)
    begin(other)
    gate.reached()
    post(one, f"{run_id}/undo")
    assert one.services.queue.wait((UNDO_MASKS, one.id), 10).state == "none"
    assert one.max.get(f"{one.path}/mask-runs").json["run"] is None
    assert listed(one) == {}
    gate.goes_on.set()
    assert ended(other)["run"]["done"] == 3


def test_what_is_paused_and_undone_at_once_leaves_nothing(projects, generator):  # noqa: F811
    """The image that was under way when it was paused is not written down behind the undoing."""
    one, _ = projects
    gate = Gate(generator)
    run_id = begin(one)
    gate.reached()
    with one.services.db.write() as session:
        session.get(MaskRun, run_id).undoing = True
    gate.goes_on.set()
    ended(one)
    assert generator.calls == 3
    assert listed(one) == {}


def test_one_job_begins_however_many_ask_at_once(projects, generator):  # noqa: F811
    one, _ = projects
    gate = Gate(generator)
    asked = [gevent.spawn(one.max.post, f"{one.path}/mask-runs/automatic", json={}) for _ in range(3)]
    codes = sorted(each.get(timeout=20).status_code for each in asked)
    assert codes == [202, 409, 409]
    with one.services.db.read() as session:
        assert session.query(MaskRun).count() == 1
    gate.goes_on.set()
    ended(one)


def test_a_job_that_was_stored_meanwhile_keeps_its_run(projects):
    one, _ = projects
    job = making.job_of(MACHINE, one.id, "other")
    with one.services.db.write() as session:
        jobs.put(session, job)
    assert one.max.post(f"{one.path}/mask-runs/automatic", json={}).status_code == 409
    with one.services.db.read() as session:
        assert session.query(MaskRun).count() == 0
        assert session.query(JobRow).filter_by(kind="masks").count() == 1


def test_who_loses_their_rights_within_an_image_changes_nothing_more(projects, generator):  # noqa: F811
    one, _ = projects
    rita = one.join("rita", "manager")
    gate = Gate(generator)
    answer = rita.post(f"{one.path}/mask-runs/automatic", json={"label": "thing"})
    assert answer.status_code == 202, answer.json
    gate.reached()
    with one.services.db.write() as session:
        members.put(session, one.id, rita.account, "viewer")
    gate.goes_on.set()
    stopped = ended(one)["run"]
    assert (stopped["state"], stopped["done"], stopped["error"]["code"]) == ("failed", 0, "forbidden")
    assert listed(one) == {}
