"""The janitor removes nothing that may be wanted: what the database does not know goes into quarantine, when it is old,
and comes back when it is known again, or as new images."""

import os
import shutil
import time
from datetime import timedelta

import gevent
import pytest
from sqlalchemy import select, update

from server.cli.main import main
from server.runtime.queue.base import Job
from server.storage import quarantine
from server.storage.rows import jobs
from server.storage.tables import Event, Image, ImportJob, JobRow, ProjectImage, now

DAY = 24 * 3600


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def originals(data):
    def find(folder="blobs"):
        return sorted(path.parent.name for path in (data / folder).rglob("original.*"))

    return find


def grow_old(folder, days=2):
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - days * DAY,) * 2)


def close(app):
    app.extensions["samphire"].close()


def clean(app):
    app.extensions["samphire"].janitor.clean()


def send(client, data, name="a.png"):
    import io

    answer = client.post("/api/images", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 201
    return answer.json


@pytest.mark.sqlite
@pytest.mark.parametrize("lost", ["gone", "an older copy"])
def test_a_lost_database_takes_no_original_with_it(lost, make_app, make_picture, data, originals, capsys):
    app = make_app()
    first = [send(app.test_client(), make_picture(seed=0))["id"]]
    close(app)
    shutil.copy(data / "samphire.db", data / "older")
    app = make_app()
    first += [send(app.test_client(), make_picture("TIFF", seed=seed))["id"] for seed in (1, 2)]
    close(app)
    (data / "samphire.db").unlink()
    if lost == "an older copy":
        (data / "older").rename(data / "samphire.db")
    app = make_app()
    later = send(app.test_client(), make_picture(seed=3))["id"]
    close(app)
    app = make_app()
    clean(app)
    assert originals() == sorted([*first, later])
    grow_old(data / "blobs")
    clean(app)  # they are only moved
    assert sorted(originals() + originals("quarantine")) == sorted([*first, later])
    assert originals("quarantine") != []
    close(app)

    assert main(["doctor", "--recover", "--data", str(data)]) == 0
    assert 'to the project "Recovered"' in capsys.readouterr().out
    assert originals() == sorted([*first, later])
    app = make_app()
    client = app.test_client()
    (project,) = [
        each for each in client.get("/api/projects").json["projects"] if each["name"] == "Recovered"
    ]
    listed = client.get(f"/api/projects/{project['id']}/images").json["images"]
    known = [later] if lost == "gone" else [first[0], later]
    assert sorted(each["id"] for each in listed) == sorted(set(first) - set(known))
    for each in listed:
        assert (each["width"], each["height"]) == (40, 30)
        assert client.get(each["file_url"]).status_code == 200
        assert client.get(each["thumbnail_url"]).status_code == 200
    clean(app)
    assert originals("quarantine") == []
    close(app)
    assert main(["doctor", "--recover", "--data", str(data)]) == 0
    assert capsys.readouterr().out == "Nothing to recover.\n"


@pytest.mark.sqlite
def test_a_database_that_was_put_back_has_its_files_back(make_app, make_picture, data, originals):
    app = make_app()
    image = send(app.test_client(), make_picture("TIFF"))
    close(app)
    (data / "samphire.db").rename(data / "right")
    grow_old(data / "blobs")
    app = make_app()
    clean(app)
    assert originals() == []
    close(app)
    (data / "right").rename(data / "samphire.db")
    app = make_app()
    app.extensions["samphire"].janitor.start()
    deadline = time.monotonic() + 20
    while originals() == [] and time.monotonic() < deadline:
        gevent.sleep(0.01)
    assert originals() == [image["id"]]
    assert app.test_client().get(image["file_url"]).status_code == 200


def test_an_original_that_is_no_picture_is_told_and_stays(make_app, data, originals, capsys):
    close(make_app())
    folder = data / "blobs" / "images" / "ab" / "abcdef"
    folder.mkdir(parents=True)
    (folder / "original.png").write_bytes(b"half a picture")
    assert main(["doctor", "--recover", "--data", str(data)]) == 1
    assert "original.png: This kind of file is not supported." in capsys.readouterr().err
    assert originals() == ["abcdef"]


def test_what_was_in_quarantine_for_a_month_goes(app, data, monkeypatch):
    folder = data / "quarantine"
    for day in ("2026-01-01", "notes"):
        (folder / day).mkdir(parents=True)
        (folder / day / "file").write_bytes(b"1")
    kept = quarantine.Quarantine(folder)
    (data / "new").write_bytes(b"2")
    kept.take(data / "new", "blobs/images/new")
    clean(app)
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["file", "new"]
    assert not (folder / "2026-01-01").exists()


def test_what_is_purged_leaves_its_original_for_a_month(app, client, upload, data, originals):
    image = upload()
    client.delete(f"/api/images/{image['id']}")
    clean(app)
    assert originals() == [image["id"]]
    services = app.extensions["samphire"]
    with services.db.write() as session:
        session.execute(update(ProjectImage).values(removed_at=now() - timedelta(days=31)))
    clean(app)
    assert (originals(), originals("quarantine")) == ([], [image["id"]])
    with services.db.read() as session:
        assert session.scalars(select(Image.id)).all() == []


def test_half_made_files_go_when_a_server_starts(make_app, data):
    close(make_app())
    ours = [
        "blobs/incoming/" + "a" * 32,
        "exports/" + "b" * 32 + ".zip.0a1b.part",
        "imports/.tmp12345/1/a.png",
    ]
    others = ["exports/mine", "exports/" + "c" * 32 + ".zip", "imports/" + "d" * 16, "imports/mine"]
    for name in [*ours, *others]:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"1")
    app = make_app()
    assert all((data / name).exists() for name in ours)  # a command does not clean
    janitor = app.extensions["samphire"].janitor
    janitor.begin(lambda: True)  # another process is at work: it may be making them
    gevent.sleep(0.05)
    assert all((data / name).exists() for name in ours)
    newer = data / "exports" / ("e" * 32 + ".zip.0a1b.part")
    janitor.begin(lambda: newer.write_bytes(b"1") == 0)  # begun while others were looked for
    deadline = time.monotonic() + 20
    while any((data / name).exists() for name in ours) and time.monotonic() < deadline:
        gevent.sleep(0.01)
    assert [name for name in ours if (data / name).exists()] == []
    assert newer.exists()
    assert [name for name in others if not (data / name).exists()] == []


