"""Pictures of deep samples become copies, whatever wrote them."""

import numpy as np
import pytest
from PIL import Image

from tests.unit.features.pictures.files import png, ramp, save, shown, tiff

RAMP = np.linspace(0, 65535, 48 * 32).reshape(32, 48).astype(np.uint16)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_clipped(tmp_path, kind):
    path = save(tmp_path / "x", Image.fromarray(RAMP), format=kind)
    pixels, _ = shown(path)
    expected = np.rint(RAMP / 257.0)
    assert np.abs(pixels[..., 0] - expected).max() <= 1
    assert (pixels[..., 0] == pixels[..., 2]).all()


def test_16_bit_grey_big_endian_tiff(tmp_path):
    image = Image.frombytes("I;16B", (48, 32), RAMP.astype(">u2").tobytes())
    pixels, _ = shown(save(tmp_path / "x", image, format="TIFF"))
    assert np.abs(pixels[..., 0] - np.rint(RAMP / 257.0)).max() <= 1


def test_16_bit_rgb_is_scaled_and_re_encoded(tmp_path):
    rgb = np.stack([RAMP, RAMP[::-1], 65535 - RAMP], -1).astype(">u2")
    path = tmp_path / "x"
    path.write_bytes(png(48, 32, 16, 2, [row.tobytes() for row in rgb]))
    pixels, copies = shown(path)
    assert np.abs(pixels - rgb / 257.0).max() <= 1
    assert copies.display is not None


@pytest.mark.parametrize("bands", [3, 4])
def test_16_bit_rgb_of_low_range_is_stretched_by_all_of_its_bits(tmp_path, bands):
    rgb = np.stack([RAMP // 500 + 100, RAMP // 400, RAMP // 300], -1)
    opaque = np.full((32, 48, 1), 65535)
    stored = (rgb if bands == 3 else np.concatenate([rgb, opaque], axis=2)).astype(">u2")
    path = tmp_path / "x"
    path.write_bytes(png(48, 32, 16, 2 if bands == 3 else 6, [row.tobytes() for row in stored]))
    pixels, _ = shown(path)
    assert np.abs(pixels - rgb * (255 / rgb.max())).max() <= 3


@pytest.mark.parametrize("photometric", [0, 1])
def test_rasters_of_many_bands_and_what_they_say_of_themselves(tmp_path, photometric):
    """Five bands, turned, with a mark for no data: each band has its own range."""
    bands = np.stack([ramp(100 * band + 5, 1000 * band + 900, "f4") for band in range(5)], -1)
    bands[:9] = -9999
    (tmp_path / "x").write_bytes(
        tiff(bands, planar=True, photometric=photometric, orientation=6, no_data="-9999")
    )
    pixels, copies = shown(tmp_path / "x")
    assert (copies.format, copies.width, copies.height) == ("TIFF", 48, 64)
    assert (pixels[:, -9:] == 0).all()
    upright = pixels[:, :-9] if photometric == 1 else 255 - pixels[:, :-9].astype(int)
    assert np.ptp(upright, axis=(0, 1)).tolist() == [255] * 3
    assert upright[0, -1].max() < 3


def test_float_and_32_bit_tiff_are_stretched(tmp_path):
    ramp = RAMP.astype(np.float32)
    for values in (ramp / 65535, ramp - 1000):
        pixels, _ = shown(save(tmp_path / "x", Image.fromarray(values), format="TIFF"))
        assert (pixels.min(), pixels.max()) == (0, 255)
    pixels, _ = shown(save(tmp_path / "y", Image.fromarray(RAMP.astype(np.int32) * 1000), format="TIFF"))
    assert (pixels.min(), pixels.max()) == (0, 255)
    odd = ramp.copy()
    odd[0, 0], odd[0, 1] = np.nan, np.inf
    shown(save(tmp_path / "z", Image.fromarray(odd), format="TIFF"))


def test_flat_float_picture(tmp_path):
    shown(save(tmp_path / "x", Image.fromarray(np.full((4, 4), 3.5, np.float32)), format="TIFF"))
