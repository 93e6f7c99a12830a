"""Imports run beside each other, fair among projects; one that is slow, cancelled or discarded holds up no other."""

import io

import gevent
import pytest
from gevent.event import Event

from server.domain.policy import OWNER
from server.errors import Conflict, ImportNotFound
from server.features.transfer.imports.jobs import Choices
from server.features.transfer.imports.pictures import Pictures
from server.storage.tables import ImportFile, JobRow, Project
from tests.unit.features.transfer.imports.packing import pack_tar, pack_zip, picture


def send(world, path, project="p", format_name=None):
    with path.open("rb") as file:
        return world.imports.receive(
            OWNER, project, file, path.name, format_name, Choices(keep_going=True)
        ).id


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
    world.queue.start()
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
    world.queue.start()
    data, going_on = io.BytesIO(pack_zip(tmp_path / "x", {"x.png": picture(1)}).read_bytes()), Event()

    class Slow:
        def read(self, size):
            going_on.wait()
            return data.read(size)

    sender = gevent.spawn(world.imports.receive, OWNER, "p", Slow(), "slow", None, Choices())
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
    world.imports.resume(OWNER, "p", held, {})
    job = until(world, held, "done")
    assert (job["added"], job["bytes"]) == (3, 0)


def test_a_waiting_import_is_cancelled(world, tmp_path):
    job_id = send(world, pack_zip(tmp_path / "x", {"x.png": picture(1)}))
    assert world.imports.cancel("p", job_id)["state"] == "stopped"
    world.queue.start()
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
            world.queue.start()
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
        assert session.query(JobRow).count() == 0
