"""Windows of run-length encodings, held against pycocotools."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.masks import check_rle, encode_rle, read_counts, rle_bbox
from server.domain.runs import Window, read_window, tight, union, window_of_runs, write_window
from tests.unit.domain.masks_to_draw import MASKS


def whole(window, width, height):
    """The mask of the whole image."""
    mask = np.zeros((height, width), bool)
    rows, columns = window.mask.shape
    mask[window.y : window.y + rows, window.x : window.x + columns] = window.mask
    return mask


@given(MASKS)
def test_a_mask_goes_into_its_box_and_back(mask):
    height, width = mask.shape
    rle = encode_rle(mask)
    window = read_window(rle["counts"], width, height)
    assert np.array_equal(whole(window, width, height), mask)
    assert write_window(window, width, height) == rle["counts"]
    assert write_window(Window(mask, 0, 0), width, height) == rle["counts"]
    close = tight(window)
    assert write_window(close, width, height) == rle["counts"]
    rows, columns = close.mask.shape
    assert [close.x, close.y, columns, rows] == rle_bbox(rle)
    assert np.array_equal(window_of_runs(read_counts(rle["counts"]), width, height).mask, window.mask)


@given(MASKS, st.integers(-15, 15), st.integers(-15, 15), st.integers(1, 9), st.integers(1, 9))
def test_what_lies_outside_is_left_out(mask, x, y, width, height):
    rows, columns = mask.shape
    canvas = np.zeros((60, 60), bool)
    canvas[20 + y : 20 + y + rows, 20 + x : 20 + x + columns] = mask
    expected = encode_rle(canvas[20 : 20 + height, 20 : 20 + width])
    assert write_window(Window(mask, x, y), width, height) == expected["counts"]


def test_runs_of_no_length_are_sound_too():
    """Other programs write them; 2 zeros, 3 ones, no zeros, 4 ones, 3 zeros."""
    window = window_of_runs(np.array([2, 3, 0, 4, 3]), 3, 4)
    assert np.array_equal(whole(window, 3, 4).T.reshape(-1), np.repeat([False, True, False], [2, 7, 3]))


def test_a_thin_object_of_a_large_picture_stays_small():
    window = Window(np.ones((3, 2), bool), 19_000, 18_000)
    counts = write_window(window, 20_000, 20_000)
    check_rle({"size": [20_000, 20_000], "counts": counts}, 20_000, 20_000)
    again = read_window(counts, 20_000, 20_000)
    assert again.mask.shape == (3, 2)
    assert again[1:] == (19_000, 18_000)


@pytest.mark.parametrize(
    "second", [Window(np.ones((2, 2), bool), 5, 1), Window(np.zeros((0, 0), bool), 0, 0)]
)
def test_union(second):
    first = Window(np.eye(3, dtype=bool), 2, 3)
    expected = whole(first, 10, 10) | whole(second, 10, 10)
    assert np.array_equal(whole(union([first, second]), 10, 10), expected)
