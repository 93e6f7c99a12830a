"""Imports run beside each other, fair among projects; one that is slow, cancelled or discarded holds up no other."""

import io

import gevent
import pytest
from gevent.event import Event

from server.errors import Conflict, DatabaseBusy, ImportNotFound
from server.features.transfer.imports import queue
from server.features.transfer.imports.jobs import Choices
from server.features.transfer.imports.pictures import Pictures
from server.features.transfer.imports.queue import AT_ONCE, ImportQueue
from server.storage.tables import ImportFile, ImportJob, Project
from tests.unit.features.transfer.imports.packing import pack_tar, pack_zip, picture


class Line:
    """A queue of jobs that end when they are told to."""

    def __init__(self, *jobs):
        self.waiting = [ImportJob(id=name, project_id=name[0]) for name in jobs]
        self.begun, self.ends = [], {}
        self.queue = ImportQueue(self.listed, self.run)

    def listed(self):
        return [job for job in self.waiting if job.id not in self.ends or not self.ends[job.id].is_set()]

    def run(self, job):
        self.begun.append(job.id)
        self.ends[job.id] = Event()
        try:
            self.ends[job.id].wait()
        finally:
            self.ends[job.id].set()

    def end(self, name):
        self.ends[name].set()
        gevent.sleep(0.01)


@pytest.fixture
def line():
    made = []

    def make(*jobs):
        made.append(Line(*jobs))
        made[-1].queue.start()
        gevent.sleep(0.01)
        return made[-1]

    yield make
    for each in made:
        each.queue.stop()


def test_a_project_cannot_take_all(line):
    jobs = line("a1", "a2", "a3", "a4", "a5", "b1", "c1")
    assert jobs.begun == ["a1", "b1", "c1", "a2"]
    assert len(jobs.begun) == AT_ONCE
    jobs.end("b1")
    assert jobs.begun[4:] == []  # the slow project has its share
    jobs.end("a1")
    assert jobs.begun[4:] == ["a3"]


def test_what_comes_later_is_begun_beside_what_is_slow(line):
    jobs = line("a1")
    jobs.waiting.append(ImportJob(id="b1", project_id="b"))
    jobs.queue.wake()
    gevent.sleep(0.01)
    assert jobs.begun == ["a1", "b1"]
    jobs.queue.cancel("a1")
    assert jobs.ends["a1"].is_set()
    assert not jobs.ends["b1"].is_set()
    jobs.queue.cancel("a1")
    jobs.queue.cancel("unknown")


def test_a_busy_database_is_waited_for(monkeypatch):
    monkeypatch.setattr(queue, "_REST_SECONDS", 0.01)
    asked, done = [], Event()

    def waiting():
        asked.append(1)
        if len(asked) == 1:
            raise DatabaseBusy()
        return [] if done.is_set() else [ImportJob(id="a", project_id="p")]

    def run(_job):
        if len(asked) < 4:
            raise DatabaseBusy()
        done.set()

    jobs = ImportQueue(waiting, run)
    jobs.start()
    assert done.wait(5)
    jobs.stop()


def send(world, path, project="p", format_name=None):
    with path.open("rb") as file:
        return world.imports.receive(project, file, path.name, format_name, Choices(keep_going=True)).id


def until(world, job_id, *states, project="p"):
    for _ in range(1000):
        job = world.imports.jobs.get(project, job_id)
        if job["state"] in states:
            return job
        gevent.sleep(0.01)
    raise AssertionError(job)


@pytest.fixture
def held(world, tmp_path, monkeypatch):
    """A running import of three images that waits before the second."""
    path = pack_zip(tmp_path / "slow.zip", {f"{n}.png": picture(n) for n in range(3)})
    whole = Pictures._receive
    going_on = Event()

    def slow(self, member, *rest):
        if member.name == "1.png" and self._job.source == "slow.zip":
            going_on.wait()
        whole(self, member, *rest)

    monkeypatch.setattr(Pictures, "_receive", slow)
    world.imports.start()
    job_id = send(world, path)
    until(world, job_id, "running")
    while not world.images():
        gevent.sleep(0.01)
    yield job_id
    going_on.set()


def test_a_slow_import_holds_up_no_other(world, tmp_path, held):
    with world.db.write() as session:
        session.add(Project(id="q", name="Other"))
    for project in ("p", "q"):
        other = send(world, pack_tar(tmp_path / "x.tar", {"x.png": picture(7)}), project)
        assert until(world, other, "done", project=project)["failed"] == 0
    assert world.imports.jobs.get("p", held)["state"] == "running"


def test_a_slow_sender_holds_up_no_other(world, tmp_path):
    world.imports.start()
    data, going_on = io.BytesIO(pack_zip(tmp_path / "x", {"x.png": picture(1)}).read_bytes()), Event()

    class Slow:
        def read(self, size):
            going_on.wait()
            return data.read(size)

    sender = gevent.spawn(world.imports.receive, "p", Slow(), "slow", None, Choices())
    gevent.sleep(0.01)
    quick = send(world, pack_zip(tmp_path / "y", {"y.png": picture(2)}))
    assert until(world, quick, "done")["added"] == 1
    going_on.set()
    assert until(world, sender.get().id, "done")["added"] == 1


def test_a_running_import_is_cancelled_and_resumed(world, held, monkeypatch):
    job = world.imports.cancel("p", held)
    assert (job["state"], job["error"], job["added"]) == ("stopped", "Cancelled.", 1)
    assert job["bytes"] > 0
    assert list(world.images()) == ["0.png"]
    with pytest.raises(Conflict):
        world.imports.cancel("p", held)
    monkeypatch.undo()
    world.imports.resume("p", held, {})
    job = until(world, held, "done")
    assert (job["added"], job["bytes"]) == (3, 0)


def test_a_waiting_import_is_cancelled(world, tmp_path):
    job_id = send(world, pack_zip(tmp_path / "x", {"x.png": picture(1)}))
    assert world.imports.cancel("p", job_id)["state"] == "stopped"
    world.imports.start()
    gevent.sleep(0.05)
    assert world.images() == {}


def files_of_imports(world):
    return [path.name for path in (world.folder / "imports").iterdir()]


@pytest.mark.parametrize("states", [("queued",), ("running",), ("stopped",), ("failed",), ("done",)])
def test_an_import_is_discarded_whatever_came_of_it(world, tmp_path, states, request):
    if states == ("running",):
        job_id = request.getfixturevalue("held")
    else:
        files = {"a.txt": b"x"} if states == ("failed",) else {"a.png": picture(1)}
        job_id = send(world, pack_zip(tmp_path / "x", files))
        if states == ("stopped",):
            world.imports.cancel("p", job_id)
        elif states != ("queued",):
            world.imports.start()
    until(world, job_id, *states)
    images = world.images()
    world.imports.discard("p", job_id)
    with pytest.raises(ImportNotFound):
        world.imports.jobs.get("p", job_id)
    with pytest.raises(ImportNotFound):
        world.imports.discard("p", job_id)
    assert files_of_imports(world) == []
    assert world.images() == images
    with world.db.read() as session:
        assert session.query(ImportFile).count() == 0
