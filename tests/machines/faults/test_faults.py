"""What breaks while people work, counted: nothing that was acknowledged is lost, no job is lost or done twice, and
everybody is in step again within ten seconds.

    SAMPHIRE_TEST_DATABASE=... pytest -s tests/machines/faults              # a network is cut for 12 seconds
    SAMPHIRE_TEST_DATABASE=... pytest -s -m slow tests/machines/faults      # and for 30
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import select

from server.runtime.queue.base import Job, Urgency
from server.storage.engine import Database
from server.storage.rows import jobs as rows
from server.storage.tables import JobRow
from tests.buckets import new_bucket, storing
from tests.machines.conftest import RedisServer
from tests.machines.faults.breaking import (
    a_server_is_killed,
    a_worker_is_killed,
    clocks_jump_ahead,
    clocks_jump_back,
    redis_is_killed,
    the_bucket_is_busy,
    the_database_is_restarted,
    the_disk_is_full,
    the_network_is_cut,
)
from tests.machines.faults.deployment import Deployment, keys
from tests.machines.faults.disk import small_disk
from tests.machines.faults.people import Annotator, Person, Watcher, seconds_until
from tests.machines.running_worker import slow_notes
from tests.web.live.running import picture

pytest.importorskip("celery", reason="Celery is not installed: pip install 'samphire[celery]'")

IN_STEP_SECONDS = 10.0
JOBS, JOB_SECONDS = 6, 1.0
DISK_MB = 64


class Crew:
    """Two who save and two who watch, on one image; one uploads, another has slow jobs done."""

    def __init__(self, there: Deployment) -> None:
        self.there, self.db = there, Database(there.url)
        tokens = list(there.tokens)
        self.uploading = Person(there.addresses, tokens[0], 0)
        self.thread = ThreadPoolExecutor(1)
        image = self.upload(0)
        self.annotators = [Annotator(there.addresses, tokens[n], n, image) for n in range(2)]
        self.watchers = [Watcher(there.addresses, tokens[n], n, image) for n in (2, 3)]
        self.uploaded, self.jobs = [image], list[int]()
        self.at_a_cut = set[int]()  # jobs that a worker may have been at that was cut off

    def upload(self, seed: int) -> str:
        files = {"file": (f"{seed}.png", picture(90, 60, seed))}
        answer = self.uploading.ask("POST", "/api/images", files=files)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["id"]

    def is_encoded(self, image: str) -> bool:
        """Opens it: what could not be encoded is encoded now."""
        return self.uploading.ask("POST", f"/api/images/{image}/embedding").json()["state"] == "ready"

    def have_jobs_done(self) -> None:
        with self.db.write() as session:
            for number in range(JOBS):
                key = f"{len(self.jobs)}-{number}"
                self.jobs.append(
                    rows.put(session, Job("slow", {"seconds": JOB_SECONDS}, key, Urgency.WANTED)).id
                )

    def acknowledged(self) -> dict[str, int]:
        return {
            name: version for each in self.annotators for name, version in list(each.acknowledged.items())
        }

    def in_step(self, acknowledged: dict[str, int]) -> bool:
        return all(each.is_in_step(acknowledged) for each in self.watchers)

    def works(self, since: dict[str, int]) -> bool:
        """Whether each of those who save has been answered again."""
        return all(
            len(each.acknowledged) > sum(name in each.acknowledged for name in since)
            for each in self.annotators
        )

    def stop(self) -> None:
        self.uploading.ended.set()
        self.thread.shutdown()
        for each in (*self.annotators, *self.watchers):
            each.stop()
        self.db.close()


@pytest.fixture(scope="module")
def there(tmp_path_factory, elsewhere, database) -> Iterator[Deployment]:
    redis = RedisServer(tmp_path_factory.mktemp("redis"))
    url = elsewhere.url_at(str(tmp_path_factory.mktemp("faults") / "samphire.db"))
    data = tmp_path_factory.mktemp("deployment") / "data"
    data.mkdir()
    with (
        small_disk(data, DISK_MB) as no_disk,
        storing() as (store, address),
        pytest.MonkeyPatch.context() as patch,
    ):
        keys(patch)
        made = Deployment(data, url, redis, store, new_bucket(address), no_disk)
        try:
            for _ in range(2):
                made.start_server()
                made.start_worker()
            yield made
        finally:
            made.stop()
            redis.kill()


@pytest.fixture(scope="module")
def crew(there) -> Iterator[Crew]:
    made = Crew(there)
    yield made
    made.stop()


FAULTS = [
    (a_server_is_killed, 2),
    (a_worker_is_killed, 2),
    (redis_is_killed, 3),
    (the_database_is_restarted, 3),
    (the_bucket_is_busy, 4),
    (the_network_is_cut, 12),
    (clocks_jump_ahead, 4),
    (clocks_jump_back, 4),
    (the_disk_is_full, 8),
    pytest.param(the_network_is_cut, 30, marks=pytest.mark.slow),
]
HOLDS_NOBODY_UP = the_network_is_cut, clocks_jump_ahead, clocks_jump_back, the_disk_is_full


@pytest.mark.parametrize(("fault", "seconds"), FAULTS)
def test_everybody_is_in_step_again(there, crew, fault, seconds, request):
    seconds_until(lambda: _unfinished(crew.db) == [], 60)
    crew.have_jobs_done()
    if fault is the_network_is_cut:
        crew.at_a_cut.update(crew.jobs[-JOBS:])
    before = crew.acknowledged()
    crew.uploaded.append(crew.upload(len(crew.uploaded)))  # it is to be encoded while things break
    coming = [crew.thread.submit(crew.upload, len(crew.uploaded) + number) for number in range(2)]
    fault(there, seconds)
    mended = crew.acknowledged()
    if fault in HOLDS_NOBODY_UP:
        assert len(mended) > len(before)
    took = seconds_until(lambda: crew.in_step(mended), IN_STEP_SECONDS)
    seconds_until(lambda: crew.works(mended), IN_STEP_SECONDS)
    crew.uploaded += [each.result(IN_STEP_SECONDS) for each in coming]
    seconds_until(lambda: all(map(crew.is_encoded, crew.uploaded[-3:])), 60)
    print(
        f"{fault.__name__}, {seconds} s: {len(mended) - len(before)} saved meanwhile, in step after {took:.1f} s"
    )


def test_nothing_acknowledged_is_lost_and_no_job_is_lost_or_done_twice(there, crew):
    with contextlib.suppress(AssertionError):
        seconds_until(lambda: _unfinished(crew.db) == [], 60)
    assert _unfinished(crew.db) == []
    for each in crew.annotators:
        each.stop()
        assert each.wrong == []
    acknowledged, stored = crew.acknowledged(), {}
    headers = crew.uploading.headers
    for image in crew.uploaded:
        answer = requests.get(
            f"{there.servers[0].base}/api/images/{image}/annotations", headers=headers, timeout=30
        )
        stored |= {one["id"]: one["version"] for one in answer.json()["annotations"]}
    lost = {name: version for name, version in acknowledged.items() if stored.get(name, 0) < version}
    changes = _changes(there, headers)
    twice = [change for change, count in Counter(changes).items() if count > 1]
    ended = Counter(
        line.split()[1] for line in slow_notes(there.data).read_text().splitlines() if line.startswith("end")
    )
    jobs = {job: ended[str(job)] for job in crew.jobs}
    again = {job for job, count in jobs.items() if count > 1}
    print(
        f"{len(acknowledged)} objects acknowledged, {len(lost)} lost, {len(twice)} changes told twice; "
        f"{len(jobs)} jobs, {sum(count == 0 for count in jobs.values())} lost, "
        f"{len(again - crew.at_a_cut)} done twice, {len(again & crew.at_a_cut)} again for a worker that was cut off"
    )
    assert (lost, twice) == ({}, [])
    assert min(jobs.values()) == 1
    assert again <= crew.at_a_cut  # what such a worker makes of it is not stored any more


def _unfinished(db: Database) -> list[tuple[str, str, object]]:
    with db.read() as session:
        found = session.scalars(select(JobRow).where(JobRow.state != "done"))
        return [(row.kind, row.state, row.error) for row in found]


def _changes(there: Deployment, headers: dict[str, str]) -> list[tuple[str, int]]:
    """Of objects and their versions, as the project's events tell them: numbered without gaps."""
    found, since = [], 0
    while True:
        address = f"{there.servers[0].base}/api/projects/default/events?since={since}"
        events = requests.get(address, headers=headers, timeout=30).json()["events"]
        if not events:
            return found
        assert [event["seq"] for event in events] == list(range(since + 1, since + 1 + len(events)))
        found += [
            (event["annotation"]["id"], event["annotation"]["version"])
            for event in events
            if event["event"] == "annotation:changed"
        ]
        since = events[-1]["seq"]
