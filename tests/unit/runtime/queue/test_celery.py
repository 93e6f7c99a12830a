"""A queue whose jobs are done by workers: servers send messages, workers begin what comes next in the message's lane.
Redis is stood in for by lists, and each process is a queue over one database."""

from collections import deque
from functools import partial

import gevent
import pytest

from server.runtime.queue import celery, following
from server.runtime.queue.base import Job, Urgency
from server.runtime.queue.handlers import Handler, Lane
from tests.unit.runtime.queue.desk import KIND, Desk, Held, job
from tests.unit.runtime.queue.test_shared import until


class Redis:
    """As `Messages`: what came first goes first, whatever its urgency."""

    errors = (ConnectionError,)

    def __init__(self):
        self.lanes, self.is_up, self.claims = {}, True, 0

    def send(self, message):
        self.check()
        self.lanes.setdefault(message.lane, deque()).append(message)

    def count(self, lane):
        self.check()
        return len(self.lanes.get(lane, ()))

    def claim(self, what, seconds):
        self.claims += 1
        return True

    def drop(self):
        pass

    def read(self, lane, room, take):
        while True:
            room.wait()
            self.check()
            if self.lanes.get(lane):
                take(self.lanes[lane].popleft().job_id)
            gevent.sleep(0.005)

    def check(self):
        if not self.is_up:
            raise ConnectionError("It is away.")


@pytest.fixture
def redis(monkeypatch):
    made = Redis()
    monkeypatch.setattr(celery, "Messages", lambda url: made)
    monkeypatch.setattr(celery, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(celery, "_REST_SECONDS", 0.02)
    monkeypatch.setattr(following, "_LOOK_SECONDS", 0.05)
    return made


@pytest.fixture
def start(tmp_path, redis):
    made = []

    def make(*lanes, **options):
        queue = partial(celery.CeleryQueue, "redis://h", at_once=options.pop("at_once", None))
        desk = Desk(tmp_path / "x.db", queue, shared=True, **options)
        made.append(desk)
        desk.queue.serve(lanes)
        return desk

    yield make
    for desk in made:
        desk.close()


def doing(desk, names, done, seconds=0.0):
    for name in names:
        desk.works[name] = lambda running: (gevent.sleep(seconds), done.append(running.job.dedupe_key))
    desk.queue.start()
    return desk


def test_a_server_leaves_jobs_to_workers_and_knows_how_they_stand(start):
    server, worker, held = start(), start(KIND), Held()
    server.queue.start()
    server.queue.submit(job("x"))
    gevent.sleep(0.2)
    assert server.status("x").state == "queued"
    worker.works["x"] = held
    worker.queue.start()
    until(lambda: server.status("x").state == "running")
    gevent.spawn_later(0.05, held.gate.set)
    assert server.wait("x", 5).state == "none"
    assert (held.runs, server.states()) == (1, [("x", "done", 1)])


def test_a_worker_does_jobs_of_its_queues_only(start, redis):
    server, worker = start(), start("others")
    server.queue.start()
    worker.queue.start()
    server.queue.submit(job("x"))
    gevent.sleep(0.3)
    assert server.states() == [("x", "queued", 0)]
    assert redis.count(KIND) >= 1


def test_each_is_done_once_by_several_workers(start):
    server, done = start(), []
    names = [str(number) for number in range(20)]
    workers = [doing(start(KIND), names, done, 0.01) for _ in range(2)]
    server.queue.start()
    for name in names:
        server.queue.submit(job(name))
    until(lambda: {state for _, state, _ in server.states()} == {"done"})
    assert sorted(done) == sorted(names)
    assert not any(each.queue.busy() for each in workers)


def test_what_is_more_urgent_goes_first_whichever_message_comes(start):
    server, worker, done, held = start(), start(KIND), [], Held()
    doing(worker, ["later", "urgent", "sooner"], done)
    worker.works["held"] = held
    server.queue.start()
    server.queue.submit(job("held"))
    until(lambda: held.runs == 1)
    server.queue.submit(job("later", Urgency.RENEWAL))
    server.queue.submit(job("sooner", Urgency.RENEWAL))
    server.queue.submit(job("urgent", Urgency.WANTED))
    server.queue.submit(job("sooner", Urgency.AHEAD))
    until(lambda: worker.status("sooner").position == 2)
    held.gate.set()
    until(lambda: len(done) == 3)
    assert done == ["urgent", "sooner", "later"]


def test_a_message_too_many_does_nothing(start, redis):
    server, done = start(), []
    doing(start(KIND), ["x", "y"], done)
    server.queue.start()
    server.queue.submit(job("x"))
    until(lambda: done == ["x"])
    for number in range(3):
        redis.send(celery.Message(1 + number, KIND, Urgency.WANTED))
    until(lambda: redis.count(KIND) == 0)
    server.queue.submit(job("y"))
    until(lambda: done == ["x", "y"])
    assert server.states() == [("x", "done", 1), ("y", "done", 1)]


def test_lost_messages_are_sent_again(start, redis):
    server, worker, done = start(), start(KIND), []
    server.queue.start()
    for name in "abc":
        server.queue.submit(job(name))
    until(lambda: redis.count(KIND) == 3)
    redis.lanes.clear()
    until(lambda: redis.count(KIND) >= 3)
    doing(worker, "abc", done)
    until(lambda: sorted(done) == ["a", "b", "c"])


def test_while_redis_is_away_jobs_are_taken_and_they_are_done_when_it_is_back(start, redis):
    server, worker, done = start(), start(KIND), []
    doing(worker, "ab", done)
    server.queue.start()
    redis.is_up = False
    with gevent.Timeout(1):
        assert server.queue.submit(job("a")).state == "queued"
        assert server.queue.submit(job("b")).state == "queued"
    gevent.sleep(0.2)
    assert done == []
    redis.is_up = True
    until(lambda: sorted(done) == ["a", "b"])


def test_a_job_that_waits_for_another_kind_does_not_take_its_place(start):
    server, worker = start(), start(KIND, "inner", at_once=1)
    done = []
    for desk in (server, worker):
        desk.handlers["inner"] = Handler(lambda running: done.append("inner"), Lane("inner"))

    def outer(running):
        worker.queue.submit(Job("inner", {}, "x"))
        worker.queue.wait(("inner", "x"), 10)
        done.append("outer")

    worker.works["x"] = outer
    server.queue.start()
    worker.queue.start()
    server.queue.submit(job("x"))
    until(lambda: done == ["inner", "outer"])


def test_what_a_stopped_worker_was_at_is_another_s_at_once(start):
    server, first, second = start(), start(KIND), start(KIND)
    works = Held(), Held()
    first.works["x"], second.works["x"] = works
    server.queue.start()
    first.queue.start()
    server.queue.submit(job("x"))
    until(lambda: works[0].runs == 1)
    second.queue.start()
    first.queue.close()
    first.queue.abandon()
    until(lambda: works[1].runs == 1)
    assert server.states() == [("x", "running", 1)]
