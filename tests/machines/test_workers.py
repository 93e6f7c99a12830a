"""Jobs of several servers are done by workers: each once, whoever is killed meanwhile."""

import time

import pytest
import requests
from sqlalchemy import select

from server.runtime.queue.base import Job, Urgency
from server.runtime.queue.celery import Message, Messages
from server.storage.engine import Database
from server.storage.rows import jobs as rows
from server.storage.tables import JobRow
from tests.machines.conftest import RedisServer, Several, until
from tests.machines.pages import add_image, open_page
from tests.machines.running_worker import SLOW, Worker, slow_notes, worker_of

pytest.importorskip("celery", reason="Celery is not installed: pip install 'samphire[celery]'")


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    """One of their own, which may be killed."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture(scope="module")
def workers(tmp_path_factory, elsewhere, database, redis):
    """A server that does no jobs, and what starts workers; the tests' own database beside those of other tests."""
    url = elsewhere.url_at(str(tmp_path_factory.mktemp("database") / "samphire.db"))
    made = Several(tmp_path_factory.mktemp("workers"), url, redis.url, ["Ann"])
    made.shared += ["--jobs", "celery"]
    made.url = url
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def slow(workers):
    """Those of the slow kind: `slow(2)` are two that run, of which some may have run before."""
    started: list[Worker] = []

    def make(count):
        there = [each for each in started if each.process.poll() is None]
        new = [worker_of(workers, "--concurrency", "1", program=SLOW) for _ in range(count - len(there))]
        started.extend(new)
        for each in new:
            assert "slow" in each.first_line(), "".join(each.errors)
        return [*there, *new]

    yield make
    for each in started:
        if each.process.poll() is None:
            each.stop()


@pytest.fixture
def db(workers):
    database = Database(workers.url)
    yield database
    with database.write() as session:
        session.query(JobRow).delete()
    database.close()


def put(db, redis, count, seconds=0.3, urgency=Urgency.WANTED, tell=True):
    """Jobs of the slow kind, and messages of them, as a server stores and sends them."""
    messages = Messages(redis.url)
    with db.write() as session:
        args = [(f"{urgency}-{seconds}-{number}", {"seconds": seconds}) for number in range(count)]
        stored = [rows.put(session, Job("slow", each, key, urgency)) for key, each in args]
    for each in stored if tell else ():
        messages.send(Message(each.id, "slow", urgency))
    return [each.id for each in stored]


def states(db):
    with db.read() as session:
        return {row.id: (row.state, row.attempts) for row in session.scalars(select(JobRow))}


def done(workers):
    """What the slow jobs wrote down, in their order: each begins and ends with a line."""
    path = slow_notes(workers.data)
    return path.read_text().split("\n")[:-1] if path.exists() else []


def call_off(db, job_id):
    with db.write() as session:
        rows.stop(session, [job_id])


def all_done(db, ids):
    found = states(db)
    return all(found[each][0] == "done" for each in ids)


def test_the_more_urgent_go_first(workers, redis, db, slow):
    later = put(db, redis, 3, seconds=0.05, urgency=Urgency.RENEWAL)
    soon = put(db, redis, 3, seconds=0.05, urgency=Urgency.AHEAD)
    first = put(db, redis, 3, seconds=0.05, urgency=Urgency.WANTED)
    slow(1)
    until(lambda: all_done(db, [*later, *soon, *first]), 20)
    ended = [int(line.split()[1]) for line in done(workers) if line.startswith("end")]
    assert ended[-9:] == [*first, *soon, *later]


def test_a_job_whose_message_was_never_sent_is_done_too(redis, db, slow):
    slow(1)
    ids = put(db, redis, 3, seconds=0.0, tell=False)
    until(lambda: all_done(db, ids), 15)


