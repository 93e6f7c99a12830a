"""What several processes of one server need: a database in PostgreSQL, and a Redis server, which tests start."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.lab.bench.people import make_people
from server.storage.data_lock import holders_of
from tests.elsewhere import VARIABLE, Elsewhere
from tests.network import free_port
from tests.web.live.running import Server


class RedisServer:
    """`redis-server` on a free port, which keeps nothing on the disk."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not installed: apt-get install redis-server")
        self._program, self._folder, self.port = program, folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen([self._program, *words], stdout=subprocess.DEVNULL)
        until(self._answers)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Meanwhile it holds its connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with socket.socket() as trying:
            return trying.connect_ex(("127.0.0.1", self.port)) == 0


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Returns as soon as it holds. Fails after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds:g} s"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture(scope="session")
def database(elsewhere: Elsewhere | None, tmp_path_factory) -> Iterator[str]:
    """The address of a database for all of these."""
    if elsewhere is None:
        pytest.skip(f"set {VARIABLE} to a database of a PostgreSQL server to run this")
    folder = tmp_path_factory.mktemp("database")
    yield elsewhere.url_at(str(folder / "samphire.db"))
    elsewhere.drop(folder)


class Several:
    """Processes of one server, with people who have accounts there."""

    def __init__(self, data: Path, database: str, redis: str, names: list[str]) -> None:
        self.data, self.shared = data, ["--database", database, "--redis", redis]
        self.tokens = dict(zip(names, make_people(data, names, database), strict=True))
        self.processes: list[Server] = []

    def start(self, *words: str) -> Server:
        server = Server(self.data, "--team", *self.shared, *words)
        assert server.base, "".join(server.errors)
        self.processes.append(server)
        return server

    def headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    def owner(self, server: Server) -> dict[str, str]:
        """Of whoever sits at the machine that the server runs on."""
        holder = next(each for each in holders_of(self.data) if each.address.rstrip("/") == server.base)
        return {"Authorization": f"Bearer {holder.secret}"}

    def stop(self) -> None:
        for server in self.processes:
            if server.process.poll() is None:
                assert server.stop() == 0
            assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


@pytest.fixture(scope="session")
def several(tmp_path_factory, database: str, redis_server: RedisServer) -> Iterator[Several]:
    made = Several(tmp_path_factory.mktemp("several"), database, redis_server.url, ["Ann", "Ben", "Cat"])
    yield made
    made.stop()


@pytest.fixture
def pair(several: Several) -> tuple[Server, Server]:
    """Two processes that run; another test may have ended one."""
    there = [server for server in several.processes if server.process.poll() is None]
    while len(there) < 2:
        there.append(several.start())
    return there[0], there[1]
