"""Imports into a project: pictures one by one, and on from wherever they stopped."""

import errno
import json

import gevent
import pytest

from server.domain.policy import OWNER
from server.errors import (
    Conflict,
    ImportNotFound,
    InvalidArchive,
    NotFound,
    ProjectNotFound,
    StorageFull,
    TooLarge,
)
from server.features.transfer.imports.files import NamedFiles
from server.features.transfer.imports.jobs import Choices
from server.storage.rows import imports as rows
from server.storage.rows import jobs as job_rows
from server.storage.tables import Project, now
from tests.unit.features.transfer.imports.importing import coco, figures, write
from tests.unit.features.transfer.imports.packing import pack_tar, pack_zip, picture


def test_a_folder_of_pictures_and_what_else_lies_there(world, tmp_path):
    files = {
        "a/1.png": picture(1), "a/2.jpg": picture(2, "JPEG"), "b/again.png": picture(1), "notes.txt": b"x",
        "bad.png": b"no picture", "large.png": picture(3, size=(200, 100)), "phone.heic": b"x", "inner.zip": b"PK",
    }  # fmt: skip
    job = world.run(write(tmp_path / "in", files))
    assert figures(job) == {
        "state": "done", "added": 2, "known": 1, "failed": 4, "noted": 0, "skipped": 1, "objects": 0,
    }  # fmt: skip
    assert job["total"] == 8
    assert {each["name"]: each["message"] for each in job["problems"]} == {
        "bad.png": "This kind of file is not supported.",
        "large.png": "This image has 0.0 million pixels; at most 0.0 million are accepted.",
        "phone.heic": "This kind of file is not supported.",
        "inner.zip": "Archives inside archives are not opened. Unpack it first.",
    }
    assert len(world.images()) == 2  # of the same bytes, whichever was decoded first
    assert list((tmp_path / "blobs" / "incoming").iterdir()) == []


def test_an_interrupted_import_goes_on_where_it_stopped(world, tmp_path, monkeypatch):
    files = write(tmp_path / "in", {f"{n}.png": picture(n) for n in range(12)})
    keep, kept = world.uploads.keep, []

    def keep_until_full(*arguments, **more):
        if len(kept) == 5:
            raise StorageFull()
        kept.append(arguments[2])
        return keep(*arguments, **more)

    monkeypatch.setattr(world.uploads, "keep", keep_until_full)
    job = world.run(files)
    assert (job["state"], job["added"], job["error"]) == ("stopped", 5, StorageFull.sentence)
    found = world.imports.jobs.unfinished("p", "here", None)
    assert found.id == job["id"]
    again = []
    monkeypatch.setattr(world.uploads, "keep", lambda *a, **more: again.append(a[2]) or keep(*a, **more))
    job = world.run(files, job=found)
    assert figures(job) | {"state": 0} == {
        "state": 0, "added": 12, "known": 0, "failed": 0, "noted": 0, "skipped": 0, "objects": 0,
    }  # fmt: skip
    assert (job["state"], sorted(kept + again)) == ("done", sorted(f"{n}.png" for n in range(12)))
    assert world.imports.jobs.unfinished("p", "here", None) is None


