"""What who operates several machines sees of them: that Redis is away, and what servers and workers count."""

import re

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.machines.conftest import RedisServer, Several, until
from tests.machines.running_worker import worker_of

METRICS = ("--metrics-address", "127.0.0.1:0")


@pytest.fixture
def redis(tmp_path):
    server = RedisServer(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def own(tmp_path_factory, elsewhere, database, redis):
    """Of their own: its Redis is killed, and its jobs are done by workers."""
    folder = tmp_path_factory.mktemp("operated")
    made = Several(folder / "data", elsewhere.url_at(str(folder / "samphire.db")), redis.url, ["Ann"])
    made.shared += ["--jobs", "celery"]
    yield made
    made.stop()


def scraped(errors):
    """Samples by name and labels; `errors`: lines of the log, which tell where they are."""
    found = []
    until(lambda: found.extend(re.findall(r"Metrics are at (\S+)", "".join(errors))) or found)
    answer = requests.get(found[0], timeout=20)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_redis_away_is_told_and_takes_no_server_out(own, redis):
    server = own.start(*METRICS)

    def ready():
        answer = requests.get(f"{server.base}/readyz", timeout=20)
        return answer.status_code, answer.json()["checks"]["redis"]

    up = ("samphire_ready", ("check", "redis"))
    assert (ready(), scraped(server.errors)[up]) == ((200, True), 1)
    redis.kill()
    until(lambda: ready() == (200, False))
    until(lambda: scraped(server.errors)[up] == 0)
    redis.start()
    until(lambda: ready() == (200, True))


def test_a_worker_tells_what_it_does(own):
    pytest.importorskip("celery", reason="Celery is not installed: pip install 'samphire[celery]'")
    worker = worker_of(own, *METRICS, "--queues", "encode,export")
    assert "encode, export" in worker.first_line()
    found = scraped(worker.errors)
    assert found["samphire_ready", ("check", "database")] == 1
    assert found["process_open_fds",] > 0
    assert ("samphire_socket_sessions",) not in found
    worker.stop()
