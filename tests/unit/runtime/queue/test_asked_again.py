"""A job that is asked for while the same one ends is done once more: that one has not seen why."""

import gevent
import pytest
from gevent.event import Event

from server.errors import DatabaseBusy
from server.runtime.queue import inprocess
from server.runtime.queue.handlers import GivesWay, Lane
from server.storage.rows import jobs as rows
from tests.unit.runtime.queue.desk import KIND, Desk, Held, job


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "x.db")
    desk.runs, desk.ending, desk.may_end = [], Event(), Event()
    desk.works["x"] = lambda running: desk.runs.append(1)
    end = desk.store.end

    def slow_end(*arguments):
        desk.ending.set()
        desk.may_end.wait(5)
        return end(*arguments)

    desk.store.end = slow_end
    desk.queue.start()
    desk.queue.submit(job("x"))
    desk.ending.wait(5)
    yield desk
    desk.close()


def is_done_again(desk):
    desk.may_end.set()
    with gevent.Timeout(5):
        while desk.states() != [("x", "done", 1)] or desk.queue.busy():
            gevent.sleep(0.001)
    return len(desk.runs) == 2


def test_one_that_is_submitted(desk):
    assert desk.queue.submit(job("x")).state == "running"
    assert is_done_again(desk)


def test_one_that_was_stored_with_something_else(desk):
    with desk.db.write() as session:
        stored = rows.put(session, job("x"))
    desk.queue.take(stored)
    assert is_done_again(desk)


def test_one_that_was_stored_before_and_is_taken_after_the_end(desk):
    with desk.db.write() as session:
        stored = rows.put(session, job("x"))
    desk.may_end.set()
    desk.wait("x", 5)
    desk.queue.take(stored)
    assert is_done_again(desk)


def test_one_that_nobody_wants_any_more_is_not(desk):
    desk.queue.submit(job("x"))
    desk.cancel(lambda name: name == "x")
    desk.may_end.set()
    gevent.sleep(0.05)
    assert (desk.runs, desk.states()) == ([1], [("x", "stopped", 1)])


@pytest.mark.parametrize("error", [DatabaseBusy(), GivesWay()])
@pytest.mark.parametrize("shared", [False, True])
def test_what_was_stopped_takes_nothing_from_what_runs_beside_it(tmp_path, monkeypatch, error, shared):
    monkeypatch.setattr(inprocess, "_REST_SECONDS", 0.01)
    desk = Desk(tmp_path / "x.db", shared=shared, lane=Lane(KIND, at_once=2))
    desk.queue.start()
    first, second = Held(error), Held()
    desk.submit("x", first)
    gevent.sleep(0.02)
    desk.cancel(lambda name: name == "x")
    desk.submit("x", second)
    gevent.sleep(0.02)
    assert (first.job.cancelled, second.job.cancelled) == (True, False)
    former, latter = first.job.run, second.job.run
    assert former != latter
    desk.store.put_back({former: first.job.id})
    desk.store.tell(first.job.id, former, {"told": "late"})
    desk.store.release(first.job.id, former)
    assert not desk.store.end(first.job.id, former, "failed")
    first.gate.set()
    gevent.sleep(0.1)
    assert desk.states() == [("x", "running", 1)]
    second.gate.set()
    assert desk.wait("x", 5).state == "none"
    assert desk.states() == [("x", "done", 1)]
    desk.close()


def test_one_that_was_stopped_twice_is_kept_by_the_latter_run(tmp_path):
    desk = Desk(tmp_path / "x.db", shared=True, lane=Lane(KIND, at_once=2))
    desk.queue.start()
    first, second = Held(), Held()
    for held in (first, second):
        desk.submit("x", held)
        gevent.sleep(0.02)
        desk.cancel(lambda name: name == "x")
    for held, owner in ((first, second.job.run), (second, None)):
        held.gate.set()
        gevent.sleep(0.1)
        assert desk.store.load([second.job.id])[0].owner == owner
    desk.close()
