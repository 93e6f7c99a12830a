"""A bucket that is away, busy, or not what it should be; what is kept of it on this machine; no key in a word."""

import hashlib
import os
import shutil
import sys

import pytest

from server.addresses import Bucket
from server.errors import FilesUnavailable, InvalidSetting, StorageFull, UnusableData
from server.storage.blobs import open_store, s3
from server.storage.blobs.cache import Cache
from tests.buckets import KEYS, bucket_of

DATA = os.urandom(300_000)


@pytest.fixture
def hurried(monkeypatch):
    """Boto3's pauses, of which there are none."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


@pytest.fixture
def blobs(s3_bucket, tmp_path, hurried):
    return open_store(tmp_path / "blobs", bucket_of(s3_bucket))


@pytest.fixture
def others(s3_bucket, tmp_path):
    """Of another machine."""
    return open_store(tmp_path / "elsewhere" / "blobs", bucket_of(s3_bucket))


def read(blobs, key):
    with blobs.open(key) as file:
        return file.read()


def times(count):
    """Whether something still happens, so many times."""
    left = [count]

    def next_one(method, path):
        left[0] -= 1
        return left[0] >= 0

    return next_one


def test_a_busy_store_is_asked_again(blobs, s3):
    s3.failing = times(3)
    blobs.put("images/x", DATA)
    s3.failing = times(3)
    assert blobs.size("images/x") == len(DATA)
    s3.failing = times(3)
    assert [each.key for each in blobs.stored()] == ["images/x"]
    s3.failing = times(3)
    blobs.delete(["images/x"])
    assert list(blobs.stored()) == []


def test_a_store_that_stays_away_is_told_and_nothing_has_changed(blobs, s3, others, tmp_path, caplog):
    blobs.put("images/x", b"before")
    s3.failing = lambda method, path: True
    for call in (
        lambda: blobs.put("images/x", b"after"),
        lambda: blobs.delete(["images/x"]),
        lambda: blobs.size("images/x"),
        lambda: list(blobs.stored()),
        lambda: read(others, "images/x"),
        lambda: others.move_out("images/x", tmp_path / "out"),
    ):
        with pytest.raises(FilesUnavailable):
            call()
    assert "SlowDown" in caplog.text
    s3.failing = lambda method, path: False
    assert read(others, "images/x") == b"before"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and "kept" not in path.parts] == []


def test_an_answer_that_breaks_off_is_asked_for_again(blobs, s3, others):
    blobs.put("images/x", DATA)
    broken = times(2)
    s3.cut = lambda method, path: 1000 if method == "GET" and broken(method, path) else None
    assert read(others, "images/x") == DATA
    s3.cut = lambda method, path: 1000 if method == "GET" else None
    blobs.put("images/y", DATA)
    with pytest.raises(FilesUnavailable):
        read(others, "images/y")
    s3.cut = lambda method, path: None
    assert read(others, "images/y") == DATA


def test_what_was_read_is_not_fetched_again(blobs, others, s3):
    def fetched():
        return sum(method == "GET" and path.endswith("images/x") for method, path in s3.asked)

    blobs.put("images/x", DATA)
    assert read(blobs, "images/x") == DATA
    assert fetched() == 0
    for _ in range(3):
        assert read(others, "images/x") == DATA
    assert fetched() == 1
    others.delete(["images/x"])
    with pytest.raises(FileNotFoundError):
        read(others, "images/x")


def test_what_is_lost_in_the_bucket_is_lost_here(blobs, others):
    blobs.put("images/x", DATA)
    others.delete(["images/x"])
    assert blobs.size("images/x") is None
    with pytest.raises(FileNotFoundError):
        read(blobs, "images/x")


def test_a_copy_that_is_cut_short_harms_nothing(blobs, s3_bucket, tmp_path):
    """As older versions could leave one after a power cut."""

    def cut_short(key):
        blobs.put(key, DATA)
        (copy,) = (tmp_path / "cache" / "kept").glob(f"*/{key.replace('/', '+')}")
        copy.write_bytes(DATA[:1000])

    cut_short("images/x")
    assert read(open_store(tmp_path / "blobs", bucket_of(s3_bucket), keeps=False), "images/x") == DATA
    assert blobs.size("images/x") == len(DATA)
    assert read(blobs, "images/x") == DATA
    cut_short("images/y")
    blobs.move_out("images/y", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == DATA
    assert not blobs.exists("images/y")


@pytest.mark.parametrize("links", [True, False])
def test_a_copy_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch, links):
    cache, source, synced, fsync = Cache(tmp_path / "kept", 1_000_000), tmp_path / "source", [], os.fsync

    def noted(handle):
        assert not [path for path in (tmp_path / "kept").glob("*/*") if path.is_file()]
        synced.append(os.fstat(handle).st_ino)
        fsync(handle)

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fsync", noted)
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    source.write_bytes(DATA)
    cache.keep("images/x", source)
    (copy,) = (tmp_path / "kept").glob("*/*")
    assert synced == [copy.stat().st_ino]


def test_only_what_lies_below_the_prefix_is_known(s3_bucket, tmp_path, blobs):
    bucket = bucket_of(s3_bucket)
    beside = open_store(tmp_path / "b" / "blobs", bucket._replace(prefix="some/other/"))
    above = open_store(tmp_path / "a" / "blobs", bucket._replace(prefix=""))
    blobs.put("images/x", b"1")
    beside.put("images/y", b"2")
    assert [each.key for each in blobs.stored()] == ["images/x"]
    assert [each.key for each in beside.stored()] == ["images/y"]
    assert [each.key for each in above.stored()] == ["some/other/images/y", "some/where/images/x"]


def test_what_is_moved_out_leaves_the_disk_some_room(blobs, tmp_path, monkeypatch):
    blobs.put("images/x", DATA)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=s3._SPARE_BYTES + len(DATA) - 1))
    with pytest.raises(StorageFull):
        blobs.move_out("images/x", tmp_path / "out")
    assert blobs.exists("images/x")
    assert not (tmp_path / "out").exists()


def test_a_bucket_that_is_not_there_is_told(s3_bucket, tmp_path):
    with pytest.raises((UnusableData, FileNotFoundError), match=r"no-such-bucket|does not exist"):
        open_store(tmp_path / "blobs", bucket_of(s3_bucket)._replace(name="no-such-bucket"))


def test_without_keys_it_is_told(s3_bucket, tmp_path, monkeypatch):
    for name in KEYS:
        if "KEY" in name:
            monkeypatch.delenv(name)
    with pytest.raises(UnusableData, match=r"cannot be used .*credentials"):
        open_store(tmp_path / "blobs", bucket_of(s3_bucket))


def test_nobody_answers(tmp_path, s3, hurried):
    with pytest.raises(FilesUnavailable):
        open_store(tmp_path / "blobs", Bucket("bucket", "", "http://127.0.0.1:1"))


@pytest.mark.parametrize(
    ("code", "status", "told"),
    [
        ("AccessDenied", 403, UnusableData),
        ("NoSuchKey", 404, FileNotFoundError),
        ("XMinioStorageFull", 507, StorageFull),
        ("QuotaExceeded", 403, StorageFull),
        ("BadDigest", 400, FilesUnavailable),
        ("RequestTimeTooSkewed", 403, FilesUnavailable),
        ("SlowDown", 429, FilesUnavailable),
        ("InternalError", 500, FilesUnavailable),
    ],
)
def test_what_a_refusal_is_told_as(blobs, code, status, told):
    assert type(blobs._failures.explain(code, status, "why")) is told


def test_secrets_leave_the_environment(monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    s3.forget_keys()
    assert not {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} & set(os.environ)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2030-01-01T00:00:00Z")  # it is asked for new ones
    s3.forget_keys()
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == KEYS["AWS_SECRET_ACCESS_KEY"]


def test_keys_are_read_once(blobs, monkeypatch):
    s3.forget_keys()
    blobs.put("images/x", DATA)
    assert hashlib.sha256(read(blobs, "images/x")).digest() == hashlib.sha256(DATA).digest()


def test_without_boto3_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    with pytest.raises(InvalidSetting, match="needs boto3") as refused:
        open_store(tmp_path / "blobs", Bucket("bucket", "", ""))
    assert 'samphire[s3]"' in refused.value.hint


def test_the_cache_makes_room_for_what_was_used_last(tmp_path):
    cache, out = Cache(tmp_path / "kept", 10_000), tmp_path / "out"
    source = tmp_path / "source"
    for number in range(12):
        source.unlink(missing_ok=True)
        source.write_bytes(bytes([number]) * 1000)
        os.utime(source, (number, number))
        cache.keep(f"images/{number}", source)
        if number == 6:
            assert cache.lend("images/0", out)
    held = {number for number in range(12) if cache.lend(f"images/{number}", out)}
    assert {0, 11} <= held
    assert 7 <= len(held) <= 10
    assert not {1, 2} & held
    assert cache.lend("images/11", out)
    cache.drop("images/11")
    assert out.read_bytes() == bytes([11]) * 1000
    assert not cache.lend("images/11", out)


def test_a_disk_without_links_has_copies(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    cache, source, out = Cache(tmp_path / "kept", 10_000), tmp_path / "source", tmp_path / "out"
    source.write_bytes(b"data")
    assert not cache.lend("images/x", out)
    cache.keep("images/x", source)
    assert cache.lend("images/x", out)
    assert out.read_bytes() == b"data"
