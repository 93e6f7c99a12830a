"""What a source takes for images, and how it reads text."""

import pytest

from server.features.transfer.formats.source import Source, Unreadable


def source(*paths, known=()):
    return Source(paths, open_file=lambda path: pytest.fail(path), known=dict.fromkeys(known, (4, 3)))


def test_masks_are_no_images():
    files = source(
        "masks/1.png", "images/1.png", "gtFine/1.png", "ds/SegmentationClass/1.png", "labels/2.jpg"
    )
    assert files.pictures() == ["images/1.png", "labels/2.jpg"]
    assert files.match("1.png").picture == "images/1.png"
    assert files.match("masks/1.png").picture == "masks/1.png"  # who names one means it
    assert files.match_stem("masks/1.png").picture == "images/1.png"


def test_a_projects_images_count_where_there_are_no_others():
    assert source("masks/1.png", known=("images/1.png",)).match("1.png").picture == "images/1.png"
    assert source("1.png", known=("2.png",)).match("2.png").picture is None
    assert source("a.json", known=("b.png",)).pictures() == ["b.png"]


def test_several_of_a_projects_images_with_one_name():
    files = Source(["a.json"], lambda path: pytest.fail(path), {"1.png": None, "x/2.png": (4, 3)})
    match = files.match("1.png")
    assert (match.picture, "2 images of the project" in match.found) == (None, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_text_says_its_encoding(encoding):
    data = "{caf\u00e9}".encode(encoding)
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    files = Source.memory({"a.txt": mark + data})
    assert files.head("a.txt") == files.text("a.txt", 100) == "{caf\u00e9}"
    with pytest.raises(Unreadable):
        Source.memory({"a.txt": b"\xff\xfe\x00"}).text("a.txt", 100)
