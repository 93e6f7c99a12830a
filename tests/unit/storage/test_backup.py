"""A backup is of one moment, whatever goes on meanwhile, and is restored whole or not at all."""

import hashlib
import threading
import time

import pytest
from sqlalchemy import select

from server.config import Settings
from server.errors import Conflict, InvalidSetting, StorageFull, UnusableData
from server.storage.backup.listing import backup_at, backups_in
from server.storage.backup.restoring import restore, verify
from server.storage.backup.taking import take
from server.storage.blobs import open_store
from server.storage.data_lock import DataLock
from server.storage.engine import Database
from server.storage.ownership import claim
from server.storage.tables import Image
from tests.unit.storage.used_folder import Used, keys_of, nothing

pytestmark = pytest.mark.sqlite


def numbers(settings):
    """Of the images in a restored folder, each with its files."""
    blobs, db = (
        open_store(settings.data_path / "blobs", settings.bucket),
        Database.open(settings.database_url),
    )
    with db.read() as session:
        images = session.scalars(select(Image)).all()
    db.close()
    for image in images:
        with blobs.open(image.original_key) as file:
            assert hashlib.sha256(file.read()).hexdigest() == image.identity
        assert all(blobs.exists(key) for key in keys_of(int(image.id[1:])))
    return sorted(int(image.id[1:]) for image in images)


@pytest.fixture
def used(tmp_path):
    made = Used(tmp_path / "data")
    for number in range(3):
        made.add(number)
    segmenter = made.folder / "segmenters" / "mine"
    segmenter.mkdir(parents=True)
    (segmenter / "decoder.onnx").write_bytes(b"weights")
    training = made.folder / "trainings" / "one"
    (training / "set").mkdir(parents=True)
    (training / "report.html").write_text("good")
    (training / "checkpoint.pt").write_bytes(b"of what went on")
    yield made
    made.db.close()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "backups"


def restored(tmp_path, name="new"):
    return Settings(data=str(tmp_path / name))


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_was_backed_up_is_restored(used, target, tmp_path):
    taken = used.back_up(target)
    assert (taken.progress.blobs, taken.progress.copied, taken.manifest.lost) == (9, 9, [])
    assert taken.manifest.rows["images"] == 3
    assert verify(backups_in(target), nothing) == []
    settings = restored(tmp_path)
    restore(backup_at(target), settings, nothing)
    assert numbers(settings) == [0, 1, 2]
    assert (settings.data_path / "segmenters/mine/decoder.onnx").read_bytes() == b"weights"
    assert (settings.data_path / "trainings/one/report.html").read_text() == "good"
    assert not (settings.data_path / "trainings/one/checkpoint.pt").exists()
    assert files(settings.data_path / "blobs") == files(used.folder / "blobs")


def test_the_sums_are_read_by_other_programs(used, target):
    backup = used.back_up(target).backup
    lines = (backup.folder / "SHA256SUMS").read_text().splitlines()
    for line in lines:
        digest, path = line.split("  ")
        assert hashlib.sha256((target / path).read_bytes()).hexdigest() == digest
    assert len(lines) == 12


def test_what_is_there_is_not_copied_again(used, target, monkeypatch):
    name = iter(f"2026-01-01T00-00-0{number}Z" for number in range(3))
    monkeypatch.setattr("server.storage.backup.taking.new_name", lambda: next(name))
    used.back_up(target)
    used.add(7, without=1)
    second = used.back_up(target)
    assert (second.progress.blobs, second.progress.copied) == (9, 3)
    first, again = (each.folder / "segmenters/mine/decoder.onnx" for each in backups_in(target))
    assert first.samefile(again)
    third = used.back_up(target, keep=2)
    assert third.removed == ["2026-01-01T00-00-00Z"]
    assert [each.folder.name[-2:] for each in backups_in(target)] == ["1Z", "2Z"]
    assert not (target / "blobs" / keys_of(1)[0]).exists()
    assert (target / "blobs" / keys_of(0)[0]).exists()
    assert verify(backups_in(target), nothing) == []


def test_while_changes_go_on_it_is_of_one_moment(used, target, tmp_path):
    """Each change adds an image and takes the oldest one away, with its files: of each moment there are three in a
    row."""
    stop, done = threading.Event(), []

    def work():
        number = 3
        while not stop.is_set():
            used.add(number, without=number - 3)
            done.append(number)
            number += 1
            stop.wait(0.2)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        moments = []
        for number in range(4):
            before = len(done)
            while len(done) == before:
                time.sleep(0.01)
            taken = used.back_up(target / f"{number}")
            assert taken.manifest.lost == []
            assert verify(backups_in(target / f"{number}"), nothing) == []
            settings = restored(tmp_path, f"new{number}")
            restore(taken.backup, settings, nothing)
            moments.append(numbers(settings))
    finally:
        stop.set()
        thread.join()
    assert [moment == list(range(moment[0], moment[0] + 3)) for moment in moments] == [True] * 4
    assert moments == sorted(moments)


