"""A whole deployment on this machine, whose every line can be cut: servers, workers, PostgreSQL, Redis, a bucket."""

from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from server.lab.bench.people import make_people
from tests.buckets import KEYS, Store
from tests.machines.conftest import RedisServer
from tests.machines.faults.clock import Clock
from tests.machines.faults.wire import Wire
from tests.machines.running_worker import SLOW, Worker
from tests.web.live.running import Server

NAMES = ["Ann", "Ben", "Cat", "Dan"]


class Lines:
    """What one process reaches the database and Redis by."""

    def __init__(self, database: str, redis: RedisServer) -> None:
        url = make_url(database)
        self.database = Wire(url.host or "127.0.0.1", url.port or 5432)
        self.redis = Wire("127.0.0.1", redis.port)
        mine = url.set(host="127.0.0.1", port=self.database.port)
        self.words = [
            "--database", mine.render_as_string(hide_password=False),
            "--redis", f"redis://127.0.0.1:{self.redis.port}/0",
        ]  # fmt: skip

    def both(self) -> list[Wire]:
        return [self.database, self.redis]


class Deployment:
    """`database`: its address without lines in between, `store`: the bucket's. `no_disk`: why the data folder has
    no disk of its own, if it has none."""

    def __init__(
        self, data: Path, database: str, redis: RedisServer, store: Store, bucket: str, no_disk: str
    ) -> None:
        self.data, self.url, self.redis, self.store = data, database, redis, store
        self.no_disk = no_disk
        self._common = ["--jobs", "celery", "--blobs", bucket]
        self.tokens = make_people(data, NAMES, database)
        self.servers: list[Server] = []
        self.workers: list[Worker] = []
        self.lines: dict[Any, Lines] = {}
        self.clocks: dict[Any, Clock] = {}

    def start_server(self) -> Server:
        lines, clock = Lines(self.url, self.redis), self._clock()
        with clock.for_what_starts():
            server = Server(self.data, "--team", *lines.words, *self._common)
        assert server.base, "".join(server.errors)
        self.lines[server], self.clocks[server] = lines, clock
        self.servers.append(server)
        return server

    def start_worker(self) -> Worker:
        lines, clock = Lines(self.url, self.redis), self._clock()
        with clock.for_what_starts():
            worker = Worker(self.data, *lines.words, *self._common, program=SLOW)
        assert "slow" in worker.first_line(), "".join(worker.errors)
        self.lines[worker], self.clocks[worker] = lines, clock
        self.workers.append(worker)
        return worker

    def _clock(self) -> Clock:
        return Clock(self.data.parent / f"clock-{len(self.clocks)}")

    def addresses(self) -> list[str]:
        """Of the servers that run."""
        return [server.base for server in self.servers]

    def kill(self, one: Server | Worker) -> None:
        (self.servers if isinstance(one, Server) else self.workers).remove(one)  # type: ignore[arg-type]
        one.process.kill()
        one.process.wait()

    def stop(self) -> None:
        """Everything ends well; fails, and leaves nothing behind, when something does not."""
        try:
            for each in (*self.workers, *self.servers):
                each.stop()
        finally:
            for each in (*self.workers, *self.servers):
                each.process.kill()
            for wire in self.wires():
                wire.close()

    def wires(self) -> list[Wire]:
        return [wire for lines in self.lines.values() for wire in lines.both()]


def keys(patch) -> None:
    """Have what is started from here know the bucket's keys."""
    for name, value in KEYS.items():
        patch.setenv(name, value)
