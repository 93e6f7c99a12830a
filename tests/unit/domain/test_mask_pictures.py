"""Objects in small: where they are, in which colour, and that nothing is unpacked for it."""

import time

import numpy as np
import pytest

from server.domain.mask_pictures import size_within, small_masks
from server.domain.masks import encode_rle


def shape(mask: np.ndarray, color: str):
    ys, xs = np.nonzero(mask)
    box = (int(xs.min()), int(ys.min()), int(xs.max() - xs.min() + 1), int(ys.max() - ys.min() + 1))
    return encode_rle(mask)["counts"], color, box


def a_box(height: int, width: int, y: slice, x: slice) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[y, x] = True
    return mask


@pytest.mark.parametrize(
    ("size", "small"), [((4000, 3000), (256, 192)), ((100, 40), (100, 40)), ((9000, 3), (256, 1))]
)
def test_it_has_the_shape_of_the_thumbnail(size, small):
    assert size_within(*size, 256) == small
    assert small_masks([], *size, 256).shape == (small[1], small[0], 4)


def test_a_small_image_is_shown_pixel_by_pixel():
    mask = np.random.default_rng(3).random((30, 40)) > 0.5
    picture = small_masks([shape(mask, "#0a141e")], 40, 30, 256)
    assert (picture[..., 3] > 0).tolist() == mask.tolist()
    assert picture[mask][:, :3].tolist() == [[10, 20, 30]] * int(mask.sum())


def test_edges_are_opaque_the_inside_is_seen_through_and_the_uppermost_is_on_top():
    lower = a_box(200, 400, slice(20, 180), slice(40, 360))
    upper = a_box(200, 400, slice(80, 120), slice(160, 240))
    picture = small_masks([shape(lower, "#ff0000"), shape(upper, "#00ff00")], 400, 200, 200)
    assert picture.shape == (100, 200, 4)
    assert picture[5, 5].tolist() == [0, 0, 0, 0]
    assert picture[30, 30].tolist() == [255, 0, 0, 120]
    assert picture[10, 30].tolist() == [255, 0, 0, 255]
    assert picture[50, 100].tolist() == [0, 255, 0, 120]
    assert picture[40, 100].tolist() == [0, 255, 0, 255]


def test_hundreds_of_objects_of_a_large_photograph_take_little_time():
    step = range(20)
    boxes = [a_box(3000, 4000, slice(150 * i, 150 * i + 140), slice(200 * i, 200 * i + 190)) for i in step]
    shapes = [shape(mask, "#123456") for mask in boxes] * 15
    began = time.process_time()
    picture = small_masks(shapes, 4000, 3000, 256)
    assert time.process_time() - began < 2
    assert 0.04 < (picture[..., 3] > 0).mean() < 0.05
