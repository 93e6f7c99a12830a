"""Samples come out of every TIFF as they went in."""

import numpy as np
import pytest
from PIL import Image

from server.features.pictures.tiff import open_deep_tiff
from tests.unit.features.pictures.files import ramp, tiff

RANDOM = np.random.default_rng(5)


def written(path, data):
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("dtype", ["u2", "i2", "u4", "i4", "f2", "f4", "f8", "i1", "u1"])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("planar", [False, True])
def test_every_type_of_sample_in_five_bands(tmp_path, dtype, order, planar):
    values = RANDOM.integers(0, 100, (23, 17, 5)).astype(dtype)
    opened = open_deep_tiff(written(tmp_path / "x", tiff(values, order, planar)))
    assert (opened.width, opened.height, opened.bands) == (17, 23, 5)
    assert (opened.read(range(5)) == values).all()
    assert (opened.read([3, 0]) == values[:, :, [3, 0]]).all()


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma", "zstd"])
@pytest.mark.parametrize(("dtype", "predictor"), [("u2", 1), ("u2", 2), ("f4", 1), ("f4", 2), ("f4", 3)])
def test_what_libtiff_packs(tmp_path, compression, dtype, predictor):
    values = (RANDOM.normal(size=(61, 75)) * 50 + 300).astype(dtype)
    Image.fromarray(values).save(
        tmp_path / "x", "TIFF", compression=compression, tiffinfo={317: predictor, 278: 9}
    )
    assert (open_deep_tiff(tmp_path / "x").read([0])[:, :, 0] == values).all()


def test_what_the_file_says_of_itself(tmp_path):
    data = tiff(ramp(0, 1, "f4"), photometric=0, orientation=6, no_data="-9999 ")
    opened = open_deep_tiff(written(tmp_path / "x", data))
    assert (opened.photometric, opened.orientation, opened.no_data) == (0, 6, -9999.0)
    assert open_deep_tiff(written(tmp_path / "x", tiff(ramp(0, 1, "f4"), no_data="none"))).no_data is None
    rgba = tiff(RANDOM.integers(0, 9, (5, 6, 4)).astype("u2"), photometric=2, extra=[2])
    assert open_deep_tiff(written(tmp_path / "x", rgba)).alpha == 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"])
def test_what_pillow_holds_is_left_to_it(tmp_path, mode):
    image = Image.new("RGB" if mode in ("LA", "LAB") else "L", (9, 7)).convert("L" if mode == "LA" else "RGB")
    image = image if mode == "LAB" else image.convert(mode)
    image.save(tmp_path / "x", "TIFF")
    assert open_deep_tiff(tmp_path / "x") is None


def test_what_is_no_tiff(tmp_path):
    Image.new("L", (9, 7)).save(tmp_path / "x", "PNG")
    assert open_deep_tiff(tmp_path / "x") is None
    assert open_deep_tiff(written(tmp_path / "x", b"")) is None