def test_a_full_disk_while_files_come_in(world, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(world.uploads, "_receive", full)
    job = world.run(write(tmp_path / "in", {"a.png": picture()}))
    assert (job["state"], job["error"], job["failed"]) == ("stopped", StorageFull.sentence, 0)


def test_a_project_that_is_deleted_meanwhile(world, tmp_path):
    job, _ = world.imports.jobs.create(OWNER, "p", "here", None, Choices())
    with world.db.write() as session:
        session.get(Project, "p").deleted_at = now()
    with pytest.raises(ProjectNotFound):  # when it is told of; the import has ended
        world.run(write(tmp_path / "in", {"a.png": picture()}), job=job)
    with world.db.read() as session:
        stands = rows.job_of(session, job.id)
    assert (stands.state, stands.error["message"]) == ("failed", ProjectNotFound.sentence)


def test_nothing_to_import(world, tmp_path):
    job = world.run(write(tmp_path / "in", {"a.txt": b"x"}))
    assert job["state"] == "failed"
    assert "no images" in job["error"]


def wait(world, job_id):
    with gevent.Timeout(20):
        while world.imports.jobs.get("p", job_id)["state"] in ("queued", "running"):
            gevent.sleep(0.02)
    return world.imports.jobs.get("p", job_id)


def test_sent_archives_are_worked_through_in_the_background(world, tmp_path):
    world.queue.start()
    files = {"1.png": picture(1), "2.png": picture(2), "a.json": json.dumps(coco("1.png", "2.png")).encode()}
    for number, path in enumerate((pack_zip(tmp_path / "x", files), pack_tar(tmp_path / "y", files))):
        with path.open("rb") as file:
            job = world.imports.receive(OWNER, "p", file, path.name, "coco", Choices())
        done = wait(world, job.id)
        assert (done["state"], done["source"], done["objects"]) == ("done", path.name, 2 - 2 * number)
    assert [path for path in (tmp_path / "imports").iterdir() if path.is_file()] == []
    assert world.imports.jobs.of_project("p")[0]["id"] == job.id


def test_what_waits_is_done_after_a_restart(world, tmp_path):
    with pack_zip(tmp_path / "x", {"1.png": picture(1)}).open("rb") as file:
        job = world.imports.receive(OWNER, "p", file, "x.zip", None, Choices())
    with world.db.write() as session:
        assert job_rows.begin(session, rows.job_of(session, job.id).id, "another", None)  # killed meanwhile
    later, _ = world.new_imports()
    later.start()
    assert wait(world, job.id)["state"] == "done"
    later.close()


def test_a_failed_one_can_be_taken_up_again(world, tmp_path):
    world.queue.start()
    bad = json.dumps(coco("1.png", "gone.png")).encode()
    with pack_zip(tmp_path / "x", {"1.png": picture(1), "a.json": bad}).open("rb") as file:
        job = world.imports.receive(OWNER, "p", file, "x.zip", "coco", Choices())
    assert wait(world, job.id)["state"] == "failed"
    world.imports.resume(OWNER, "p", job.id, {"keep_going": True})
    done = wait(world, job.id)
    assert (done["state"], done["added"], done["objects"]) == ("done", 1, 1)
    with pytest.raises(Conflict):
        world.imports.resume(OWNER, "p", job.id, {"keep_going": True})
    with pytest.raises(ImportNotFound):
        world.imports.resume(OWNER, "default", job.id, {"keep_going": True})


def test_what_is_refused_at_once_leaves_nothing(world, tmp_path):
    def send(data, format_name=None, project="p"):
        (tmp_path / "x").write_bytes(data)
        with (tmp_path / "x").open("rb") as file:
            world.imports.receive(OWNER, project, file, "x", format_name, Choices())

    for data, format_name, project, error in (
        (b"no archive", None, "p", InvalidArchive),
        (b"", "coco", "p", InvalidArchive),
        (b"x" * 2_000_001, "coco", "p", TooLarge),
        (b"{}", "excel", "p", NotFound),
        (b"{}", "csv", "p", NotFound),  # which is only written
        (b"{}", "coco", "gone", ProjectNotFound),
    ):
        with pytest.raises(error):
            send(data, format_name, project)
    assert list((tmp_path / "imports").iterdir()) == []
    assert world.imports.jobs.of_project("p") == []


def test_a_file_that_vanished(world, tmp_path):
    (tmp_path / "a.png").write_bytes(picture())
    files = NamedFiles({"a.png": tmp_path / "a.png", "b.png": tmp_path / "gone.png"})
    job = world.run(files)
    assert (job["state"], job["added"], job["failed"]) == ("done", 1, 1)
    assert "cannot be read" in job["problems"][0]["message"]


def test_watchers_are_told_of_what_came_in(world, tmp_path):
    world.run(write(tmp_path / "in", {"1.png": picture(1), "a.json": coco("1.png")}), "coco")
    image_id = world.images()["1.png"]
    told = [(each["event"], each.get("image"), each["actor"]) for each in world.told]
    assert told == [
        ("images:added", None, "owner"),
        ("labels:changed", None, "owner"),
        ("image:changed", image_id, "owner"),
        ("annotations:imported", image_id, "owner"),
    ]
    assert (world.told[0]["images"], world.told[3]["count"]) == ([image_id], 1)
