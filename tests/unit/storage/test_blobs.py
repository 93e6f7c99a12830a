"""The local blob store: whole files or none. What it has in common with others: test_blob_stores."""

import os
from pathlib import Path

import pytest

from server.storage.blobs import open_store


@pytest.fixture
def blobs(tmp_path):
    return open_store(tmp_path / "blobs")


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_streamed_beside_is_taken_over(blobs, tmp_path):
    with blobs.incoming() as path:
        path.write_bytes(b"data")
        blobs.put("images/x", path)
    assert files(tmp_path / "blobs") == ["images/x"]
    with blobs.incoming() as path:
        path.write_bytes(b"refused")
    assert files(tmp_path / "blobs") == ["images/x"]


def test_a_failed_write_leaves_nothing(blobs, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        blobs.put("images/x", b"data")
    assert files(tmp_path) == []


def test_bytes_are_synced_before_they_get_their_name(blobs, monkeypatch):
    order = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), fsync(handle)))
    monkeypatch.setattr(Path, "replace", lambda a, b: (order.append("rename"), replace(a, b)))
    blobs.put("images/ab/x", b"data")
    assert order[0] == "sync"
    assert order[-2:] == ["rename", "sync"]


def test_a_file_in_use_on_windows_is_no_error(blobs, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "used by another process")

    blobs.put("images/one", b"1")
    monkeypatch.setattr(Path, "unlink", refuse)
    blobs.delete(["images/one"])
    assert blobs.exists("images/one")


def test_what_is_stored_is_listed_without_what_is_not_ours(blobs, tmp_path):
    blobs.put("images/ab/known.png", b"12")
    half = tmp_path / "blobs" / "incoming" / "of a killed process"
    half.parent.mkdir(exist_ok=True)
    half.touch()
    (tmp_path / "blobs" / "images" / ".DS_Store").write_bytes(b"a file manager's")
    (tmp_path / "blobs" / "READ ME").write_bytes(b"somebody's")
    assert [(each.key, each.bytes) for each in blobs.stored()] == [("images/ab/known.png", 2)]
    assert blobs.leftovers() == [half.name]
    blobs.discard([half.name, "gone"])
    assert not half.exists()
    assert (blobs.size("images/ab/known.png"), blobs.size("images/ab/gone.png")) == (2, None)
