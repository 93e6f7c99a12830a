"""An hour in which people come and go: memory, descriptors, greenlets and what is in Redis stay as they are.

    SAMPHIRE_TEST_DATABASE=... SAMPHIRE_SOAK_MINUTES=60 pytest -s -m slow tests/machines/soak

A server with SQLite runs for all that time, and where a database of PostgreSQL is named, two more that share it."""

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

import pytest
import redis as redis_py
from sqlalchemy import create_engine, func, inspect, select, table

from server.lab.bench.people import make_people
from server.lab.bench.serving import address_of
from tests.machines.conftest import RedisServer
from tests.machines.soak.crew import Crew
from tests.machines.soak.gauges import Gauges, growth, told
from tests.web.live.running import Server

MINUTES = float(os.environ.get("SAMPHIRE_SOAK_MINUTES", "60"))
LOOK_SECONDS = min(30.0, 60 * MINUTES / 20)
PAUSE_SECONDS = 4.0
MOST = {  # growth in ten minutes, over the second half
    "memory_mb": 1.0,
    "descriptors": 1.0,
    "threads": 1.0,
    "greenlets": 3.0,
    "objects": 2000.0,
    "redis_keys": 2.0,
}
NAMES = ["Ann", "Ben", "Cat"]
WORDS = ["--team", "--encode-threads", "1", "--decode-workers", "1"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="What processes use is read from Linux's /proc."),
]


class Deployment:
    """One server or two on a database, with a crew; `read`: of each process, and of what they share."""

    def __init__(
        self, folder: Path, database: str, redis: str, count: int, patch: pytest.MonkeyPatch
    ) -> None:
        data = folder / "data"
        with ProcessPoolExecutor(
            1, get_context("spawn")
        ) as apart:  # here a file may stand for another database
            tokens = apart.submit(make_people, data, NAMES, database).result()
        shared = ["--database", database, "--redis", redis] if database else []
        self.servers, self.gauges = list[Server](), list[Gauges]()
        for number in range(count):
            file = folder / f"watched-{number}.json"
            patch.setenv("WATCHED", str(file))
            server = Server(data, *WORDS, *shared, program=("-m", "tests.machines.soak.watched_server"))
            assert server.base, "".join(server.errors)
            self.servers.append(server)
            self.gauges.append(Gauges(server, file))
        self._rows = create_engine(database or f"sqlite:///{data / 'samphire.db'}")
        self._redis = redis_py.Redis.from_url(redis) if redis else None
        self.crew = Crew([address_of(server.base) for server in self.servers], tokens, PAUSE_SECONDS)
        self.read_at = list[float]()
        self.read = [list[dict[str, float]]() for _ in self.servers]

    def look(self) -> None:
        self.read_at.append(time.monotonic())
        common = {"rows": self._count_rows()}
        if self._redis is not None:
            common["redis_keys"] = float(self._redis.dbsize())  # type: ignore[arg-type]
        for gauges, read in zip(self.gauges, self.read, strict=True):
            read.append(gauges.read() | common)

    def _count_rows(self) -> float:
        """Of all tables: what happened stays there, so it is only told."""
        with self._rows.connect() as connection:
            names = inspect(connection).get_table_names()
            counts = [connection.scalar(select(func.count()).select_from(table(name))) for name in names]
            return float(sum(count or 0 for count in counts))

    def growths(self) -> list[dict[str, float]]:
        """Of each process, in ten minutes, over the second half."""
        half = len(self.read_at) // 2
        times = self.read_at[half:]
        return [
            {name: growth(times, [each[name] for each in read[half:]]) for name in read[0]}
            for read in self.read
        ]

    def stop(self) -> None:
        self.crew.stop()
        self._rows.dispose()
        statuses = [server.stop() for server in self.servers]
        said = [line for server in self.servers for line in server.errors]
        assert not any(statuses), statuses
        assert not [line for line in said if "Traceback" in line], "".join(said)


@pytest.fixture
def deployments(elsewhere, tmp_path, monkeypatch):
    there = [Deployment(tmp_path / "alone", "", "", 1, monkeypatch)]
    redis = None
    if elsewhere is not None:
        redis = RedisServer(tmp_path)
        url = elsewhere.url_at(str(tmp_path / "samphire.db"))
        there.append(Deployment(tmp_path / "two", url, redis.url, 2, monkeypatch))
    with ExitStack() as ending:  # whatever one of them says of its end
        if redis is not None:
            ending.callback(redis.kill)
        for each in there:
            ending.callback(each.stop)
        yield there


def test_nothing_grows_while_people_come_and_go(deployments):
    for each in deployments:
        each.crew.start()
    end = time.monotonic() + 60 * MINUTES
    first = None
    while time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
        for each in deployments:
            each.look()
        if first is None and time.monotonic() > end - 30 * MINUTES:
            first = [[gauges.most() for gauges in each.gauges] for each in deployments]
    assert first is not None
    grown = []
    for number, each in enumerate(deployments):
        print(f"\n{each.crew.turns} turns, {len(each.servers)} servers")
        for process, read in enumerate(each.read):
            print(told(read), "\nin ten minutes:", each.growths()[process], sep="\n")
            before, after = first[number][process], each.gauges[process].most()
            more = {name: count - before.get(name, 0) for name, count in after.items()}
            print("objects more:", {name: count for name, count in more.items() if count > 100})
            grown += [
                f"{name} of process {process} of {len(each.servers)}: {by:.1f}"
                for name, by in each.growths()[process].items()
                if by > MOST.get(name, float("inf"))
            ]
    assert grown == []
    assert [each.crew.wrong for each in deployments] == [[] for _ in deployments]