def test_what_the_janitor_takes_meanwhile_is_not_missed(used, target, tmp_path, monkeypatch):
    """Between the rows and their files, once."""
    copied = used.blobs.local
    went = []

    def local(key):
        if not went:
            went.append(key)
            used.add(5, without=2)
        return copied(key)

    monkeypatch.setattr(used.blobs, "local", local)
    taken = used.back_up(target)
    assert taken.manifest.lost == []
    settings = restored(tmp_path)
    restore(taken.backup, settings, nothing)
    assert numbers(settings) in ([0, 1, 5], [0, 1, 2])


@pytest.mark.parametrize("how", ["lost", "cut short"])
def test_a_file_that_was_lost_before_is_told_and_comes_later(how, used, target):
    key = keys_of(1)[0]
    with used.blobs.open(key) as file:
        data = file.read()
    used.blobs.delete([key])
    if how == "cut short":
        used.blobs.put(key, data[:10])
    taken = used.back_up(target)
    assert taken.manifest.lost == [key]
    assert verify([taken.backup], nothing) == []
    used.blobs.put(key, data)
    assert used.back_up(target / "later").manifest.lost == []


def test_a_backup_that_was_killed_goes_on(used, target, monkeypatch):
    class Killed(BaseException):
        pass

    def stop(progress):
        if progress.copied == 4:
            raise Killed

    with pytest.raises(Killed):
        used.back_up(target, tell=stop)
    assert backups_in(target) == []
    with pytest.raises(InvalidSetting, match="no backup"):
        backup_at(target)
    there = len(files(target / "blobs"))
    taken = used.back_up(target)
    assert (taken.progress.blobs, taken.progress.copied) == (9, 9 - there)
    assert not list(target.glob("*.part"))
    assert verify([taken.backup], nothing) == []


@pytest.mark.parametrize("how", ["changed", "gone"])
@pytest.mark.parametrize(
    "which", ["original.png", "decoder.onnx", "samphire.db", "SHA256SUMS", "manifest.json"]
)
def test_a_damaged_file_is_named_and_nothing_is_restored(which, how, used, target, tmp_path):
    backup = used.back_up(target).backup
    path = next(target.rglob(which))
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1])) if how == "changed" else path.unlink()
    assert [str(path) in said for said in verify([backup], nothing)] == [True]
    settings = restored(tmp_path)
    with pytest.raises(UnusableData) as told:
        restore(backup, settings, nothing)
    assert str(path) in str(told.value)
    assert not settings.data_path.exists() or files(settings.data_path) == ["server.lock"]


def test_a_folder_that_is_used_is_left_as_it_is(used, target):
    used.back_up(target)
    before = files(used.folder)
    with pytest.raises(Conflict, match="is not empty"):
        restore(backup_at(target), Settings(data=str(used.folder)), nothing)
    assert files(used.folder) == before


def test_two_at_once_are_refused(used, target):
    with DataLock(target), pytest.raises(Conflict):
        used.back_up(target)


def test_a_full_disk_leaves_no_half_backup(used, target, monkeypatch):
    def full(*_):
        raise StorageFull()

    monkeypatch.setattr("server.storage.blobs.local.LocalBlobs._take_over", full)
    with pytest.raises(StorageFull):
        used.back_up(target)
    assert backups_in(target) == []


def test_a_restore_that_failed_can_be_tried_again(used, target, tmp_path, s3_bucket, s3, monkeypatch):
    used.back_up(target)
    into = Settings(data=str(tmp_path / "new"), blobs=s3_bucket, database="postgresql://ann@nowhere/d")
    monkeypatch.setattr(Settings, "database_url", f"sqlite:///{tmp_path / 'elsewhere.db'}")

    def broken(*_):
        raise UnusableData("The connection broke off.")

    with monkeypatch.context() as patch:
        patch.setattr("server.storage.backup.restoring.copy", broken)
        with pytest.raises(UnusableData, match="broke off"):
            restore(backup_at(target), into, nothing)
    restore(backup_at(target), into, nothing)
    assert numbers(into) == [0, 1, 2]


def test_into_a_bucket_and_out_of_it(used, target, tmp_path, s3_bucket, s3):
    settings = Settings(data=str(tmp_path / "new"), blobs=s3_bucket)
    used.back_up(target)
    restore(backup_at(target), settings, nothing)
    assert numbers(settings) == [0, 1, 2]
    assert not (tmp_path / "new" / "blobs").exists()
    store = open_store(settings.data_path / "blobs", settings.bucket, keeps=False)
    rows = Database.open(settings.database_url)
    claim(store, settings.bucket, rows)
    rows.close()
    with pytest.raises(Conflict, match="belongs to another"):
        restore(backup_at(target), Settings(data=str(tmp_path / "third"), blobs=s3_bucket), nothing)
    taken = take(settings.database_url, store, settings.data_path, target / "second", 0, nothing)
    assert (taken.progress.copied, taken.manifest.lost) == (9, [])
    assert verify([taken.backup], nothing) == []
