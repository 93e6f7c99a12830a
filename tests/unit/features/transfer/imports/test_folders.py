"""Folders of this machine: names in any encoding, and links."""

import os
import sys

import pytest

from server.features.transfer.imports.files import TWICE, folder_files
from tests.unit.features.transfer.imports.importing import figures, write
from tests.unit.features.transfer.imports.packing import picture

links = pytest.mark.skipif(sys.platform == "win32", reason="links want a privilege there")


def met(folder):
    return {member.name: member.problem for member in folder_files(folder).members()}


@links
def test_links_are_followed(tmp_path):
    write(tmp_path / "store", {"deep/a.png": b"x", "b.png": b"y"})
    write(tmp_path / "here", {"c.txt": b"z"})
    (tmp_path / "here/images").symlink_to(tmp_path / "store", target_is_directory=True)
    (tmp_path / "here/more").symlink_to("../store/deep", target_is_directory=True)
    (tmp_path / "here/d.png").symlink_to(tmp_path / "store/b.png")
    names = ["c.txt", "d.png", "images/b.png", "images/deep/a.png", "more/a.png"]
    assert met(tmp_path / "here") == dict.fromkeys(names)
    assert folder_files(tmp_path / "here").source().text("images/deep/a.png", 10) == "x"


@links
def test_links_that_lead_back_or_nowhere(tmp_path):
    write(tmp_path, {"a/b/c.png": b"x"})
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a/self").symlink_to(".", target_is_directory=True)
    (tmp_path / "a/lost.png").symlink_to("gone.png")
    assert met(tmp_path / "a") == {
        "b/c.png": None,
        "b/up": "This link leads back to a folder that contains it.",
        "self": "This link leads back to a folder that contains it.",
        "lost.png": "This link leads nowhere.",
    }


def test_a_link_that_git_wrote_as_a_file(tmp_path):
    write(tmp_path / "store", {"a.png": b"x"})
    write(tmp_path / "here", {"images": b"../store", "README": b"no path", "LICENSE": b"\xff\xfe"})
    assert list(met(tmp_path / "here")) == ["LICENSE", "README", "images/a.png"]


def test_deep_folders(tmp_path):
    """Names longer than any archive may hold are told, not imported."""
    folder = tmp_path
    try:
        for _ in range(600):
            folder = folder / "ddd"
            folder.mkdir()
        (folder / "a.png").write_bytes(b"x")
    except OSError:
        pytest.skip("this system has no such deep folders")
    (problem,) = met(tmp_path).values()
    assert "longer than" in problem


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take names in UTF-8 only")
def test_names_that_are_not_utf_8(tmp_path, world):
    (tmp_path / "in").mkdir()
    for number, name in enumerate((b"caf\xe9.png", "caf\u00e8.png".encode(), b"a\nb.png", b"ab.png")):
        (tmp_path / "in" / os.fsdecode(name)).write_bytes(picture(number))
    job = world.run(folder_files(tmp_path / "in"))
    assert figures(job) == {
        "state": "done", "added": 3, "known": 0, "failed": 1, "noted": 0, "skipped": 0, "objects": 0,
    }  # fmt: skip
    assert set(world.images()) == {"caf\u00e9.png", "caf\u00e8.png", "ab.png"}
    assert job["problems"][0]["message"] == TWICE
