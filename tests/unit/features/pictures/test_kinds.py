"""AVIF, JPEG 2000 and HEIC are read where their decoders are; elsewhere the error says what to install."""

import numpy as np
import pytest
from PIL import Image, features

from server.errors import InvalidImage, UnsupportedImage
from server.features.pictures import kinds
from server.features.pictures.kinds import why_unreadable
from server.features.pictures.pixels import make_copies
from tests.unit.features.pictures.files import LIMITS, ramp, save, shown

COLORS = np.zeros((48, 64, 3), np.uint8)
COLORS[:24, :32], COLORS[24:, :32], COLORS[24:, 32:] = (250, 10, 10), (10, 10, 250), 250
FTYP = b"\0\0\0\x18ftyp"


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def close(one, other):
    return one.shape == other.shape and np.abs(one.astype(int) - other).mean() < 8


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
def test_avif(tmp_path):
    path = save(tmp_path / "x", Image.fromarray(COLORS), format="AVIF", exif=turned())
    pixels, copies = shown(path)
    assert (copies.format, copies.display_type) == ("AVIF", "image/jpeg")
    assert close(pixels, COLORS.transpose(1, 0, 2)[:, ::-1])


@pytest.mark.skipif(not features.check("jpg_2000"), reason="this Pillow has no JPEG 2000")
def test_jpeg_2000(tmp_path):
    pixels, copies = shown(save(tmp_path / "x", Image.fromarray(COLORS), format="JPEG2000"))
    assert (copies.format, copies.display_type) == ("JPEG2000", "image/png")
    assert (pixels == COLORS).all()
    deep = save(tmp_path / "y", Image.fromarray(ramp(100, 220, "u2")), format="JPEG2000")
    assert np.ptp(shown(deep)[0]) == 255


def test_heic(tmp_path):
    pytest.importorskip("pillow_heif", reason="pip install '.[heic]'")
    image = Image.fromarray(COLORS)
    image.info["exif"] = turned().tobytes()
    pixels, copies = shown(save(tmp_path / "x", image, format="HEIF", quality=90))
    assert (copies.format, copies.display_type) == ("HEIF", "image/jpeg")
    assert close(pixels, COLORS.transpose(1, 0, 2)[:, ::-1])


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (FTYP + b"heic\0\0\0\0mif1heic", "samphire[heic]"),
        (FTYP + b"mif1\0\0\0\0mif1heic", "samphire[heic]"),
        (FTYP + b"avif\0\0\0\0mif1miaf", "upgrade pillow"),
        (FTYP + b"mif1\0\0\0\0mif1avif", "upgrade pillow"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "upgrade pillow"),
        (b"\xff\x4f\xff\x51\0\0", "upgrade pillow"),
        (FTYP + b"isom\0\0\0\0isomiso2", "Upload a JPEG"),
    ],
)
def test_what_is_missing_is_said(tmp_path, monkeypatch, start, says):
    monkeypatch.setattr(kinds, "KINDS", ("JPEG", "PNG"))
    (tmp_path / "x").write_bytes(start)
    error = why_unreadable(tmp_path / "x")
    assert type(error) is UnsupportedImage
    assert says in error.hint


def test_what_is_there_but_damaged(tmp_path):
    (tmp_path / "x").write_bytes(b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40))
    with pytest.raises(InvalidImage) as caught:
        make_copies(tmp_path / "x", LIMITS)
    assert type(caught.value) is InvalidImage
