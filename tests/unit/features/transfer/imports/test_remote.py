"""Files behind URLs, by a store in memory; and sentences for what is missing."""

import sys

import pytest

from server.errors import InvalidDataset, InvalidSetting
from server.features.transfer.imports.remote import is_url, remote_files
from tests.unit.features.transfer.imports.packing import pack_zip, picture

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def store(tmp_path):
    memory = fsspec.filesystem("memory")
    for name, data in {"a/1.png": picture(1), "2.png": picture(2), ".hidden": b"x"}.items():
        memory.pipe(f"/bucket/in/{name}", data)
    pack_zip(tmp_path / "x", {"3.png": picture(3)})
    memory.pipe("/bucket/x.zip", (tmp_path / "x").read_bytes())
    yield memory
    memory.rm("/bucket", recursive=True)


def test_a_folder(store, world):
    with remote_files("memory://bucket/in", unpack=False) as files:
        assert files.total == 2
        job = world.run(files)
    assert (job["state"], job["added"], sorted(world.images())) == ("done", 2, ["2.png", "a/1.png"])


def test_an_archive_and_a_picture(store, world):
    with remote_files("memory://bucket/x.zip", unpack=True) as files:
        assert world.run(files)["added"] == 1
    with remote_files("memory://bucket/in/2.png", unpack=False) as files:
        assert world.run(files)["added"] == 1
    assert sorted(world.images()) == ["2.png", "3.png"]


def test_files_that_fail_while_they_are_read(store, world, monkeypatch):
    with remote_files("memory://bucket/in", unpack=False) as files:
        opened = type(store).open

        def broken(self, path, *arguments, **more):
            if path.endswith("2.png"):
                raise ConnectionResetError("the bucket went away")
            return opened(self, path, *arguments, **more)

        monkeypatch.setattr(type(store), "open", broken)
        job = world.run(files)
    assert (job["added"], job["failed"]) == (1, 1)
    assert "the bucket went away" in job["problems"][0]["message"]


def read(url):
    with remote_files(url, unpack=False):
        pass


def test_what_is_missing_is_told(monkeypatch):
    with pytest.raises(InvalidDataset, match="There is nothing"):
        read("memory://nowhere/at/all")
    with pytest.raises(InvalidDataset):
        read("nosuch://bucket")
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(InvalidSetting, match="another package"):
        read("s3://bucket/in")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(InvalidSetting, match=r"pip install .samphire\[remote\]|not installed") as raised:
        read("s3://bucket/in")
    assert "samphire[remote]" in raised.value.hint


def test_urls_and_paths():
    assert is_url("s3://bucket/in")
    assert not any(map(is_url, ("/home/me/in", "C:\\in", "in", "./s3:/x")))
