"""What other users of the machine may read of the data folder."""

import logging
import os
import sys
import tempfile
from pathlib import Path

import pytest

from server.storage.data_lock import DataLock
from server.storage.engine import Database
from server.storage.private import make_database, make_folder, warn_of_readers
from server.storage.tables import Project

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes"),
]


@pytest.fixture(autouse=True)
def generous():
    """A umask that takes nothing away, as some systems have it."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def open_folder():
    """Not below `tmp_path`, which is private."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def mode(path):
    return path.stat().st_mode & 0o777


def fill(folder):
    """A database with something in its log; the modes of all its files."""
    path = folder / "samphire.db"
    make_database(path)
    db = Database.open(f"sqlite:///{path}")
    try:
        with db.write() as session:
            session.add(Project(id="dogs", name="Dogs"))
        return {each.name: mode(each) for each in folder.glob("samphire.db*")}
    finally:
        db.close()


def test_a_folder_that_samphire_makes_is_its_users(tmp_path):
    folder = tmp_path / "above" / "data"
    with DataLock(folder):
        assert mode(folder) == 0o700
        assert mode(folder / "server.lock") == 0o600
        assert mode(folder.parent) == 0o777
        assert fill(folder) == dict.fromkeys(("samphire.db", "samphire.db-shm", "samphire.db-wal"), 0o600)


def test_a_folder_that_is_there_stays_as_it_is(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(0o755)
    (folder / "samphire.db").touch(0o644)
    make_folder(folder)
    assert set(fill(folder).values()) == {0o644}
    assert mode(folder) == 0o755


def test_a_group_that_shares_a_folder_shares_what_is_made_in_it(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(0o770)
    with DataLock(folder):
        assert mode(folder / "server.lock") == 0o660
    assert set(fill(folder).values()) == {0o660}


@pytest.mark.parametrize(
    ("above", "folder", "file", "warned"),
    [
        (0o755, 0o755, 0o644, True),
        (0o755, 0o711, 0o604, True),
        (0o755, 0o755, 0o640, False),
        (0o755, 0o750, 0o644, False),
        (0o700, 0o755, 0o644, False),
    ],
)
def test_a_database_that_every_user_can_read_is_told_of(open_folder, caplog, above, folder, file, warned):
    data = open_folder / "above" / "data"
    data.mkdir(parents=True)
    (data / "samphire.db").touch()
    for path, wanted in ((data / "samphire.db", file), (data, folder), (data.parent, above)):
        path.chmod(wanted)
    with caplog.at_level(logging.WARNING, "samphire.storage"):
        warn_of_readers(data / "samphire.db")
    assert len(caplog.messages) == warned
    assert all(f"chmod o= {data}" in message for message in caplog.messages)


def test_what_is_not_there_is_not_told_of(tmp_path, caplog):
    warn_of_readers(tmp_path / "samphire.db")
    assert caplog.messages == []
