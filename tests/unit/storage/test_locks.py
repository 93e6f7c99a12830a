"""A database that another process has locked: waited for a while, told as such, and usable again afterwards."""

import sqlite3
import threading
import time

import gevent
import pytest
from sqlalchemy import event, select

from server.errors import DatabaseBusy
from server.storage import engine
from server.storage.engine import Database
from server.storage.tables import Project

pytestmark = pytest.mark.sqlite


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.db"


@pytest.fixture
def db(path):
    database = Database.open(f"sqlite:///{path}")
    database.patience_seconds = 0.1
    yield database
    database.close()


@pytest.fixture
def other(path, db):
    """Another program's connection."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


def names(db):
    with db.read() as session:
        return set(session.scalars(select(Project.name)))


def add(db, name):
    with db.write() as session:
        session.add(Project(id=name, name=name))


@pytest.mark.parametrize("kind", ["IMMEDIATE", "EXCLUSIVE"])
def test_writers_are_refused_and_readers_are_not(db, other, kind):
    other.execute(f"BEGIN {kind}")
    with pytest.raises(DatabaseBusy):
        add(db, "refused")
    assert names(db) == {"My images"}
    other.execute("COMMIT")
    add(db, "taken")
    assert names(db) == {"My images", "taken"}


def test_a_lock_that_goes_in_time_is_only_waited_for(db, other):
    db.patience_seconds = 60
    other.execute("BEGIN IMMEDIATE")
    letting_go = threading.Timer(0.1, lambda: other.execute("COMMIT"))
    letting_go.start()
    add(db, "patient")
    letting_go.join()
    assert "patient" in names(db)


def test_whoever_waits_sleeps_so_that_greenlets_can_run(db, other, monkeypatch):
    """Under gevent `time.sleep` is gevent's; here it is put there by hand."""
    monkeypatch.setattr(time, "sleep", gevent.sleep)
    db.patience_seconds = 60
    other.execute("BEGIN EXCLUSIVE")
    waiting = gevent.spawn(add, db, "patient")
    gevent.sleep(0)
    assert not waiting.ready()
    other.execute("COMMIT")
    waiting.get(timeout=30)
    assert "patient" in names(db)


def test_many_who_wait_keep_no_connections(db, other):
    other.execute("BEGIN EXCLUSIVE")
    refused = []

    def write():
        try:
            add(db, "refused")
        except DatabaseBusy as error:
            refused.append(error)

    threads = [threading.Thread(target=write) for _ in range(40)]
    for thread in threads:
        thread.start()
    assert names(db) == {"My images"}
    for thread in threads:
        thread.join()
    assert len(refused) == 40
    assert db.engine.pool.checkedout() == 0


def test_a_database_kept_by_another_program_alone_is_told_in_reading_too(path, db):
    db.close()  # its connections would keep the other from having it alone
    alone = sqlite3.connect(path, timeout=0, isolation_level=None)
    alone.execute("PRAGMA locking_mode=EXCLUSIVE")
    alone.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseBusy):
        names(db)
    with pytest.raises(DatabaseBusy):
        add(db, "refused")
    alone.close()
    assert names(db) == {"My images"}


def test_opening_waits_and_tells_as_well(path, db, other, monkeypatch):
    monkeypatch.setattr(engine, "COMMAND_PATIENCE_SECONDS", 0.1)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy):
        Database.open(f"sqlite:///{path}")


def test_readers_hold_up_a_commit_only_where_there_is_no_write_ahead_log(db, path):
    """As in folders that cannot have one."""
    db.close()
    event.listen(db.engine, "connect", lambda driver, _: driver.execute("PRAGMA journal_mode=DELETE").close())
    assert names(db) == {"My images"}
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM projects").fetchall()
    with pytest.raises(DatabaseBusy):
        add(db, "refused")
    other.execute("COMMIT")
    add(db, "taken")
    assert names(db) == {"My images", "taken"}
    other.close()
