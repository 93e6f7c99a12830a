"""Sizes of pictures are told from their heads: upright, and without decoding."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from server.domain.picture_size import upright_size
from tests.unit.features.pictures.files import ramp, tiff

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # what Pillow says of damaged heads


def saved(kind, orientation=None, **options):
    out, exif = io.BytesIO(), Image.Exif()
    if orientation:
        exif[0x0112] = orientation
        options["exif"] = exif
    Image.new("RGB", (64, 48)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(("orientation", "size"), [(None, (64, 48)), (3, (64, 48)), (6, (48, 64))])
def test_upright(kind, orientation, size):
    assert upright_size(io.BytesIO(saved(kind, orientation))) == size


def test_tiffs_that_pillow_cannot_open():
    assert upright_size(io.BytesIO(tiff(np.zeros((20, 30, 7), "f8"), ">", planar=True))) == (30, 20)
    assert upright_size(io.BytesIO(tiff(ramp(0, 1, "f2"), orientation=8))) == (48, 64)


def test_a_png_without_exif_is_not_decoded(monkeypatch):
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda self: pytest.fail("decoded"))
    assert upright_size(io.BytesIO(saved("PNG"))) == (64, 48)


@pytest.mark.parametrize(
    "start", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"II+\0", b"\x89PNG\r\n\x1a\n", b"GIF89a"]
)
def test_what_cannot_be_told_is_one_of_two_errors(start):
    with pytest.raises((OSError, ValueError)):
        upright_size(io.BytesIO(start))


def test_a_directory_without_a_size():
    data = b"II*\0\x08\0\0\0" + struct.pack("<H", 0) + bytes(4)
    with pytest.raises(ValueError):
        upright_size(io.BytesIO(data))
