"""What is free on the disk and what can go is told by the status, by errors of a full disk and by doctor, which lets it
go."""

import io
import shutil
from collections import namedtuple

import pytest
from sqlalchemy import select

from server.cli.doctor import report
from server.cli.main import main
from server.config import Settings
from server.features.upkeep.schema import WHAT
from server.runtime.queue.base import Job
from server.storage.rows import jobs
from server.storage.tables import Embedding, ImportJob, JobRow

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def full(app, client, upload, make_picture, data):
    """A data folder with something of each kind that can go; its image that stays, and the one that was deleted."""
    kept, deleted = upload(make_picture(seed=1)), upload(make_picture("TIFF", seed=2))
    client.delete(f"/api/images/{deleted['id']}")
    services = app.extensions["samphire"]
    services.blobs.put("embeddings/a/b", b"12345")
    with services.db.write() as session:
        session.add(
            Embedding(
                image_id=kept["id"], segmenter="s", weights="w", blob_key="embeddings/a/b", bytes=5, seconds=1
            )
        )
        for state in ("failed", "running"):
            session.add(
                ImportJob(id=state, project_id="default", source="x", spool=state * 2, keep_going=False)
            )
            stored = jobs.put(session, Job("import", {"import": state}, state))
            if state == "failed":
                session.get_one(JobRow, stored.id).state = state
    for name, size in (
        ("exports/" + "a" * 32 + ".zip", 7),
        ("imports/failedfailed", 11),
        ("imports/runningrunning", 13),
        ("downloads/sam.onnx.part", 19),
        ("quarantine/2026-01-01/blobs/images/ab/abc/original.png", 17),
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"x" * size)
    return kept, deleted


def sizes(client):
    storage = client.get("/api/status").json["storage"]
    assert 0 < storage["free_bytes"] < storage["total_bytes"]
    return {each["what"]: each["bytes"] for each in storage["can_go"]}


def test_what_can_go_is_told_and_goes(app, client, full, data, capsys, make_app):
    kept, deleted = full
    assert sizes(client) == {
        "exports": 7,
        "imports": 11,
        "downloads": 19,
        "embeddings": 5,
        "deleted": deleted["bytes"],
        "quarantine": 17,
    }
    app.extensions["samphire"].close()
    assert main(["doctor", "--data", str(data), "--free", *WHAT]) == 0
    assert capsys.readouterr().out.startswith("Freed ")
    app = make_app()
    assert set(sizes(app.test_client()).values()) == {0}
    assert app.test_client().get(kept["file_url"]).status_code == 200
    assert [path.name for path in (data / "imports").iterdir()] == ["runningrunning"]
    services = app.extensions["samphire"]
    with services.db.read() as session:
        assert session.scalars(select(Embedding.bytes)).all() == []
        assert session.get(ImportJob, "failed").spool is None
    assert {each.key.split("/")[2] for each in services.blobs.stored()} == {kept["id"]}


def test_an_upload_to_a_full_disk_is_told_what_can_go(client, full, make_picture, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 0))
    (client.application.extensions["samphire"].settings.data_path / "reserve").unlink()
    client.application.extensions["samphire"].db._reserve.spend()
    answer = client.post("/api/images", data={"file": (io.BytesIO(make_picture(seed=3)), "c.png")})
    assert answer.status_code == 507
    storage = answer.json["error"]["storage"]
    assert storage["free_bytes"] == 0
    assert {"what": "imports", "bytes": 11} in storage["can_go"]


def test_doctor_names_lost_and_unknown_files(app, upload, make_picture, data):
    names = ("whole.png", "gone.png", "short.png")
    images = [upload(make_picture(seed=seed), name) for seed, name in enumerate(names)]
    copied = upload(make_picture("TIFF", seed=9), "copied.tif")

    def folder(image):
        return data / "blobs" / "images" / image["id"][:2] / image["id"]

    def checks():
        return {check.name: check for check in report.report(Settings(data=str(data)))}

    found = checks()
    assert found["images"].ok
    assert "unknown images" not in found
    (folder(images[1]) / "original.png").unlink()
    short = folder(images[2]) / "original.png"
    short.write_bytes(short.read_bytes()[:10])
    (folder(copied) / "display.png").unlink()
    (data / "blobs" / "images" / "ab" / "unknown").mkdir(parents=True)
    (data / "blobs" / "images" / "ab" / "unknown" / "original.png").write_bytes(make_picture(seed=4))
    found = checks()
    assert not found["images"].ok
    assert found["images"].value == (
        "4; 1 missing: gone.png; 1 truncated: short.png; copies of 1 are recreated when needed"
    )
    assert found["unknown images"].value == "1 file"
    assert "--recover" in found["unknown images"].mend
