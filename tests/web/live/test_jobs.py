"""Killed (SIGKILL) in the middle of its jobs, the server goes on with them when it is started again; nobody asks."""

import io
import sqlite3
import time
import zipfile
from contextlib import closing

import requests

from tests.unit.storage.migrating import open_at
from tests.web.live.running import Server, picture, upload

IMAGES = 4
PACKED = 200  # more than are taken in before somebody looks
PATIENCE_S = 120


def until(true):
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := true()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return answer


def jobs(data, kind):
    """(state, attempts) of each, oldest first."""
    with closing(sqlite3.connect(data / "samphire.db")) as database:
        query = "SELECT state, attempts FROM jobs WHERE kind = ? ORDER BY created_at"
        return database.execute(query, (kind,)).fetchall()


def test_what_was_to_be_encoded_is_encoded_by_the_next(tmp_path):
    server = Server(tmp_path)
    images = [upload(server, picture(600, 400, seed), f"{seed}.png") for seed in range(IMAGES)]
    until(lambda: "running" in [state for state, _ in jobs(tmp_path, "encode")])
    server.process.kill()
    server.wait()
    left = jobs(tmp_path, "encode")
    assert len(left) == IMAGES
    assert {"running", "queued"} <= {state for state, _ in left}

    server = Server(tmp_path)

    def ready():
        told = [requests.get(f"{server.base}/api/images/{each['id']}", timeout=30).json() for each in images]
        states = [each["embedding"]["state"] for each in told]
        assert set(states) <= {"queued", "running", "ready"}
        return set(states) == {"ready"}

    until(ready)
    until(lambda: {state for state, _ in jobs(tmp_path, "encode")} == {"done"})
    assert sum(attempts for _, attempts in jobs(tmp_path, "encode")) == IMAGES + 1  # the one that ran
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line]


def test_an_import_goes_on_where_it_was_and_is_done_once(tmp_path):
    server = Server(tmp_path)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(PACKED):
            archive.writestr(f"{number}.png", picture(400, 300, number))
    url = f"{server.base}/api/projects/default"
    headers = {"Content-Type": "application/zip"}
    sent = requests.post(f"{url}/images", data=packed.getvalue(), headers=headers, timeout=30).json()

    def told():
        path = f"{server.base}/api/projects/default/imports/{sent['id']}"
        return requests.get(path, timeout=30).json()

    until(lambda: told()["added"])
    server.process.kill()
    server.wait()
    assert jobs(tmp_path, "import") == [("running", 1)]

    server = Server(tmp_path)
    until(lambda: told()["state"] == "done")
    assert (told()["added"] + told()["known"], told()["failed"], told()["bytes"]) == (PACKED, 0, 0)
    assert jobs(tmp_path, "import") == [("done", 2)]
    assert list((tmp_path / "imports").iterdir()) == []
    with closing(sqlite3.connect(tmp_path / "samphire.db")) as database:
        assert database.execute("SELECT count(*) FROM project_images").fetchone() == (PACKED,)
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line]


def test_stopped_in_the_middle_it_leaves_what_is_to_be_done(tmp_path):
    server = Server(tmp_path)
    for seed in range(IMAGES):
        upload(server, picture(600, 400, seed), f"{seed}.png")
    assert server.stop() == 0
    left = jobs(tmp_path, "encode")
    assert len(left) == IMAGES
    assert {state for state, _ in left} <= {"done", "queued"}
    assert {attempts for state, attempts in left if state == "queued"} == {0}
    assert not [line for line in server.errors if "Traceback" in line]


def test_an_import_of_an_earlier_release_is_gone_on_with(tmp_path):
    """Whose server was killed before it was replaced."""
    (tmp_path / "imports").mkdir()
    spool = tmp_path / "imports" / ("a" * 16)
    with zipfile.ZipFile(spool, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.png", picture(60, 40, number))
    open_at(tmp_path / "samphire.db", "0009").close()
    with closing(sqlite3.connect(tmp_path / "samphire.db")) as database, database:
        database.execute(
            "INSERT INTO import_jobs (id, project_id, source, spool, format, keep_going, state, total, objects, error,"
            " created_at, updated_at) VALUES ('old', 'default', 'x.zip', ?, NULL, 0, 'running', 3, 0, NULL,"
            " '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
            (spool.name,),
        )
    server = Server(tmp_path)
    url = f"{server.base}/api/projects/default/imports/old"
    until(lambda: requests.get(url, timeout=30).json()["state"] == "done")
    told = requests.get(url, timeout=30).json()
    assert (told["added"], told["source"], told["error"]) == (3, "x.zip", None)
    assert not spool.exists()
    assert server.stop() == 0
