"""One form of a file's name, whichever system wrote it."""

import pytest

from server.domain.outside.file_names import MOST_BYTES, canonical, fault, picture_name, picture_path, shown


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("images/a.jpg", "images/a.jpg"),
        ("images\\train\\a.jpg", "images/train/a.jpg"),
        ("./images/./a.jpg", "images/a.jpg"),
        (".\\images\\a.jpg", "images/a.jpg"),
        ("a//b/", "a/b"),
        ("cafe\u0301.png", "caf\u00e9.png"),
        ("a\nb\x1b.png", "ab.png"),
        ("a\ud800.png", "a.png"),
        ("../a", "../a"),
        ("/./a", "/a"),
        ("a.", "a."),
        ("...", "..."),
        ("\u3000a b .png", "\u3000a b .png"),
        (".", ""),
        ("", ""),
    ],
)
def test_canonical(given, expected):
    assert canonical(given) == expected
    assert canonical(expected) == expected
    assert shown(expected) == expected


@pytest.mark.parametrize("name", ["../a", "a/../b", "..", "a/..", "/a", "C:/a", "c:a"])
def test_names_that_lead_outwards(name):
    assert "leads out" in fault(canonical(name))
    assert "leads out" in fault(canonical(name.replace("/", "\\")))


def test_names_that_nothing_may_have():
    assert fault("a..b/..c/d..") is None
    assert "not valid" in fault("")
    assert "longer" in fault("\u6f22" * 400)
    assert fault("a" * MOST_BYTES) is None
    assert len(shown("a" * 900_000)) == MOST_BYTES


@pytest.mark.parametrize(
    ("given", "extension", "clean"),
    [
        ("photo.jpg", "jpg", "photo.jpg"),
        (None, "png", "image.png"),
        ("", "webp", "image.webp"),
        ("../../etc/passwd", "png", "passwd.png"),
        ("C:\\Users\\me\\cat.png", "png", "cat.png"),
        ("/", "png", "image.png"),
        ("..", "png", "image.png"),
        (".hidden", "png", "image.hidden"),
        ("a\0b\r\nc\x1b[31m.png", "png", "abc[31m.png"),
        ("tr\u202egnp.exe.png", "png", "trgnp.exe.png"),
        ("  spaced   out .png ", "png", "spaced out.png"),
        ("caf\u0065\u0301.png", "png", "caf\u00e9.png"),
        ("\u6f22\u5b57.tif", "tif", "\u6f22\u5b57.tif"),
        ("lone\ud800.png", "png", "lone.png"),
    ],
)
def test_names_are_made_harmless(given, extension, clean):
    assert picture_name(given, extension) == clean


def test_long_names_are_cut_and_keep_their_extension():
    name = picture_name("x" * 10_000 + ".jpeg", "jpg")
    assert len(name) <= 120
    assert name.endswith(".jpeg")
    assert len(picture_name("\u0344" * 10_000, "jpg")) <= 120


def test_long_paths_lose_their_outer_folders():
    path = picture_path("/".join([*(f"{n}" * 100 for n in range(5)), "a.png"]), "png")
    assert path.endswith("4/a.png")
    assert len(path) <= 255
