"""From a database whose imports knew themselves how they stood: each has its job, and nothing else is touched."""

import json
import sqlite3

import pytest

from server.storage.engine import Database
from server.storage.jobs import StoredJobs
from tests.unit.storage.migrating import go_back, interrupt_everywhere, open_at, read

pytestmark = pytest.mark.sqlite

IMPORTS = {  # state, the file that was sent, error
    "waiting": ("queued", "a" * 16, None),
    "under-way": ("running", "b" * 16, None),
    "command": ("running", None, None),
    "full": ("stopped", "c" * 16, "The disk is full."),
    "bad": ("failed", "d" * 16, "Nothing was imported: 2 items have problems."),
    "good": ("done", None, None),
}
DAY = "2026-01-0{} 00:00:00.000000"


@pytest.fixture
def old(tmp_path):
    """With imports in every state, and what became of their files."""
    path = tmp_path / "x.db"
    open_at(path, "0009").close()
    connection = sqlite3.connect(path)
    for number, (name, (state, spool, error)) in enumerate(IMPORTS.items(), start=1):
        connection.execute(
            "INSERT INTO import_jobs (id, project_id, source, spool, format, keep_going, state, total, objects, error,"
            " created_at, updated_at) VALUES (?, 'default', 'x.zip', ?, NULL, 0, ?, 7, 3, ?, ?, ?)",
            (name, spool, state, error, DAY.format(number), DAY.format(number + 1)),
        )
        connection.execute("INSERT INTO import_files VALUES (?, 0, 'a.png', 'added', NULL, NULL)", (name,))
    connection.commit()
    connection.close()
    return path


def test_imports_have_jobs_and_the_unfinished_are_taken_up(old):
    database = Database.open(f"sqlite:///{old}")
    stored = StoredJobs(database).unfinished()
    assert [(each.job.key, each.job.args, each.state) for each in stored] == [
        (("import", name), {"import": name, "project": "default", "sent": sent}, state)
        for name, sent, state in (
            ("waiting", True, "queued"), ("under-way", True, "running"), ("command", False, "running"),
        )
    ]  # fmt: skip
    database.close()
    rows = read(old, "SELECT dedupe_key, state, error, created_at, updated_at FROM jobs ORDER BY created_at")
    assert [(name, state, error and json.loads(error)["message"]) for name, state, error, _, _ in rows] == [
        (name, state, error) for name, (state, _, error) in IMPORTS.items()
    ]
    assert rows[0][3:] == (DAY.format(1), DAY.format(2))
    assert read(old, "SELECT id, total, objects FROM import_jobs ORDER BY created_at") == [
        (name, 7, 3) for name in IMPORTS
    ]
    assert read(old, "SELECT count(*) FROM import_files") == [(6,)]
    assert read(old, "PRAGMA foreign_key_check") == []


def test_interrupted_anywhere_it_is_as_before(old):
    assert interrupt_everywhere(old, "import_jobs") > 6
    assert read(old, "SELECT count(*) FROM jobs") == [(6,)]


def test_back_again(old):
    before = read(old, "SELECT id, state, error, spool, objects FROM import_jobs ORDER BY id")
    database = open_at(old, "0012")
    go_back(database, "0009")
    database.close()
    assert read(old, "SELECT id, state, error, spool, objects FROM import_jobs ORDER BY id") == before


def test_masks_that_a_job_made_are_known_by_their_version(tmp_path):
    """Which nobody changed since, of the image and the project that the job was about."""
    path = tmp_path / "x.db"
    open_at(path, "0030").close()
    made = json.dumps([{"id": "kept", "version": 1}, {"id": "changed", "version": 1}])
    connection = sqlite3.connect(path)  # which does not look at foreign keys
    for id, image, version in (
        ("kept", "i", 1),
        ("changed", "i", 2),
        ("drawn", "i", 1),
        ("kept-too", "j", 1),
    ):
        connection.execute(
            "INSERT INTO annotations (id, project_id, image_id, label_id, rle_counts, area, bbox, prompts, attributes,"
            " version, z, created_at, updated_at) VALUES (?, 'default', ?, 'x', '0', 1, '[0,0,1,1]', '[]', '{}', ?, 0,"
            " ?, ?)",
            (id, image, version, DAY.format(1), DAY.format(1)),
        )
    for image, rows in (("i", made), ("j", "[]")):
        connection.execute(
            "INSERT INTO mask_run_images (run_id, image_id, project_id, made, objects)"
            " VALUES ('r', ?, 'default', ?, 2)",
            (image, rows),
        )
    connection.commit()
    connection.close()
    Database.open(f"sqlite:///{path}").close()
    query = "SELECT id, job_version FROM annotations ORDER BY id"
    assert read(path, query) == [("changed", None), ("drawn", None), ("kept", 1), ("kept-too", None)]
