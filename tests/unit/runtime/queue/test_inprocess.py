"""One job a key, first come first served, positions, failures that can be retried, cancellation."""

import logging
from collections import Counter

import gevent
import pytest

from server.errors import EncodingFailed, InvalidImage
from server.runtime.queue import listeners
from server.runtime.queue.base import Urgency
from server.runtime.turns import client
from tests.unit.runtime.queue.desk import Desk, Held


@pytest.fixture
def queue(tmp_path):
    desk = Desk(tmp_path / "x.db")
    desk.queue.start()
    yield desk
    desk.close()


def test_one_job_however_many_ask(queue):
    work = Held()
    states = [queue.submit("a", work).state for _ in range(20)]
    assert set(states) == {"running"}
    work.gate.set()
    assert queue.wait("a", 1).state == "none"
    assert work.runs == 1


def test_a_listener_that_fails_does_not_stop_the_queue(queue, caplog):
    def fail(*_):
        raise OSError("the database cannot be read")

    queue.listen(fail)
    for name in "ab":
        queue.submit(name, lambda job: None)
    assert queue.wait("b", 1).state == "none"
    assert not queue.queue.busy()
    assert "cannot be read" in caplog.text


def test_first_come_first_served_with_positions(queue):
    works = {name: Held() for name in "abc"}
    for name, work in works.items():
        queue.submit(name, work)
    gevent.sleep(0)
    assert [queue.status(name).position for name in "abc"] == [None, 1, 2]
    works["a"].gate.set()
    queue.wait("a", 1)
    gevent.sleep(0)
    assert [queue.status(name).state for name in "abc"] == ["none", "running", "queued"]
    assert queue.status("c").position == 1
    for work in works.values():
        work.gate.set()
    assert queue.wait("c", 1).state == "none"
    assert not queue.queue.busy()


def test_what_is_left_goes_behind_what_is_done_ahead_unless_somebody_waits_for_it(queue):
    works = {name: Held() for name in "abcde"}
    queue.submit("a", works["a"])
    queue.submit("b", works["b"], Urgency.AHEAD)
    for name in "cde":
        queue.submit(name, works[name])
    waiting = gevent.spawn(queue.wait, "d", 2)
    gevent.sleep(0)
    heard = []
    queue.listen(lambda key, status: heard.append((key, status.position)))
    queue.ease(lambda key: key in set("abcd"))
    assert heard == [("c", 4)]
    assert [queue.status(name).position for name in "abcde"] == [None, 3, 4, 1, 2]
    assert queue.submit("c", works["c"]).position == 3  # wanted again
    for work in works.values():
        work.gate.set()
    assert waiting.get().state == "none"
    assert queue.wait("b", 2).state == "none"


def test_the_less_urgent_lets_others_pass_until_somebody_asks_for_it_more_urgently(queue):
    works = {name: Held() for name in "abcdefg"}
    queue.submit("a", works["a"])
    queue.submit("g", works["g"], Urgency.RENEWAL)
    for name in "bc":
        queue.submit(name, works[name], Urgency.AHEAD)
    queue.submit("d", works["d"])
    assert [queue.status(name).position for name in "bcdg"] == [2, 3, 1, 4]
    queue.submit("c", works["c"])
    assert [queue.status(name).position for name in "bcdg"] == [3, 2, 1, 4]
    queue.submit("e", works["e"], Urgency.AHEAD)
    queue.submit("d", works["d"], Urgency.AHEAD)
    assert [queue.status(name).position for name in "bcdeg"] == [3, 2, 1, 4, 5]
    queue.submit("f", works["f"], Urgency.RENEWAL)
    queue.submit("g", works["g"], Urgency.AHEAD)
    assert [queue.status(name).position for name in "bcdegf"] == [3, 2, 1, 4, 5, 6]
    for work in works.values():
        work.gate.set()
    assert queue.wait("f", 1).state == "none"


def submit_as(queue, name, key, work):
    """Ask for a job in the name of a client."""
    gevent.spawn(lambda: (client.set((name,)), queue.submit(key, work))).join()


def test_clients_take_turns_and_each_ones_jobs_keep_their_order(queue):
    held, order = Held(), []
    queue.submit("held", held)
    for number in range(2000):
        submit_as(queue, "many", f"many {number}", lambda job: order.append(job.job.args["name"]))
    for number in range(2):
        submit_as(queue, "few", f"few {number}", lambda job: order.append(job.job.args["name"]))
    assert [queue.status(key).position for key in ("many 0", "few 0", "many 1", "few 1", "many 2")] == [
        *range(1, 6)
    ]
    assert queue.status("many 1999").position == 2002
    held.gate.set()
    assert queue.wait("few 1", 5).state == "none"
    assert order[:4] == ["many 0", "few 0", "many 1", "few 1"]
    queue.cancel(lambda key: True)


