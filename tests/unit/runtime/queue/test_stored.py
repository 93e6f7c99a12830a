"""Jobs outlive the process: they are gone on with, counted, given up, retried, stopped."""

import errno

import gevent
import pytest
from gevent.event import Event

from server.errors import DatabaseBusy, FilesUnavailable, GivenUp, ImageFileLost, StorageFull, VersionConflict
from server.runtime.queue import inprocess
from server.runtime.queue.base import Job, Urgency
from server.runtime.queue.handlers import Lane, Stopped
from server.storage.rows import jobs as rows
from server.storage.tables import JobRow
from tests.unit.runtime.queue.desk import KIND, Desk, Held, job


@pytest.fixture
def open_desk(tmp_path):
    made = []

    def make(started=True, **options):
        made.append(Desk(tmp_path / "x.db", **options))
        if started:
            made[-1].queue.start()
        return made[-1]

    yield make
    for desk in made:
        desk.close()


def nothing(running):
    pass


def kill(desk):
    """As SIGKILL would: nothing more is done or noted."""
    former = desk.queue
    former._closed = True
    for entry in list(former._under_way):
        entry.running.cancelled = True
    return desk.next_process()


def test_what_was_queued_and_what_ran_is_done_by_the_next_process_in_order(open_desk):
    desk, order = open_desk(), []
    held = Held()
    desk.submit("held", held)
    for name, urgency in (("late", Urgency.RENEWAL), ("b", Urgency.AHEAD), ("a", Urgency.WANTED)):
        desk.submit(name, lambda running: order.append(running.job.args["name"]), urgency)
    gevent.sleep(0)
    assert desk.states() == [
        ("held", "running", 1), ("late", "queued", 0), ("b", "queued", 0), ("a", "queued", 0),
    ]  # fmt: skip
    again = kill(desk)
    desk.works["held"] = lambda running: order.append("held")
    again.start()
    desk.wait("late", 5)
    assert order == ["held", "b", "a", "late"]  # who waited for some is gone: they came in this order
    assert {state for _, state, _ in desk.states()} == {"done"}
    held.gate.set()


def test_a_job_that_ends_the_process_each_time_is_given_up(open_desk, caplog):
    desk = open_desk(attempts=3)
    desk.submit("poison", Held())
    for attempt in (1, 2, 3):
        gevent.sleep(0)
        assert desk.states() == [("poison", "running", attempt)]
        again = kill(desk)
        desk.works["poison"] = Held()
        again.start()
    assert isinstance(desk.status("poison").error, GivenUp)
    assert desk.works["poison"].runs == 0
    assert "Not tried again: work poison" in caplog.text
    kill(desk).start()
    assert isinstance(desk.status("poison").error, GivenUp)  # remembered
    desk.submit("poison", nothing)  # somebody asks
    assert desk.wait("poison", 1).state == "none"


def test_stopping_a_server_is_no_attempt(open_desk):
    desk = open_desk(interruptible=True)
    desk.submit("a", Held())
    gevent.sleep(0)
    desk.queue.close()
    assert desk.states() == [("a", "queued", 0)]
    desk = open_desk(started=False)
    held = Held()
    desk.submit("b", held)
    desk.queue.start()
    gevent.sleep(0)
    desk.queue.close()
    desk.queue.abandon()
    assert held.job.cancelled
    assert ("b", "queued", 0) in desk.states()


def test_one_that_does_not_resume_is_stopped(open_desk):
    desk = open_desk(resumes=lambda job: False)
    desk.submit("a", Held())
    gevent.sleep(0)
    kill(desk).start()
    assert desk.states() == [("a", "stopped", 1)]
    assert desk.status("a").state == "none"


def test_an_unknown_kind_names_the_known_ones(open_desk):
    desk = open_desk()
    with pytest.raises(LookupError, match="Known: work"):
        desk.queue.submit(Job("paint", {}, "x"))
    with desk.db.write() as session:
        rows.put(session, Job("paint", {}, "x"))
    kill(desk).start()
    with desk.db.read() as session:
        row = session.query(JobRow).one()
    assert (row.state, "Known: work." in row.error["message"]) == ("failed", True)


def test_a_failure_keeps_its_kind_and_details_over_a_restart(open_desk):
    desk = open_desk()
    for name, error in (("a", ImageFileLost("Gone.")), ("b", VersionConflict(current={"version": 3}))):
        bad = Held(error)
        bad.gate.set()
        desk.submit(name, bad)
        desk.wait(name, 1)
    kill(desk).start()
    lost, conflict = desk.status("a").error, desk.status("b").error
    assert isinstance(lost, ImageFileLost)
    assert (lost.message, lost.hint) == ("Gone.", ImageFileLost.hint)
    assert isinstance(conflict, VersionConflict)
    assert conflict.details == {"current": {"version": 3}}
    desk.cancel(lambda name: name == "a")
    assert desk.status("a").state == "none"
    kill(desk).start()
    assert [desk.status(name).state for name in "ab"] == ["none", "failed"]


