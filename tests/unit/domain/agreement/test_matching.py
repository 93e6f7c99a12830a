"""Which objects of two people are one: the exact best, against all possibilities and scipy."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.optimize import linear_sum_assignment

from server.domain.agreement import instances
from server.domain.agreement.instances import Overlap, overlaps
from server.domain.agreement.matching import LEAST_IOU, match
from server.errors import TooComplex
from tests.unit.domain.agreement.drawn import box, instance

IOUS = arrays(
    float,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=5),
    elements=st.sampled_from([0.0, 0.2, 0.5, 0.51, 0.6, 0.75, 0.75, 0.9, 1.0]),
)


def pairs(ious: np.ndarray) -> list[Overlap]:
    return [Overlap(int(i), int(j), float(ious[i, j])) for i, j in np.argwhere(ious > 0)]


def best_sum(ious: np.ndarray) -> float:
    """Of all assignments; what is below the threshold counts nothing."""
    if ious.shape[0] > ious.shape[1]:
        ious = ious.T
    gains = np.where(ious >= 0.5, ious, 0)
    rows = range(len(gains))
    everything = permutations(range(gains.shape[1]), len(gains))
    return max(sum(gains[i, j] for i, j in zip(rows, chosen, strict=True)) for chosen in everything)


@given(IOUS)
def test_it_is_the_best_of_all_possibilities(ious):
    found = match(pairs(ious))
    assert sum(each.iou for each in found) == pytest.approx(best_sum(ious))
    assert all(each.iou >= 0.5 for each in found)
    for side in ("first", "second"):
        used = [getattr(each, side) for each in found]
        assert len(used) == len(set(used))


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40))
def test_it_agrees_with_scipy_where_everything_overlaps(seed, rows, columns):
    ious = np.random.default_rng(seed).uniform(0.5, 1, (rows, columns))
    chosen = linear_sum_assignment(ious, maximize=True)
    assert sum(each.iou for each in match(pairs(ious))) == pytest.approx(ious[chosen].sum())


def test_the_first_that_fits_is_not_always_the_best():
    found = match([Overlap(0, 0, 0.9), Overlap(0, 1, 0.8), Overlap(1, 0, 0.8)])
    assert [(each.first, each.second) for each in found] == [(0, 1), (1, 0)]


def test_hundreds_of_the_same_object_are_matched_one_to_one():
    found = match([Overlap(i, j, 1.0) for i in range(120) for j in range(100)])
    assert len(found) == 100
    assert len({each.second for each in found}) == 100


@given(
    arrays(bool, (7, 9), elements=st.booleans()),
    arrays(bool, (7, 9), elements=st.booleans()),
)
def test_ious_are_those_of_the_pixels(one, other):
    if not one.any() or not other.any():
        return
    found = list(overlaps([instance("a", one)], [instance("b", other)], 9, 7, 0.0))
    iou = (one & other).sum() / (one | other).sum()
    assert [each.iou for each in found] == ([pytest.approx(iou)] if iou else [])


@given(
    arrays(bool, (7, 9), elements=st.booleans()),
    arrays(bool, (7, 9), elements=st.booleans()),
)
def test_whatever_may_match_is_compared(one, other):
    if not one.any() or not other.any():
        return
    found = list(overlaps([instance("a", one)], [instance("b", other)], 9, 7, LEAST_IOU))
    if (one & other).sum() >= LEAST_IOU * (one | other).sum():
        assert len(found) == 1


def test_what_is_too_small_to_match_is_not_read(monkeypatch):
    monkeypatch.setattr(instances, "_MOST_BYTES", 0)
    assert list(overlaps([box("a", 0, 0, 10, 10)], [box("b", 0, 0, 40, 40)], 100, 80, LEAST_IOU)) == []
    with pytest.raises(TooComplex):
        list(overlaps([box("a", 0, 0, 10, 10)], [box("b", 0, 0, 11, 11)], 100, 80, LEAST_IOU))


def test_what_does_not_touch_is_not_compared():
    assert list(overlaps([box("a", 0, 0, 10, 10)], [box("b", 10, 0, 10, 10)], 100, 80, 0.0)) == []
    assert list(overlaps([], [box("b", 10, 0, 10, 10)], 100, 80, 0.0)) == []
    assert list(overlaps([box("a", 0, 0, 10, 10)], [], 100, 80, 0.0)) == []
