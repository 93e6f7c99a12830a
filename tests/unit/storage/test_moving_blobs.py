"""All blobs into another store, and back: each compared, and what was interrupted goes on where it stopped."""

import random

import pytest

from server.errors import UnusableData
from server.storage.blobs import open_store
from server.storage.blobs.moving import Done, copy
from tests.buckets import bucket_of

COUNT = 80  # more than are begun ahead
KEYS = [f"images/{number:02}/x{number}/original.png" for number in range(COUNT)]


@pytest.fixture
def folder(tmp_path):
    store, dice = open_store(tmp_path / "blobs"), random.Random(1)
    for key in KEYS:
        store.put(key, dice.randbytes(dice.randrange(5000)))
    return store


@pytest.fixture
def bucket(s3_bucket, tmp_path):
    return open_store(tmp_path / "machine" / "blobs", bucket_of(s3_bucket), keeps=False)


def contents(store):
    found = {}
    for each in store.stored():
        with store.open(each.key) as file:
            found[each.key] = file.read()
    return found


def test_there_and_back_it_is_the_same(folder, bucket, tmp_path):
    heard, back = [], open_store(tmp_path / "back")
    done = copy(folder, bucket, heard.append)
    assert done == heard[-1] == Done(COUNT, sum(each.bytes for each in folder.stored()), COUNT)
    assert copy(bucket, back, heard.append).copied == COUNT
    assert contents(folder) == contents(bucket) == contents(back)
    assert not (tmp_path / "machine" / "cache" / "kept").exists()  # nobody reads them again


@pytest.mark.parametrize("way", ["there", "back"])
def test_what_was_interrupted_goes_on(way, folder, bucket, s3, tmp_path):
    back = open_store(tmp_path / "back")
    if way == "back":
        copy(folder, bucket, lambda _: None)
    source, target = (folder, bucket) if way == "there" else (bucket, back)

    class Killed(BaseException):
        pass

    def stop(done):
        if done.blobs == 10:
            raise Killed

    with pytest.raises(Killed):
        copy(source, target, stop)
    there = len(list(target.stored()))
    assert 10 <= there < COUNT
    s3.asked.clear()
    assert copy(source, target, lambda _: None) == Done(
        COUNT, sum(each.bytes for each in folder.stored()), COUNT - there
    )
    assert sum(method == "PUT" for method, _ in s3.asked) == (COUNT - there if way == "there" else 0)
    assert contents(target) == contents(folder)


@pytest.mark.parametrize("spoiled", [b"", b"another length", None])
def test_what_is_there_but_another_is_copied_again(spoiled, folder, bucket):
    copy(folder, bucket, lambda _: None)
    with folder.open(KEYS[3]) as file:
        data = file.read()
    bucket.put(KEYS[3], bytes(len(data)) if spoiled is None else spoiled)
    bucket.delete([KEYS[4]])
    assert copy(folder, bucket, lambda _: None).copied == 2
    assert contents(bucket) == contents(folder)


def test_a_store_that_encrypts_calls_its_objects_otherwise(folder, bucket, monkeypatch, tmp_path):
    stored = type(bucket).stored
    monkeypatch.setattr(
        type(bucket), "stored", lambda self: (each._replace(md5="0" * 32) for each in stored(self))
    )
    assert copy(folder, bucket, lambda _: None).copied == COUNT
    back = open_store(tmp_path / "back")
    assert copy(bucket, back, lambda _: None).copied == COUNT
    assert copy(bucket, back, lambda _: None).copied == 0
    assert contents(back) == contents(folder)


def test_what_is_read_short_is_named(bucket, folder, tmp_path, monkeypatch):
    copy(folder, bucket, lambda _: None)
    stored = type(bucket).stored
    monkeypatch.setattr(
        type(bucket), "stored", lambda self: (each._replace(bytes=each.bytes + 1) for each in stored(self))
    )
    with pytest.raises(UnusableData, match="images/"):
        copy(bucket, open_store(tmp_path / "back"), lambda _: None)


@pytest.mark.parametrize("how", ["lost", "other"])
def test_what_is_read_back_otherwise_is_named(how, folder, tmp_path, monkeypatch):
    target = open_store(tmp_path / "target")
    put = type(target).put

    def unreliable(self, key, data):
        put(self, key, data)
        if key == KEYS[7]:
            self.delete([key])
            if how == "other":
                put(self, key, b"x")

    monkeypatch.setattr(type(target), "put", unreliable)
    with pytest.raises(UnusableData, match=KEYS[7]):
        copy(folder, target, lambda _: None)
