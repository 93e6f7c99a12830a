"""What deep pictures are shown as: the range that they use, but for what stands alone; photographs as they were."""

import numpy as np
import pytest

from server.features.pictures.rendering import Rendering, Samples, render
from tests.unit.features.pictures.files import ramp

AUTO = Rendering()


def shown(values, rendering=AUTO, **more):
    """(H, W), or (H, W, 3) where the bands differ."""
    values = values.reshape(*values.shape[:2], -1)
    pixels = np.asarray(render(Samples(values, **more), rendering))
    assert pixels.shape == (*values.shape[:2], 3)
    return pixels[:, :, 0] if values.shape[2] == 1 else pixels


def stretched(values, low, high):
    return np.rint((np.clip(values.astype(float), low, high) - low) / (high - low) * 255)


LOW = {
    "16 bits, few values": ramp(100, 220, "u2"),
    "12 bits": ramp(40, 4095, "u2"),
    "signed": ramp(-3000, 3000, "i2"),
    "signed, below nought": ramp(-300, -100, "i2"),
    "32 bits": ramp(5e8, 6e8, "u4"),
    "float": ramp(0.2, 0.3, "f4"),
    "double": ramp(-1e-9, 1e-9, "f8"),
    "half": ramp(0.25, 0.5, "f2"),
}


@pytest.mark.parametrize("name", LOW)
def test_what_a_picture_holds_fills_the_range(name):
    values = LOW[name]
    expected = stretched(values, values.min(), values.max())
    assert np.abs(shown(values) - expected).max() <= 4
    inverted = shown(values, white_is_zero=True)
    assert np.abs(inverted - (255 - expected)).max() <= 4


@pytest.mark.parametrize(("low", "high"), [(0, 65535), (3000, 60000), (0, 33000)])
def test_photographs_of_16_bits_look_as_they_were_meant_to(low, high):
    values = ramp(low, high, "u2")
    assert np.abs(shown(values) - np.rint(values / 257.0)).max() == 0


def test_8_bits_are_left_as_they_are():
    values = np.stack([ramp(10, 20 + band, "u1") for band in range(3)], axis=2)
    assert (shown(values) == values).all()


SINGLE = np.s_[3, 4]
BLOCK = np.s_[:20, :30]
STRANGE = {
    "a mark on one pixel": (SINGLE, -9999),
    "a mark on many": (BLOCK, -9999),
    "of 16 bits": (BLOCK, -32768),
    "the least float": (BLOCK, -3.4028234663852886e38),
    "not a number": (BLOCK, np.nan),
    "infinite": (SINGLE, np.inf),
    "a hot pixel": (SINGLE, 1e6),
    "hot pixels": (np.s_[::9, ::9], 12.0),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_stands_alone_does_not_count(name):
    where, mark = STRANGE[name]
    values = ramp(1, 2, "f4")
    expected = stretched(values, values.min(), values.max())
    marked = values.copy()
    marked[where] = mark
    left = np.ones(values.shape, bool)
    left[where] = False
    pixels = shown(marked)
    low, high = values[left].min(), values[left].max()
    expected = stretched(values, low, high)
    assert np.abs(pixels - expected)[left].max() <= 2
    assert (pixels[where] == (255 if mark > 0 else 0)).all()


def test_two_marks_and_a_frame_of_noughts():
    values = ramp(7000, 12000, "u2")
    values[:9], values[9:12] = 0, 65535
    expected = stretched(values, values[12].min(), 12000)
    assert np.abs(shown(values) - expected)[12:].max() <= 2


def test_declared_marks_do_not_count_though_they_lie_among_the_values():
    values = ramp(0, 300, "u2")
    values[20:30] = 65535
    pixels = shown(values, no_data=65535.0)
    assert (pixels[20:30] == 0).all()
    assert np.abs(pixels[:20] - stretched(values, 0, 300)[:20]).max() <= 2
    mark = float("-3.40282346638529e+38")
    floats = ramp(1, 2, "f4")
    floats[20:30] = mark
    assert (shown(floats, no_data=mark)[20:30] == 0).all()


def test_small_things_count():
    """A disc of 0.3 % of the pixels, above noise."""
    values = np.random.default_rng(1).normal(100, 2, (360, 640))
    rows, columns = np.mgrid[:360, :640]
    disc = (rows - 100) ** 2 + (columns - 100) ** 2 <= 15**2
    values[disc] += 1000
    pixels = shown(values.astype("u2"))
    assert pixels[disc].min() > 230
    assert pixels[~disc].max() < 25


@pytest.mark.parametrize("values", [[0, 1], [0, 5, 700], [7], [65535]])
@pytest.mark.parametrize("dtype", ["u2", "i4", "f4"])
@pytest.mark.parametrize("shape", [(40, 50), (1, 50), (50, 1), (2, 2), (1, 1)])
def test_few_values_and_odd_shapes(values, dtype, shape):
    tiled = np.resize(np.array(values, dtype), shape)
    pixels = shown(tiled)
    if len(set(tiled.ravel())) > 1:
        assert (pixels.min(), pixels.max()) == (0, 255)


def test_nothing_but_marks():
    assert (shown(np.full((8, 8), np.nan, "f4")) == 0).all()
    assert (shown(np.full((8, 8), 3, "u2"), no_data=3.0) == 0).all()


def test_colours_of_one_picture_are_brightened_alike_and_bands_each_for_itself():
    values = np.stack([ramp(100, 200, "u2"), ramp(100, 400, "u2"), ramp(100, 1000, "u2")], axis=2)
    alike = shown(values, one_scale=True)
    assert np.abs(alike - stretched(values, 100, 1000)).max() <= 2
    assert [shown(values)[:, :, band].max() for band in range(3)] == [255, 255, 255]


def test_transparency_is_laid_on_white():
    values = np.stack([ramp(100, 200, "u2")] * 3, axis=2)
    alpha = np.zeros(values.shape[:2], "u2")
    alpha[:, :32] = 65535
    pixels = shown(values, one_scale=True, alpha=alpha)
    assert (pixels[:, 32:] == 255).all()
    assert np.abs(pixels[:, :32] - stretched(values, 100, 200)[:, :32]).max() <= 4


def test_ranges_that_are_said():
    values = ramp(100, 220, "u2")
    assert np.abs(shown(values, Rendering("full")) - np.rint(values / 257.0)).max() == 0
    assert np.abs(shown(values, Rendering((150.0, 170.0))) - stretched(values, 150, 170)).max() == 0
    turned = 255 - stretched(values, 150, 170)
    assert np.abs(shown(values, Rendering((170.0, 150.0))) - turned).max() <= 1
    floats = ramp(0, 1, "f4")
    floats[0, 0] = -9999
    assert np.abs(shown(floats, Rendering("full")) - stretched(floats, -9999, 1)).max() == 0
    assert len(np.unique(shown(ramp(-100, 100, "i2"), Rendering("full")))) <= 3