def test_a_cancelled_one_stops_within_two_seconds(workers, redis, db, slow):
    slow(1)
    (job_id,) = put(db, redis, 1, seconds=60.0)
    until(lambda: states(db)[job_id] == ("running", 1))
    call_off(db, job_id)
    stopped = time.monotonic()
    until(lambda: f"cancelled {job_id}" in done(workers), 3.0)
    print(f"it stopped after {time.monotonic() - stopped:.1f} s")


def test_redis_is_killed_and_started_again_in_between(redis, db, slow):
    slow(2)
    ids = put(db, redis, 12)
    until(lambda: sum(state == "done" for state, _ in states(db).values()) >= 2)
    redis.kill()  # what waits in it is lost
    time.sleep(1.0)
    redis.start()
    until(lambda: all_done(db, ids), 40)
    assert {attempts for _, attempts in states(db).values()} == {1}


def test_twenty_jobs_are_done_once_each_though_a_worker_is_killed(workers, redis, db, slow):
    first, _ = slow(2)
    ids = put(db, redis, 20)
    until(lambda: sum(state == "done" for state, _ in states(db).values()) >= 4)
    first.kill()
    killed = time.monotonic()
    until(lambda: all_done(db, ids), 40)
    for what in ("begin", "end"):
        told = [line for line in done(workers) if line.split()[0] == what and int(line.split()[1]) in ids]
        assert len(told) - len(ids) in ((0, 1) if what == "begin" else (0,)), told  # it was at one, at most
    print(f"all done {time.monotonic() - killed:.1f} s after the kill")


def test_what_a_killed_worker_was_at_is_taken_over_within_ten_seconds(redis, db, slow):
    (first,) = slow(1)
    (job_id,) = put(db, redis, 1, seconds=60.0)
    until(lambda: states(db)[job_id] == ("running", 1))
    slow(2)
    first.kill()
    killed = time.monotonic()
    until(lambda: states(db)[job_id] == ("running", 2))
    print(f"taken over after {time.monotonic() - killed:.1f} s")
    call_off(db, job_id)


def test_a_stopped_worker_gives_its_jobs_back_at_once(workers, redis, db, slow):
    (first,) = slow(1)
    (job_id,) = put(db, redis, 1, seconds=60.0)
    until(lambda: f"begin {job_id}" in done(workers))
    slow(2)
    first.stop()
    until(lambda: done(workers).count(f"begin {job_id}") == 2, 3.0)
    assert states(db)[job_id] == ("running", 1)
    call_off(db, job_id)


def test_an_image_is_encoded_by_a_worker_and_whoever_looks_at_it_hears_of_it(workers, db):
    worker = worker_of(workers, "--queues", "encode")
    one, other = workers.processes[0], workers.start()
    assert worker.first_line() == "Samphire's worker is ready for: encode\n"
    image = add_image(workers, one, seed=1)
    page = open_page(workers, other, "Ann", image)
    began = time.monotonic()
    url = f"{one.base}/api/images/{image['id']}/predict"
    asking = {"headers": workers.headers("Ann"), "timeout": 60}
    predicted = requests.post(url, json={"points": [[45, 30, 1]]}, **asking)
    assert predicted.status_code == 200, predicted.text
    print(f"encoded by a worker and predicted within {time.monotonic() - began:.1f} s")
    page.until("embedding:ready", lambda data: data["image"] == image["id"])
    assert [event for event, _ in page.heard].count("embedding:ready") == 1
    page.close()
    worker.stop()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--jobs", "inprocess"], "A worker needs --jobs celery"),
        (["--concurrency", "0"], "--concurrency must be at least 1, not 0"),
        (
            ["--queues", "encode,paint"],
            "There is no queue called 'paint'. Known: agreement, consensus, encode",
        ),
    ],
)
def test_bad_settings_are_told_in_a_sentence(workers, words, told):
    worker = worker_of(workers, *words)
    assert worker.process.wait(60) == 2
    until(lambda: told in "".join(worker.errors), 2)
    assert "Traceback" not in "".join(worker.errors)
