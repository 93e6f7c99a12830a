"""The boundary of a mask, as the paper's authors cut it out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.agreement.boundary import band, boundary_distance
from server.domain.agreement.instances import window_iou
from server.domain.runs import Window
from tests.unit.domain.masks_to_draw import MASKS


def naive_band(mask: np.ndarray, distance: int) -> np.ndarray:
    """A 3 x 3 erosion as often as the distance says, of the mask in a frame of zeros."""
    inner = np.pad(mask, 1)
    for _ in range(distance):
        framed = np.pad(inner, 1)
        rows, columns = inner.shape
        inner = np.logical_and.reduce(
            [framed[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
        )
    return mask & ~inner[1:-1, 1:-1]


@given(MASKS, st.integers(1, 6))
def test_it_is_what_as_many_erosions_take_away(mask, distance):
    found = band(Window(mask, 3, 5), distance)
    assert (found.x, found.y) == (3, 5)
    assert found.mask.tolist() == naive_band(mask, distance).tolist()


def test_of_a_large_mask_only_the_inside_is_left_out():
    mask = np.ones((300, 200), bool)
    mask[150, 100] = False
    found = band(Window(mask, 0, 0), 10).mask
    assert found.tolist() == naive_band(mask, 10).tolist()


@pytest.mark.parametrize(("size", "pixels"), [((4000, 3000), 100), ((640, 480), 16), ((20, 10), 1)])
def test_the_distance_is_two_percent_of_the_diagonal(size, pixels):
    assert boundary_distance(*size) == pixels


def test_a_thick_edge_costs_a_large_object_more_than_its_mask_iou_says():
    """Two squares of 400 pixels, one of which is 4 pixels smaller all around."""
    outer, inner = Window(np.ones((400, 400), bool), 0, 0), Window(np.ones((392, 392), bool), 4, 4)
    assert window_iou(outer, inner) == pytest.approx(392**2 / 400**2)
    # bands of 16 pixels: of 400 to 368 and of 392 to 360; common: 392 to 368
    common, first, second = 392**2 - 368**2, 400**2 - 368**2, 392**2 - 360**2
    found = window_iou(band(outer, 16), band(inner, 16))
    assert found == pytest.approx(common / (first + second - common))
