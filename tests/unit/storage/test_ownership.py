"""A database is one data folder's at a time. A bucket is one database's: another's janitor would take its images for
nobody's."""

from dataclasses import replace

import pytest

from server.config import Settings
from server.errors import Conflict
from server.storage.blobs import open_store
from server.storage.engine import Database
from server.storage.facts import forget_id
from server.storage.kinds import postgres
from server.storage.moving import copy
from server.storage.ownership import open_database, open_own
from tests.buckets import bucket_of
from tests.elsewhere import VARIABLE


@pytest.fixture
def opened(tmp_path):
    made = {}

    def open_it(name):
        made[name] = made.get(name) or Database.open(f"sqlite:///{tmp_path / name}.db")
        return made[name]

    yield open_it
    for each in made.values():
        each.close()


def test_a_bucket_has_one_owner(opened, s3_bucket, tmp_path):
    bucket, folder = bucket_of(s3_bucket), tmp_path / "blobs"
    for _ in range(2):
        open_own(folder, bucket, opened("one")).put("images/x", b"1")
    with pytest.raises(Conflict, match="belongs to another Samphire") as refused:
        open_own(folder, bucket, opened("two"))
    assert "some/where/owner" in refused.value.hint
    assert [each.key for each in open_store(folder, bucket).stored()] == ["images/x"]
    open_own(folder, bucket._replace(prefix="two/"), opened("two"))
    open_own(folder, None, opened("two"))


def test_rows_that_move_stay_its_owner_and_a_copy_is_none(opened, s3_bucket, tmp_path):
    bucket, folder = bucket_of(s3_bucket), tmp_path / "blobs"
    open_own(folder, bucket, opened("one"))
    open_own(folder, bucket._replace(prefix="elsewhere/"), opened("two"))  # it has an id of its own
    copy(opened("one"), opened("two"), lambda _: None)
    open_own(folder, bucket, opened("two"))
    forget_id(opened("two"))
    with pytest.raises(Conflict):
        open_own(folder, bucket, opened("two"))


@pytest.fixture
def settings(elsewhere, tmp_path, monkeypatch):
    """Of a process that names a database of a server."""
    if elsewhere is None:
        pytest.skip(f"set {VARIABLE} to a database of a PostgreSQL server to run this")
    monkeypatch.setattr(postgres, "_GONE_SECONDS", 0.3)
    return Settings(data=str(tmp_path / "a"), database=elsewhere.url_at(str(tmp_path / "x.db")))


def refused(settings):
    with pytest.raises(Conflict, match=r"Another Samphire is using the database postgresql://") as why:
        open_database(settings)
    return "the same --redis and --data" in why.value.hint


def test_a_database_is_one_process_s_that_hears_of_no_other(settings, tmp_path):
    other = replace(settings, data=str(tmp_path / "b"))
    first = open_database(settings)
    assert refused(other)
    assert refused(settings)  # as on another machine, where the folder's lock may not reach
    assert refused(replace(settings, redis="redis://localhost/0"))
    first.close()
    open_database(other).close()


def test_processes_that_hear_of_each_other_have_one_folder(settings, tmp_path):
    ours = replace(settings, redis="redis://localhost/0")
    first, second = open_database(ours), open_database(ours)
    first.close()
    assert refused(replace(ours, data=str(tmp_path / "b")))
    assert refused(replace(settings, data=str(tmp_path / "b")))
    (tmp_path / "a").rename(tmp_path / "moved")
    moved = open_database(replace(ours, data=str(tmp_path / "moved")))
    for each in (second, moved):
        each.close()
    open_database(replace(settings, data=str(tmp_path / "b"))).close()


def test_a_connection_that_was_lost_is_claimed_again(settings):
    first = open_database(settings)
    first.engine.dispose()  # as when the database server was restarted
    open_database(settings).close()
    assert first.schema()
    assert refused(settings)
    first.close()


def test_files_of_two_folders_are_two_databases(tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    for each in [open_database(Settings(data=str(folder))) for folder in folders]:
        each.close()
