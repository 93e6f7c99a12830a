"""On a full disk nothing more is written, but deleting is always done."""

import shutil
from collections import namedtuple
from contextlib import suppress

import pytest
from sqlalchemy import select

from server.errors import StorageFull
from server.storage.engine import Database
from server.storage.reserve import Reserve
from server.storage.tables import Project
from tests.disks import small_disk

pytestmark = pytest.mark.sqlite

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def free(monkeypatch):
    """How much is free on a disk of a gigabyte, which the test sets."""
    left = {"bytes": 10**9}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - left["bytes"], left["bytes"]))
    return left


def open_in(folder):
    return Database.open(f"sqlite:///{folder / 'x.db'}", Reserve(folder / "reserve"))


def add(db, name, text=""):
    with db.write() as session:
        session.add(Project(id=name, name=name, description=text))


def remove(db, name):
    with db.write(reserved=True) as session:
        session.delete(session.get(Project, name))


def fill(disk):
    with suppress(OSError), (disk / "other").open("wb", 0) as file:
        while True:
            file.write(b"0" * 1000)


def names(db):
    with db.read() as session:
        return set(session.scalars(select(Project.id))) - {"default"}


def test_the_reserve_is_there_from_the_first_change_on(tmp_path, free):
    db = open_in(tmp_path)
    add(db, "a")
    assert (tmp_path / "reserve").stat().st_size == 10**9 // 64
    db.close()


def test_a_full_disk_takes_deletions_only_until_there_is_room_for_the_reserve(tmp_path, free):
    db = open_in(tmp_path)
    add(db, "a")
    free["bytes"] = 0
    remove(db, "a")
    assert not (tmp_path / "reserve").exists()
    free["bytes"] = 10**9 // 64  # what was the reserve is left to other deletions
    with pytest.raises(StorageFull):
        add(db, "b")
    remove(db, "default")
    free["bytes"] = 10**8
    add(db, "b")
    assert (tmp_path / "reserve").exists()
    db.close()


def test_a_database_opens_on_a_full_disk(tmp_path, free):
    db = open_in(tmp_path)
    add(db, "a")
    db.close()
    free["bytes"] = 0
    again = open_in(tmp_path)
    assert not (tmp_path / "reserve").exists()
    remove(again, "a")
    again.close()


def test_a_disk_that_is_really_full(tmp_path):
    with small_disk(tmp_path / "disk", 8) as disk:
        db = open_in(disk)
        for name in "abc":
            add(db, name, "x" * 100_000)
        fill(disk)
        with pytest.raises(StorageFull):
            add(db, "d", "x" * 1_000_000)
        for name in "ab":
            remove(db, name)
        db.close()
        db = open_in(disk)
        remove(db, "c")
        assert names(db) == set()
        with pytest.raises(StorageFull):
            add(db, "e")
        (disk / "other").unlink()
        add(db, "e")
        db.close()