def test_connections_that_ask_for_one_job_each_are_served_as_they_came(queue):
    held, order = Held(), []
    queue.submit("first", lambda job: None)
    queue.wait("first", 1)
    queue.submit("held", held)
    for number in range(9):
        submit_as(queue, str(number), f"{number}", lambda job: order.append(job.job.args["name"]))
    assert [queue.status(str(number)).position for number in range(9)] == [*range(1, 10)]
    held.gate.set()
    queue.wait("8", 5)
    assert "".join(order) == "012345678"


def test_a_job_works_for_the_client_who_asked(queue):
    clients = []
    submit_as(queue, "a", "1", lambda job: clients.append(client.get()))
    submit_as(queue, "b", "2", lambda job: clients.append(client.get()))
    queue.wait("2", 1)
    assert clients == [("a",), ("b",)]


def test_moving_in_the_queue_is_told_of_what_is_watched_and_once_in_a_while(queue, monkeypatch):
    monkeypatch.setattr(listeners, "_POSITIONS_SECONDS", 0.01)
    heard = []
    queue.listen(
        lambda key, status: heard.append((key, status.state, status.position)), lambda key: key == "w"
    )
    works = [Held() for _ in range(3)]
    for number, work in enumerate(works):
        queue.submit(str(number), work)
    queue.submit("w", Held())
    for number in range(500):
        queue.submit(f"later {number}", Held())
    assert len(heard) == 3 + 1 + 500  # each its own beginning, no more
    works[0].gate.set()
    queue.wait("0", 1)
    works[1].gate.set()
    queue.wait("1", 1)
    with gevent.Timeout(5):
        while ("w", "queued", 1) not in heard:
            gevent.sleep(0.01)
    assert heard.index(("w", "queued", 3)) < heard.index(("w", "queued", 1))
    told = Counter(name for name, state, _ in heard if state == "queued" and name != "w")
    assert set(told.values()) == {1}
    queue.cancel(lambda key: True)


def test_waiting_ends_with_the_time_or_with_the_job(queue):
    work = Held()
    queue.submit("a", work)
    assert queue.wait("a", 0.02).state == "running"
    gevent.spawn_later(0.02, work.gate.set)
    assert queue.wait("a", 2).state == "none"
    assert queue.wait("never asked", 2).state == "none"


def test_a_failure_is_kept_and_asking_again_tries_again(queue):
    bad = Held(InvalidImage())
    bad.gate.set()
    queue.submit("a", bad)
    assert queue.wait("a", 1).error is bad.error
    assert queue.status("a").state == "failed"
    good = Held()
    good.gate.set()
    assert queue.submit("a", good).state == "running"
    assert queue.wait("a", 1).state == "none"


def test_an_unforeseen_failure_is_logged_once_and_answered_as_one_of_ours(queue, caplog):
    bad = Held(RuntimeError("boom"))
    bad.gate.set()
    queue.submit("a", bad)
    with caplog.at_level(logging.ERROR):
        assert isinstance(queue.wait("a", 1).error, EncodingFailed)
    assert len(caplog.records) == 1


def test_a_cancelled_job_fails_in_silence(queue, caplog):
    bad = Held(RuntimeError("boom"))
    queue.submit("a", bad)
    gevent.sleep(0)
    queue.cancel(lambda key: True)
    bad.gate.set()
    while queue.queue.busy():
        gevent.sleep(0.001)
    assert caplog.records == []
    assert queue.status("a").state == "none"


def test_cancelling_a_waiting_job_frees_who_waits(queue):
    first, second = Held(), Held()
    queue.submit("a", first)
    queue.submit("b", second)
    waiting = gevent.spawn(queue.wait, "b", 2)
    gevent.sleep(0)
    queue.cancel(lambda key: key == "b")
    assert waiting.get(timeout=1).state == "none"
    first.gate.set()
    queue.wait("a", 1)
    assert second.runs == 0


def test_cancelling_a_running_job_tells_it_and_a_new_one_may_be_asked(queue):
    first, second = Held(), Held()
    queue.submit("a", first)
    gevent.sleep(0)
    queue.cancel(lambda key: True)
    assert first.job.cancelled
    assert queue.status("a").state == "none"
    assert queue.submit("a", second).state == "queued"
    first.gate.set()
    second.gate.set()
    assert queue.wait("a", 1).state == "none"
    assert second.runs == 1


def test_every_change_is_told(queue):
    heard = []
    queue.listen(lambda key, status: heard.append((key, status.state, status.position)))
    a, b = Held(), Held(InvalidImage())
    queue.submit("a", a)
    queue.submit("b", b)
    a.gate.set()
    b.gate.set()
    queue.wait("b", 1)
    assert heard == [
        ("a", "running", None),
        ("b", "queued", 1),
        ("a", "none", None),
        ("b", "running", None),
        ("b", "failed", None),
    ]


def test_closing_starts_nothing_more(queue):
    first, second = Held(), Held()
    queue.submit("a", first)
    queue.submit("b", second)
    gevent.sleep(0)
    queue.queue.close()
    assert queue.status("b").state == "none"
    assert queue.queue.busy()
    first.gate.set()
    assert queue.wait("a", 1).state == "none"
    assert queue.submit("c", second).state == "none"
    gevent.sleep(0)
    assert second.runs == 0
