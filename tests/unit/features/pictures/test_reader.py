"""Pictures are read in another process with what they are worth: copies, or an error that says what it is."""

from contextlib import closing

import gevent
import numpy as np
import pytest
from PIL import Image

from server.errors import InvalidImage, TooLarge, Unavailable, UnsupportedImage
from server.features.pictures.bounds import Limits
from server.features.pictures.pixels import load_rgb
from server.features.pictures.reader import PictureReader
from server.runtime.fair import Sender

ANNA = Sender("Anna")


@pytest.fixture
def reader():
    made = PictureReader(Limits(1_000_000, 4000))
    yield made
    made.close()


def test_copies_come_back(reader, tmp_path):
    pixels = np.random.default_rng(1).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    for kind, shown_as_it_is in (("PNG", True), ("BMP", False)):
        path = tmp_path / kind
        Image.fromarray(pixels).save(path, kind)
        copies = reader.copies(path, ANNA)
        assert (copies.width, copies.height, copies.format, copies.display_type) == (
            40,
            30,
            kind,
            "image/png",
        )
        assert (copies.display is None) == shown_as_it_is
        assert (load_rgb(copies.display or path) == pixels).all()
        assert copies.thumbnail.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"hello", UnsupportedImage), (b"\x89PNG", InvalidImage), (b"BM", InvalidImage), (b"", InvalidImage)],
)
def test_errors_come_back_as_they_are(reader, tmp_path, data, kind):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(kind) as caught:
        reader.copies(tmp_path / "x", ANNA)
    assert type(caught.value) is kind
    assert caught.value.hint


def test_what_is_too_large_says_so(reader, tmp_path):
    Image.new("L", (5000, 10)).save(tmp_path / "x", "PNG")
    with pytest.raises(TooLarge, match="5000 x 10"):
        reader.copies(tmp_path / "x", ANNA)


def test_what_takes_too_long_is_given_up(tmp_path):
    Image.new("L", (4000, 4000)).save(tmp_path / "x", "PNG")  # not read before the watch first looks
    reader = PictureReader(Limits(20_000_000, 4000))
    reader._seconds = 0
    with closing(reader), pytest.raises(TooLarge, match="took too long"):
        reader.copies(tmp_path / "x", ANNA)


def test_what_breaks_the_process_is_told_as_the_pictures_fault(reader, tmp_path):
    Image.new("L", (900, 900)).save(tmp_path / "x", "PNG")
    reading = gevent.spawn(reader.copies, tmp_path / "x", ANNA)
    processes = reader._processes
    while not processes._busy:
        gevent.sleep(0)
    next(iter(processes._busy)).kill()
    with pytest.raises(InvalidImage, match="crashes the decoder"):
        reading.get(timeout=20)


def test_nothing_is_read_for_who_is_gone(reader, tmp_path):
    Image.new("L", (50, 10)).save(tmp_path / "x", "PNG")
    with pytest.raises(Unavailable):
        reader.copies(tmp_path / "x", Sender("Anna", lambda: True))