def test_half_made_files_that_lie_for_days_go_while_others_work(make_app, data, monkeypatch):
    app = make_app()
    janitor = app.extensions["samphire"].janitor
    half = data / "exports" / ("b" * 32 + ".zip.0a1b.part")
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"1")
    janitor.clean()
    assert half.exists()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 4 * 24 * 3600)
    janitor.clean()
    assert not half.exists()


def test_what_was_sent_for_an_import_stays_for_a_month(app, data):
    services = app.extensions["samphire"]
    (data / "imports").mkdir()
    for spool in ("a" * 16, "b" * 16, "c" * 16):
        (data / "imports" / spool).write_bytes(b"1")
    with services.db.write() as session:
        for spool, days in (("a" * 16, 40), ("b" * 16, 10)):
            session.add(
                ImportJob(
                    id=spool, project_id="default", source="x", spool=spool, keep_going=False,
                    updated_at=now() - timedelta(days=days),
                )
            )  # fmt: skip
    clean(app)
    assert sorted(path.name[0] for path in (data / "imports").iterdir()) == ["b", "c"]
    grow_old(data / "imports")
    clean(app)
    assert sorted(path.name[0] for path in (data / "imports").iterdir()) == ["b"]
    assert [path.name[0] for path in (data / "quarantine").rglob("*/imports/*")] == ["c"]


def test_how_a_job_ended_is_known_for_a_week_and_of_an_import_as_long_as_it_is_listed(app, client):
    db = app.extensions["samphire"].db
    with db.write() as session:
        session.add(ImportJob(id="listed", project_id="default", source="x", keep_going=False))
        for kind, key, state, days in (
            ("encode", "old", "done", 8), ("encode", "failed", "failed", 8), ("encode", "new", "done", 6),
            ("encode", "waiting", "queued", 8), ("import", "listed", "done", 400), ("import", "gone", "done", 8),
        ):  # fmt: skip
            stored = jobs.put(session, Job(kind, {}, key))
            row = session.get(JobRow, stored.id)
            row.state, row.updated_at = state, now() - timedelta(days=days)
    clean(app)
    with db.read() as session:
        kept = sorted(session.scalars(select(JobRow.dedupe_key)))
    assert kept == ["listed", "new", "waiting"]
    assert client.get("/api/projects/default/imports").json["imports"][0]["state"] == "done"


def test_one_failing_step_keeps_no_other_from_being_done(app, data, monkeypatch):
    def fail():
        raise OSError(5, "Input/output error")

    janitor = app.extensions["samphire"].janitor
    monkeypatch.setattr(janitor, "purge", fail)
    (data / "blobs" / "images").mkdir(parents=True)
    (data / "blobs" / "images" / "x").write_bytes(b"1")
    grow_old(data / "blobs")
    janitor.clean()
    assert not (data / "blobs" / "images" / "x").exists()


def test_events_are_forgotten_after_a_month(app, client):
    client.patch("/api/projects/default", json={"name": "A"})
    services = app.extensions["samphire"]
    with services.db.write() as session:
        session.execute(update(Event).values(at=now() - timedelta(days=31)))
    client.patch("/api/projects/default", json={"name": "B"})
    clean(app)
    assert [each["seq"] for each in client.get("/api/projects/default/events?since=1").json["events"]] == [2]
