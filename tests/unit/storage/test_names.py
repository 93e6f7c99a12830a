"""Names sort as people count, and are found whatever their case."""

from hypothesis import given
from hypothesis import strategies as st

from server.storage.rows.names import search_name, sort_name


def test_numbers_sort_by_value():
    names = ["img10.png", "IMG2.png", "img02b.png", "a/9.png", "a/10.png", "B/1.png", "img1.png"]
    assert sorted(names, key=sort_name) == [
        "a/9.png", "a/10.png", "B/1.png", "img1.png", "IMG2.png", "img02b.png", "img10.png",
    ]  # fmt: skip


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_any_two_numbers(first, second):
    assert (sort_name(f"x{first}") < sort_name(f"x{second}")) == (first < second)


def test_case_of_any_script():
    assert (
        search_name("\u00c9T\u00c9 \u0410\u0411\u0412 Stra\u00dfe")
        == "\u00e9t\u00e9 \u0430\u0431\u0432 strasse"
    )
