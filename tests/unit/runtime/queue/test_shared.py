"""Several processes with one store: each job is done by one of them at a time, and known to all. Here each is a queue
with a store of its own over one database."""

import gevent
import pytest
from gevent.event import Event

from server.errors import GivenUp, ImageFileLost
from server.runtime.queue import following, leases
from server.runtime.queue.base import Urgency
from server.runtime.queue.eager import EagerQueue
from server.runtime.queue.handlers import GivesWay
from server.storage import jobs as stored_jobs
from server.storage.rows import jobs as rows
from server.storage.tables import JobRow
from tests.unit.runtime.queue.desk import KIND, Desk, Held, job


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(following, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(leases, "_BEAT_SECONDS", 0.1)
    monkeypatch.setattr(stored_jobs, "LEASE_SECONDS", 1.0)


@pytest.fixture
def open_desk(tmp_path):
    made = []

    def make(**options):
        made.append(Desk(tmp_path / "x.db", shared=True, **options))
        made[-1].queue.start()
        return made[-1]

    yield make
    for desk in made:
        desk.close()


def until(holds, seconds=10):
    with gevent.Timeout(seconds):
        while not holds():
            gevent.sleep(0.01)


def freeze(desk):
    """As a process that is killed, or stands still, does nothing more for its jobs."""
    desk.queue._following.stop()
    if desk.queue._leases._greenlet is not None:
        desk.queue._leases._greenlet.kill()
    desk.queue._closed = True


def test_each_job_is_done_once_by_whoever_has_a_place(open_desk):
    a, b = open_desk(), open_desk()
    done = []
    for desk in (a, b):
        for number in range(20):
            desk.works[str(number)] = lambda running, desk=desk: (
                done.append((running.job.dedupe_key, desk)),
                gevent.sleep(0.01),
            )
    for number in range(20):
        a.queue.submit(job(str(number)))
    until(lambda: {state for _, state, _ in a.states()} == {"done"})
    assert sorted(name for name, _ in done) == sorted(map(str, range(20)))
    assert {desk for _, desk in done} == {a, b}
    assert {attempts for _, _, attempts in a.states()} == {1}
    until(lambda: not a.queue._book.entries and not b.queue._book.entries)


def test_how_a_job_stands_and_ends_is_known_elsewhere(open_desk):
    a, b = open_desk(), open_desk()
    held, told = Held(), []
    b.listen(lambda name, status: told.append((name, status.state)))
    a.submit("x", held)
    until(lambda: b.status("x").state == "running")
    held.job.tell(images=3)
    until(lambda: b.status("x").progress == {"images": 3})
    gevent.spawn_later(0.05, held.gate.set)
    assert b.wait("x", 5).state == "none"
    assert told[-1] == ("x", "none")
    bad = Held(ImageFileLost("Gone."))
    bad.gate.set()
    a.submit("y", bad)
    until(lambda: b.status("y").state == "failed")
    assert b.status("y").error.message == "Gone."
    a.cancel(lambda name: name == "y")
    until(lambda: b.status("y").state == "none")


def test_what_a_dead_process_left_is_done_by_another_and_its_own_end_is_not_stored(open_desk):
    a, b = open_desk(), open_desk()
    first, second = Held(ImageFileLost()), Held()
    b.works["x"] = second
    a.submit("x", first)
    until(lambda: a.states() == [("x", "running", 1)])
    freeze(a)
    gevent.sleep(0.5)
    assert second.runs == 0  # its lease holds
    until(lambda: second.runs == 1)
    assert a.states() == [("x", "running", 2)]
    first.gate.set()  # it was not dead
    gevent.sleep(0.2)
    assert a.states() == [("x", "running", 2)]
    second.gate.set()
    until(lambda: a.states() == [("x", "done", 2)])


def test_a_lease_outlasts_a_long_job(open_desk):
    a, b = open_desk(), open_desk()
    held, other = Held(), Held()
    b.works["x"] = other
    a.submit("x", held)
    gevent.sleep(2.5)
    assert (other.runs, a.states()) == (0, [("x", "running", 1)])
    held.gate.set()
    until(lambda: a.states() == [("x", "done", 1)])


@pytest.mark.parametrize("interruptible", [True, False])
def test_one_that_lost_its_lease_is_told_to_stop(open_desk, interruptible):
    a = open_desk(interruptible=interruptible)
    held = Held()
    a.submit("x", held)
    until(lambda: a.states() == [("x", "running", 1)])
    with a.db.write() as session:
        session.query(JobRow).update({"owner": "another", "leased_until": 1e12})
    until(lambda: held.job.cancelled)
    if interruptible:
        until(lambda: not a.queue.busy())
    held.gate.set()
    until(lambda: not a.queue.busy())
    assert a.states() == [("x", "running", 1)]
    until(lambda: a.status("x").state == "running")  # there


def test_cancelling_reaches_whoever_does_it(open_desk):
    a, b = open_desk(interruptible=True), open_desk(interruptible=True)
    held = Held()
    a.submit("x", held)
    until(lambda: b.status("x").state == "running")
    b.cancel(lambda name: name == "x")
    until(lambda: held.job.cancelled and not a.queue.busy())
    assert a.states() == [("x", "stopped", 1)]
    assert (a.status("x").state, b.status("x").state) == ("none", "none")


def test_one_that_is_stopped_elsewhere_has_ended_when_that_is_answered(open_desk):
    a, b = open_desk(interruptible=True), open_desk(interruptible=True)
    ended = []

    def work(running):
        try:
            Event().wait()
        finally:
            gevent.sleep(0.3)
            ended.append(running.job.dedupe_key)

    a.submit("x", work)
    until(lambda: b.status("x").state == "running")
    b.cancel(lambda name: name == "x")
    assert ended == ["x"]


def test_one_that_is_asked_for_again_does_not_run_beside_what_was_stopped(open_desk):
    a, b = open_desk(), open_desk()
    first, second = Held(), Held()
    a.submit("x", first)
    until(lambda: b.status("x").state == "running")
    b.cancel(lambda name: name == "x")
    b.submit("x", second)
    a.works["x"] = second
    gevent.sleep(1.5)  # longer than a lease
    assert (first.job.cancelled, second.runs) == (True, 0)
    assert b.states() == [("x", "queued", 0)]
    first.gate.set()
    until(lambda: second.runs == 1)
    second.gate.set()
    until(lambda: b.states() == [("x", "done", 1)])


def test_one_that_was_stopped_elsewhere_may_be_asked_for_before_that_is_noticed(open_desk):
    a, b = open_desk(), open_desk()
    first, second = Held(), Held()
    a.submit("x", first)
    until(lambda: b.status("x").state == "running")
    b.store.stop([first.job.id])
    a.works["x"] = b.works["x"] = second
    assert not first.job.cancelled
    a.queue.submit(job("x"))
    until(lambda: first.job.cancelled)
    first.gate.set()
    until(lambda: second.runs == 1)
    second.gate.set()
    until(lambda: a.states() == [("x", "done", 1)])


def test_a_start_takes_nothing_from_those_that_live(open_desk):
    a = open_desk()
    held = Held()
    a.submit("x", held)
    until(lambda: a.states() == [("x", "running", 1)])
    b = open_desk()
    assert b.status("x").state == "running"
    gevent.sleep(0.3)
    assert a.states() == [("x", "running", 1)]


def test_one_whose_processes_all_die_is_given_up(open_desk):
    for _ in range(2):
        desk = open_desk(attempts=2)
        desk.works["x"] = Held()
        desk.queue.submit(job("x"))
        until(lambda desk=desk: desk.works["x"].runs == 1)
        freeze(desk)
    last = open_desk(attempts=2)
    until(lambda: last.status("x").state == "failed")
    assert isinstance(last.status("x").error, GivenUp)


def test_a_stopped_process_gives_its_jobs_back_at_once(open_desk, monkeypatch):
    monkeypatch.setattr(stored_jobs, "LEASE_SECONDS", 60.0)
    a, b = open_desk(), open_desk()
    first, second = Held(), Held()
    b.works["x"] = second
    a.submit("x", first)
    until(lambda: b.status("x").state == "running")
    a.queue.close()
    a.queue.abandon()
    until(lambda: second.runs == 1)
    assert a.states() == [("x", "running", 1)]


def test_the_more_urgent_is_so_everywhere(open_desk):
    a, b = open_desk(), open_desk()
    held = Held()
    a.queue._closed = b.queue._closed = False
    for desk, name in ((a, "held a"), (b, "held b")):
        desk.works["held a"] = desk.works["held b"] = held
        desk.queue.submit(job(name))
        until(lambda desk=desk, name=name: desk.status(name).state == "running")
    for name in ("x", "y"):
        a.queue.submit(job(name, Urgency.AHEAD))
    until(lambda: b.status("y").position == 2)
    a.queue.submit(job("y", Urgency.WANTED))
    until(lambda: b.status("y").position == 1)
    a.ease(lambda name: name == "y")
    until(lambda: b.queue._book.entries[KIND, "y"].urgency is Urgency.AHEAD)
    b.cancel(lambda name: name in "xy")


def test_one_that_gives_way_may_go_on_elsewhere(open_desk):
    a, b = open_desk(), open_desk()
    turns, gate = [], Event()

    def work(desk):
        def turn(running):
            turns.append(desk)
            if len(turns) < 3:
                gevent.sleep(0.01)
                raise GivesWay
            gate.wait()

        return turn

    a.works["x"], b.works["x"] = work(a), work(b)
    a.queue.submit(job("x"))
    until(lambda: len(turns) == 3)
    gate.set()
    until(lambda: a.states() == [("x", "done", 1)])


def test_a_command_keeps_its_job_too(open_desk):
    command, server = open_desk(make_queue=EagerQueue), open_desk()
    held, other = Held(), Held()
    server.works["x"] = other
    doing = gevent.spawn(command.submit, "x", held)
    gevent.sleep(2.0)
    assert (other.runs, server.states()) == (0, [("x", "running", 1)])
    held.gate.set()
    doing.join()
    assert server.states() == [("x", "done", 1)]


def test_leases_go_by_the_clock_of_the_database(open_desk):
    a = open_desk()
    held = Held()
    a.submit("x", held)
    until(lambda: a.states() == [("x", "running", 1)])
    with a.db.write() as session:
        left = session.query(JobRow.leased_until).scalar()
        assert 0 < left - session.query(rows.seconds_now()).scalar() <= 1.0
