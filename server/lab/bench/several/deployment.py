"""Server processes on a database of their own, in a PostgreSQL server that somebody named, and on a number of a Redis
server that was empty. Nothing else there is touched, and both are as before when it ends."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url

from ....config import Settings
from ..people import make_people
from ..rows import Missing
from ..serving import SamphireServer
from .databases import own_database
from .used import cpu_seconds, memory_bytes

_MARK = "samphire:bench"  # in a number of Redis that a bench has taken
_NUMBERS = 16
_STAY_SECONDS = 3600
_OURS = "SELECT pid FROM pg_stat_activity WHERE datname = '%s' AND backend_type = 'client backend'"


class Deployment:
    """`servers`: as many as were asked for. `tokens`: of people, in the order of their names."""

    def __init__(self, folder: Path, settings: Settings, names: list[str], count: int) -> None:
        """`settings`: name the servers; raises Missing where they name none."""
        self._ends = ExitStack()
        try:
            if not settings.database:
                raise Missing("Name a PostgreSQL server with --database, and a Redis server with --redis.")
            self.database = self._ends.enter_context(own_database(settings.database))
            self._engine = create_engine(self.database)
            self._ends.callback(self._engine.dispose)
            self._redis, self.redis = self._ends.enter_context(_own_number(settings.redis))
            self.tokens = make_people(folder, names, self.database)
            secrets = {"SAMPHIRE_DATABASE": self.database, "SAMPHIRE_REDIS": self.redis}
            self.servers = list[SamphireServer]()
            for _ in range(count):
                self.servers.append(SamphireServer(folder, settings, "--team", secrets=secrets))
                self._ends.callback(self.servers[-1].stop)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._ends.close()

    def cpu(self) -> dict[str, float]:
        """Seconds so far of all servers, of Redis, and of what PostgreSQL has for them; 0 where it runs elsewhere."""
        backends = self._backends()
        return {
            "servers": sum(cpu_seconds(each.pid) or 0.0 for each in self.servers),
            "redis": cpu_seconds(self._redis_pid()) or 0.0,
            "postgres": sum(cpu_seconds(pid) or 0.0 for pid in backends),
        }

    def memory(self) -> list[float]:
        """Bytes of each server."""
        return [memory_bytes(each.pid) or 0.0 for each in self.servers]

    def told(self) -> int:
        """How many commands Redis has been given so far."""
        return self._redis.info("stats")["total_commands_processed"]

    def _backends(self) -> list[int]:
        with self._engine.connect() as connection:
            name = make_url(self.database).database
            return [pid for (pid,) in connection.exec_driver_sql(_OURS % name) if _is(pid, "postgres")]

    def _redis_pid(self) -> int:
        pid = self._redis.info("server")["process_id"]
        return pid if _is(pid, "redis-server") else -1


@contextmanager
def _own_number(url: str) -> Iterator[tuple[Any, str]]:
    """Of the Redis server: one that is empty, and its URL. Raises Missing."""
    if not url:
        raise Missing("Name a Redis server with --redis.")
    import redis

    for number in reversed(range(_NUMBERS)):
        mine = make_url(url).set(database=str(number)).render_as_string(hide_password=False)
        client = redis.Redis.from_url(mine, decode_responses=True)
        if not client.dbsize() and client.set(_MARK, os.getpid(), nx=True, ex=_STAY_SECONDS):
            break
        client.close()
    else:
        raise Missing("Every number of the Redis server is in use; the bench needs an empty one.")
    try:
        yield client, mine
    finally:
        client.flushdb()
        client.close()


def _is(pid: int, name: str) -> bool:
    """Whether that is the name of a process of this machine: the server may run on another."""
    try:
        return Path(f"/proc/{pid}/comm").read_text("utf-8").strip() == name
    except OSError:
        return False
