"""A bucket is one database's: another's janitor would take its images for nobody's."""

import pytest

from server.errors import Conflict
from server.storage.blobs import open_store
from server.storage.engine import Database
from server.storage.facts import forget_id
from server.storage.moving import copy
from server.storage.ownership import open_own
from tests.buckets import bucket_of


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
