"""Worker processes: reused, bounded, killed when nobody waits, and slow tasks keep no one."""

import os
import sys

import gevent
import psutil
import pytest

from server.errors import Unavailable
from server.runtime import processes
from server.runtime.fair import Sender
from server.runtime.processes import Broken, OutOfTime, Processes

ECHO = {"do": "echo", "say": "ä", "bytes": 300_000}
LONG = {"do": "sleep", "seconds": 60}
ANNA, BEN = Sender("Anna"), Sender("Ben")
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of processes as Linux has them")


@pytest.fixture
def workers():
    made = Processes("tests.unit.runtime.obedient_worker")
    yield made
    made.close()


def children():
    return [child for child in psutil.Process().children() if is_worker(child)]


def is_worker(process):
    try:
        return "obedient_worker" in " ".join(process.cmdline())
    except psutil.Error:  # it ended meanwhile
        return False


def until(condition):
    with gevent.Timeout(20):
        while not condition():
            gevent.sleep(0.02)


def test_bytes_come_back_and_the_process_is_kept(workers):
    answer, parts = workers.run(ECHO, ANNA, 20)
    assert (answer["said"], [len(part) for part in parts]) == ("ä", [300_000, 0])
    assert workers.run(ECHO, BEN, 20)[0]["pid"] == answer["pid"]


def test_one_that_ends_is_replaced(workers):
    with pytest.raises(Broken):
        workers.run({"do": "end"}, ANNA, 20)
    assert workers.run(ECHO, ANNA, 20)[0]["said"] == "ä"


def test_one_that_died_while_it_had_nothing_to_do_is_replaced(workers):
    psutil.Process(workers.run(ECHO, ANNA, 20)[0]["pid"]).kill()
    gevent.sleep(0.2)
    assert workers.run(ECHO, ANNA, 20)[0]["said"] == "ä"


def test_time_by_the_clock_is_bounded(workers):
    with pytest.raises(OutOfTime):
        workers.run(LONG, ANNA, 0.3)
    until(lambda: not children())


@linux
def test_processor_time_is_bounded(workers):
    with pytest.raises(OutOfTime):
        workers.run({"do": "spin", "seconds": 0.1}, ANNA, 60)


@linux
def test_memory_is_bounded(workers):
    assert workers.run({"do": "eat", "bytes": 4_000_000_000}, ANNA, 20)[0]["said"] == "no memory"


@linux
def test_no_descriptor_is_inherited(workers):
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    said = workers.run({"do": "descriptors"}, ANNA, 20)[0]["said"]
    os.close(reading)
    os.close(writing)
    assert len(said) <= 6  # the three of every process, the answers, where printing goes, the listing itself


def test_what_nobody_waits_for_is_killed(workers):
    gone = []
    waiting = gevent.spawn(workers.run, LONG, Sender("Anna", lambda: bool(gone)), 60)
    until(children)
    gone.append(True)
    with pytest.raises(Unavailable):
        waiting.get(timeout=20)
    until(lambda: not children())


def test_a_greenlet_that_is_killed_takes_its_process_with_it(workers):
    waiting = gevent.spawn(workers.run, LONG, ANNA, 60)
    until(children)
    waiting.kill()
    until(lambda: not children())


def test_quick_tasks_wait_for_no_slow_ones(workers, monkeypatch):
    """Of the same sender, too: the slow ones leave their places, and those that find no other begin again later."""
    monkeypatch.setattr(processes, "_SLOW_SECONDS", 0.2)
    slow = [gevent.spawn(workers.run, LONG, ANNA, 60) for _ in range(8)]
    gevent.sleep(0)
    for sender in (ANNA, BEN):
        with gevent.Timeout(30):
            assert workers.run(ECHO, sender, 20)[0]["said"] == "ä"
    until(lambda: len(children()) <= 4)
    gevent.killall(slow)


def test_a_task_that_was_set_back_is_done_later(workers, monkeypatch):
    monkeypatch.setattr(processes, "_SLOW_SECONDS", 0.1)
    tasks = [gevent.spawn(workers.run, {"do": "sleep", "seconds": 0.7}, ANNA, 60) for _ in range(5)]
    assert [task.get(timeout=60)[0]["said"] for task in tasks] == ["sleep"] * 5


def test_closing_ends_what_runs_and_what_waits(workers):
    running = gevent.spawn(workers.run, LONG, ANNA, 60)
    until(children)
    workers.close()
    with pytest.raises(Unavailable):
        running.get(timeout=20)
    with pytest.raises(Unavailable):
        workers.run(ECHO, ANNA, 20)
    until(lambda: not children())
