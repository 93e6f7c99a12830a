"""Exact distances, in numbers and against scipy's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.ndimage import distance_transform_edt

from server.lab.evaluation.distance import squared_distances


def test_a_block_is_deepest_in_its_middle():
    region = np.zeros((7, 9), bool)
    region[1:6, 1:8] = True
    squared = squared_distances(region)
    assert squared[3].tolist() == [0, 1, 4, 9, 9, 9, 4, 1, 0]
    assert squared[:, 4].tolist() == [0, 1, 4, 9, 4, 1, 0]


def test_beyond_the_image_is_outside():
    assert squared_distances(np.ones((3, 5), bool)).tolist() == [[1] * 5, [1, 4, 4, 4, 1], [1] * 5]


def test_the_nearest_pixel_outside_may_lie_in_another_row_and_column():
    region = np.ones((9, 9), bool)
    region[1, 2] = False
    assert squared_distances(region)[4, 4] == 3**2 + 2**2


def test_an_empty_region_has_none():
    assert not squared_distances(np.zeros((4, 4), bool)).any()


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=70), elements=st.booleans()))
def test_as_scipy(region):
    expected = distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1] ** 2
    assert np.array_equal(squared_distances(region), np.rint(expected))


def test_a_large_disc_as_scipy():
    y, x = np.mgrid[:150, :200]
    region = (y - 70) ** 2 + (x - 90) ** 2 < 60**2
    assert np.array_equal(squared_distances(region), np.rint(distance_transform_edt(region) ** 2))