def test_one_that_stopped_is_no_failure_and_begins_anew_when_asked(open_desk):
    desk = open_desk()

    def full(running):
        raise Stopped(StorageFull())

    desk.submit("a", full)
    assert desk.wait("a", 1).state == "none"
    assert desk.states() == [("a", "stopped", 1)]
    desk.submit("a", nothing)
    desk.wait("a", 1)
    assert desk.states() == [("a", "done", 1)]


def test_a_database_or_a_bucket_is_waited_for_and_is_no_attempt(open_desk, monkeypatch):
    monkeypatch.setattr(inprocess, "_REST_SECONDS", 0.01)
    desk, runs = open_desk(), []

    def work(running):
        runs.append(1)
        if len(runs) < 3:
            raise (DatabaseBusy, FilesUnavailable)[len(runs) - 1]

    end, refused = desk.store.end, []

    def refuse_once(*arguments):
        if not refused:
            refused.append(1)
            raise DatabaseBusy()
        return end(*arguments)

    monkeypatch.setattr(desk.store, "end", refuse_once)
    desk.submit("a", work)
    assert desk.wait("a", 5).state == "none"
    assert (len(runs), refused, desk.states()) == (3, [1], [("a", "done", 1)])


def test_a_full_disk_is_told_as_such(open_desk):
    desk = open_desk()
    full = Held(OSError(errno.ENOSPC, "No space left on device"))
    full.gate.set()
    desk.submit("a", full)
    assert isinstance(desk.wait("a", 1).error, StorageFull)


def test_cancelling_an_interruptible_one_returns_when_it_has_ended(open_desk):
    desk, ended = open_desk(interruptible=True), []

    def work(running):
        try:
            Event().wait()
        finally:
            gevent.sleep(0.01)
            ended.append(running.job.dedupe_key)

    for name in "ab":
        desk.submit(name, work)
    gevent.sleep(0)
    desk.cancel(lambda name: name == "a")
    assert ended == ["a"]
    assert desk.states()[0] == ("a", "stopped", 1)
    assert desk.status("b").state == "running"
    desk.submit("c", work)
    desk.cancel(lambda name: name == "b")  # as soon as it was begun, and the next in its place
    desk.cancel(lambda name: name == "c")
    assert [state for _, state, _ in desk.states()] == ["stopped"] * 3
    desk.submit("d", nothing)
    assert desk.wait("d", 1).state == "none"
    assert desk.states()[3] == ("d", "done", 1)


def test_a_client_cannot_take_all_places(open_desk):
    desk = open_desk(
        lane=Lane(KIND, at_once=4, of_one=2), path=lambda job: ("all", job.args["name"][0], job.dedupe_key)
    )
    begun = []

    def work(running):
        begun.append(running.job.dedupe_key)
        works[running.job.dedupe_key].wait()

    works = {name: Event() for name in ("a1", "a2", "a3", "a4", "a5", "b1", "c1")}
    desk.queue._started = False
    for name in works:
        desk.submit(name, work)
    desk.queue.start()
    gevent.sleep(0.01)
    assert begun == ["a1", "b1", "c1", "a2"]
    works["b1"].set()
    gevent.sleep(0.01)
    assert begun[4:] == []  # the others have their share
    assert [desk.status(name).position for name in ("a3", "a5")] == [1, 3]
    desk.cancel(lambda name: name == "a4")
    works["a1"].set()
    gevent.sleep(0.01)
    assert begun[4:] == ["a3"]
    for each in works.values():
        each.set()
    desk.wait("a5", 1)
    assert begun[5:] == ["a5"]


def test_progress_is_told_at_once_and_stored_now_and_then(open_desk):
    desk, going_on = open_desk(), Event()

    def work(running):
        for number in range(100):
            running.tell(images=number)
        going_on.wait()

    desk.submit("a", work)
    gevent.sleep(0)
    assert desk.status("a").progress == {"images": 99}
    with desk.db.read() as session:
        assert session.query(JobRow).one().progress == {"images": 0}
    going_on.set()


def test_one_stored_with_something_else_is_taken_after_the_commit(open_desk):
    desk, done = open_desk(), []
    desk.works["a"] = lambda running: done.append(1)
    with desk.db.write() as session:
        stored = rows.put(session, job("a"))
        assert rows.put(session, job("a")) == stored  # one, however many ask
    desk.queue.take(stored)
    desk.queue.take(stored)
    desk.wait("a", 1)
    assert (done, desk.states()) == ([1], [("a", "done", 1)])


def test_a_full_disk_is_no_failure_of_the_next_process(open_desk):
    desk = open_desk()
    bad = Held(StorageFull())
    bad.gate.set()
    desk.submit("a", bad)
    assert desk.wait("a", 1).state == "failed"
    kill(desk).start()
    assert desk.status("a").state == "none"


def test_what_is_cancelled_stops_here_though_the_database_is_locked(open_desk, monkeypatch):
    desk, held = open_desk(), Held()
    desk.submit("a", held)
    gevent.sleep(0)

    def locked(*_arguments):
        raise DatabaseBusy()

    monkeypatch.setattr(desk.store, "stop", locked)
    with pytest.raises(DatabaseBusy):
        desk.cancel(lambda name: name == "a")
    assert desk.status("a").state == "none"
