"""`samphire bench processes` in small: each figure is there, nothing is lost, and the servers named are as before."""

from dataclasses import replace

import pytest
import redis
from sqlalchemy import create_engine

from server.config import Settings
from server.lab.bench.rows import Missing
from server.lab.bench.sections import processes
from server.lab.bench.workbench import Workbench


def test_several_processes_are_measured(database, redis_server, monkeypatch):
    for name, value in {"COUNTS": (2,), "_ROOMS": 2, "_VISITORS": 2}.items():
        monkeypatch.setattr(processes, name, value)
    settings = replace(Settings(), database=database, redis=redis_server.url)
    client, engine = redis.Redis.from_url(redis_server.url), create_engine(database)

    ours = "SELECT count(*) FROM pg_database WHERE datname LIKE 'samphire_bench_%%'"

    def there():
        with engine.connect() as connection:
            return connection.exec_driver_sql(ours).scalar(), sorted(client.scan_iter())

    before = there()
    with Workbench(settings, True, []) as bench:
        rows = {row.name: row for row in processes.measure(bench)}
    assert there() == before
    alone = {"processes.2.cursor"}  # the two in a room are connected to a process each
    assert {row.name for row in rows.values() if row.value is None} <= alone
    assert {"idle", "move", "frame", "far", "save", "save.heard", "list", "decode", "moving.told"} <= {
        name.removeprefix("processes.2.") for name in rows
    }
    for name in ("errors", "lost", "missed"):
        assert rows[f"processes.2.busy.{name}"].met, rows[f"processes.2.busy.{name}"]
    engine.dispose()


def test_without_servers_it_says_what_it_needs():
    with Workbench(Settings(), True, []) as bench, pytest.raises(Missing, match="--database"):
        list(processes.measure(bench))
