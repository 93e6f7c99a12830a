"""Rings: which pixels they cover."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.domain import rings
from server.domain.runs import tight

COORDINATES = st.integers(-8, 40).map(lambda number: number / 4)
RINGS = st.lists(
    st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=8), min_size=1, max_size=3
)


def centres_inside(found, width, height):
    """Pixel by pixel, by asking for each centre."""
    mask = np.zeros((height, width), bool)
    for y in range(height):
        for x in range(width):
            mask[y, x] = sum(rings.contains(ring, x + 0.5, y + 0.5) for ring in found) % 2
    return mask


@given(RINGS)
def test_a_pixel_is_covered_when_its_centre_is(found):
    found = [np.array(ring) for ring in found]
    window = rings.fill(found, clip_to=(9, 7))
    mask = np.zeros((7, 9), bool)
    rows, columns = window.mask.shape
    mask[window.y : window.y + rows, window.x : window.x + columns] = window.mask
    assert np.array_equal(mask, centres_inside(found, 9, 7))


def test_neighbours_share_no_pixel():
    """Three fans around one point cover a square once."""
    corners = [(0, 0), (8, 0), (8, 8), (0, 8)]
    fans = [np.array([corners[k], corners[(k + 1) % 4], (3.5, 4.5)], float) for k in range(4)]
    assert sum(int(rings.fill([fan]).mask.sum()) for fan in fans) == 64


def test_rules_for_two_rings():
    two = [rings.rectangle(0, 0, 6, 6), rings.rectangle(3, 3, 9, 9)]
    assert rings.fill(two).mask.sum() == 36 + 36 - 2 * 9
    assert rings.fill_union(two).mask.sum() == 36 + 36 - 9
    assert tight(rings.fill_union(two, clip_to=(4, 4))).mask.sum() == 16


def test_nothing_to_fill():
    assert rings.fill([]).mask.size == 0
    assert rings.fill_union([]).mask.size == 0
    assert rings.fill([np.array([[0.0, 0.0], [5.0, 5.0]])]).mask.size == 0
    assert rings.fill([rings.rectangle(20, 20, 30, 30)], clip_to=(10, 10)).mask.size == 0


def test_clockwise_is_positive():
    ring = rings.rectangle(1, 1, 4, 3)
    assert rings.signed_area(ring) == 6
    assert rings.signed_area(ring[::-1]) == -6
