"""Krippendorff's alpha against the worked examples of "Computing Krippendorff's Alpha-Reliability" (2011)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.agreement.alpha import alpha, coincidences


def of_table(*rows: str) -> float | None:
    """One row an observer, one character a unit; a dot is no value."""
    return alpha(coincidences(["".join(unit).replace(".", "") for unit in zip(*rows, strict=True)]))


def test_two_observers_and_two_values():
    assert of_table("0100000010", "1110010000") == pytest.approx(0.095, abs=0.0005)


def test_two_observers_and_many_values():
    assert of_table("aabbdcccedda", "babbbccceddd") == pytest.approx(0.692, abs=0.0005)


def test_many_observers_some_of_whom_say_nothing():
    rows = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert of_table(*rows) == pytest.approx(0.743, abs=0.0005)


def test_where_all_agree_it_is_one():
    assert of_table("abca", "abca", "ab.a") == 1


def test_it_is_not_defined_for_one_label_or_objects_of_one_person():
    assert of_table("aaaa", "aaaa") is None
    assert of_table("ab..", "..ab") is None
    assert alpha({}) is None


@given(st.lists(st.text("abc", max_size=4), max_size=8))
def test_it_is_at_most_one_and_names_do_not_matter(units):
    found = alpha(coincidences(units))
    renamed = [unit.translate(str.maketrans("abc", "xyz")) for unit in units]
    assert found is None or found <= 1
    assert alpha(coincidences(renamed)) == pytest.approx(found)


@given(st.lists(st.text("ab", min_size=2, max_size=2), min_size=1))
def test_of_two_people_it_is_the_formula_for_two(units):
    """1 - (n - 1) o / (n_a n_b), in Krippendorff's words, o the mismatches in the matrix."""
    values = "".join(units)
    ones, others = values.count("a"), values.count("b")
    mismatches = sum(unit[0] != unit[1] for unit in units)
    expected = 1 - (len(values) - 1) * mismatches / (ones * others) if ones and others else None
    assert alpha(coincidences(units)) == pytest.approx(expected)
