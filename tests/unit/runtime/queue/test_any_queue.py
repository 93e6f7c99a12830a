"""What any queue promises: the same handlers do the same jobs, and leave the same rows."""

import gevent
import pytest

from server.errors import EncodingFailed, ImageFileLost, StorageFull
from server.runtime.queue.eager import EagerQueue
from server.runtime.queue.handlers import GivesWay, Stopped
from server.runtime.queue.inprocess import InProcessQueue
from tests.unit.runtime.queue.desk import Desk, Held


@pytest.mark.parametrize("make_queue", [InProcessQueue, EagerQueue])
def test_any_queue_does_them(tmp_path, make_queue):
    """The same handlers, the same rows, the same answers."""
    desk, done, heard = Desk(tmp_path / "x.db", make_queue), [], []
    desk.queue.start()
    desk.listen(lambda name, status: heard.append((name, status.state)))
    good = lambda running: done.append(running.job.args["name"])  # noqa: E731
    desk.submit("good", good)
    assert desk.wait("good", 5).state == "none"
    bad = Held(ImageFileLost())
    bad.gate.set()
    desk.submit("bad", bad)
    assert isinstance(desk.wait("bad", 5).error, ImageFileLost)
    odd = Held(ZeroDivisionError())
    odd.gate.set()
    desk.submit("odd", odd)
    assert isinstance(desk.wait("odd", 5).error, EncodingFailed)
    desk.submit("bad", good)
    assert desk.wait("bad", 5).state == "none"

    def full(running):
        raise Stopped(StorageFull())

    desk.submit("full", full)
    assert desk.wait("full", 5).state == "none"
    desk.cancel(lambda name: name == "odd")
    assert desk.status("odd").state == "none"
    assert done == ["good", "bad"]
    assert desk.states() == [
        ("good", "done", 1), ("odd", "stopped", 1), ("bad", "done", 1), ("full", "stopped", 1),
    ]  # fmt: skip
    assert heard == [
        ("good", "running"), ("good", "none"), ("bad", "running"), ("bad", "failed"), ("odd", "running"),
        ("odd", "failed"), ("bad", "running"), ("bad", "none"), ("full", "running"), ("full", "none"),
    ]  # fmt: skip
    assert not desk.queue.busy()
    desk.queue.close()
    assert desk.submit("late", good).state == "none"
    assert len(desk.states()) == 4
    desk.close()


def test_asked_for_twice_at_once_it_is_done_once(tmp_path):
    desk, held = Desk(tmp_path / "x.db", EagerQueue), Held()
    asked = [gevent.spawn(desk.submit, "a", held) for _ in range(3)]
    gevent.sleep(0)
    held.gate.set()
    assert [each.get(timeout=2).state for each in asked] == ["none"] * 3
    assert (held.runs, desk.states()) == (1, [("a", "done", 1)])
    desk.close()


@pytest.mark.parametrize("make_queue", [InProcessQueue, EagerQueue])
def test_one_that_gives_way_goes_on_and_is_one_attempt(tmp_path, make_queue):
    desk, runs = Desk(tmp_path / "x.db", make_queue), []
    desk.queue.start()

    def work(running):
        runs.append(running.progress)
        running.tell(done=len(runs))
        if len(runs) < 3:
            raise GivesWay

    desk.submit("a", work)
    assert desk.wait("a", 5).state == "none"
    assert runs[0] is None
    assert len(runs) == 3
    assert desk.states() == [("a", "done", 1)]
    desk.close()
