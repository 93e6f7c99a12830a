"""Medians, percentiles and ratios of pairs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.lab.bench.figures import median, pair_ratio, percentile

_values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)


def test_median_of_an_odd_and_an_even_number():
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5


def test_percentile_lies_between_the_nearest_ranks():
    assert percentile(list(range(101)), 95) == 95
    assert percentile([0, 10], 95) == pytest.approx(9.5)
    assert percentile([7], 95) == 7


@given(_values, st.floats(0, 100))
def test_percentile_lies_within_the_values(values, percent):
    assert min(values) <= percentile(values, percent) <= max(values)


def test_values_need_not_be_sorted_and_stay_as_they_are():
    values = [5, 1, 4]
    percentile(values, 50)
    assert values == [5, 1, 4]


def test_no_values_have_no_median():
    with pytest.raises(ValueError, match="no values"):
        median([])


def test_ratio_of_pairs_forgives_what_slowed_both():
    calm, busy = ([10, 10], [5, 5]), ([100], [50])
    assert pair_ratio(calm[0] + busy[0], calm[1] + busy[1]) == 2


def test_ratio_needs_pairs():
    with pytest.raises(ValueError):
        pair_ratio([1, 2], [1])
