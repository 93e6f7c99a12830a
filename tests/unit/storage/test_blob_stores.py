"""What every blob store keeps: the folder, and a bucket."""

import threading
import time
from pathlib import Path

import pytest

from server.storage.blobs import open_store
from tests.buckets import bucket_of


@pytest.fixture(params=["folder", "bucket"])
def blobs(request, tmp_path):
    if request.param == "folder":
        return open_store(tmp_path / "blobs")
    return open_store(tmp_path / "blobs", bucket_of(request.getfixturevalue("s3_bucket")))


def coming(folder):
    """Files that are left where files come in."""
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name == "incoming"]


def read(blobs, key):
    with blobs.open(key) as file:
        return file.read()


def test_put_read_delete(blobs, tmp_path):
    blobs.put("images/ab/abc.png", b"one")
    blobs.put("images/ab/abc.png", b"two")
    assert read(blobs, "images/ab/abc.png") == b"two"
    assert blobs.exists("images/ab/abc.png")
    with blobs.local("images/ab/abc.png") as path:
        assert path.read_bytes() == b"two"
    assert blobs.size("images/ab/abc.png") == 3
    assert blobs.url("images/ab/abc.png", "image/png") is None
    blobs.delete(["images/ab/abc.png", "images/ab/never-there"])
    blobs.delete([])
    assert not blobs.exists("images/ab/abc.png")
    assert blobs.size("images/ab/abc.png") is None
    with pytest.raises(FileNotFoundError):
        blobs.open("images/ab/abc.png")
    with pytest.raises(FileNotFoundError), blobs.local("images/ab/abc.png"):
        pass
    with pytest.raises(FileNotFoundError):
        blobs.move_out("images/ab/abc.png", tmp_path / "out")
    assert coming(tmp_path) == []


NO_KEYS = (
    ["", "a", "/etc/passwd", "images/../x", "images/..", "images//x", "../x", "images/.x", "images/x\n",
    "images/x/",
     "images\\x", "images/x y", "images/\0", "images/é", "images/" + "x" * 300, "Images/x", "a/b/c/d/e"]
)  # fmt: skip


def test_other_keys_are_refused(blobs):
    for call in (
        blobs.open,
        lambda key: blobs.local(key).__enter__(),
        lambda key: blobs.url(key, "image/png"),
        lambda key: blobs.move_out(key, Path("out")),
        blobs.exists,
        lambda key: blobs.put(key, b""),
        lambda key: blobs.delete([key]),
    ):
        for key in NO_KEYS:
            with pytest.raises(ValueError, match="not a blob key"):
                call(key)


def test_a_file_that_came_in_is_taken_over(blobs, tmp_path):
    data = bytes(range(256)) * 2000
    with blobs.incoming() as path:
        path.write_bytes(data)
        blobs.put("images/x", path)
    with blobs.incoming() as path:
        path.write_bytes(b"refused")
    assert read(blobs, "images/x") == data
    assert [each.key for each in blobs.stored()] == ["images/x"]
    assert coming(tmp_path) == []


def test_what_is_lent_stays_whatever_happens_to_its_key(blobs):
    blobs.put("images/x", b"first")
    with blobs.open("images/x") as file:
        blobs.put("images/x", b"second")
        blobs.delete(["images/x"])
        assert file.read() == b"first"


def test_moved_out(blobs, tmp_path):
    blobs.put("images/x", b"data")
    blobs.move_out("images/x", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"data"
    assert list(blobs.stored()) == []


def test_all_that_is_stored_is_listed(blobs):
    before = time.time()
    keys = {f"images/{number:04}/x" for number in range(12)} | {"embeddings/a/b/c.semb.zst"}
    for key in keys:
        blobs.put(key, b"12")
    found = list(blobs.stored())
    assert {(each.key, each.bytes) for each in found} == {(key, 2) for key in keys}
    assert all(before - 2 <= each.modified <= time.time() + 2 for each in found)


def test_leftovers_are_told_and_discarded(blobs, tmp_path):
    with blobs.incoming() as path:
        half = path.with_name("of a killed process")
        half.touch()
    assert blobs.leftovers() == [half.name]
    blobs.discard([half.name, "gone"])
    assert blobs.leftovers() == []


def test_many_threads_at_once(blobs):
    problems = []

    def work(number):
        try:
            for turn in range(5):
                blobs.put(f"images/{number}/x", bytes([number, turn]))
                assert read(blobs, f"images/{number}/x") == bytes([number, turn])
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
