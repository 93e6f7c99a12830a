"""JSON from outside."""

import json

import pytest

from server.domain.outside.json_values import InvalidJSON, check_json, parse_json, whole


@pytest.mark.parametrize(
    "value",
    [{"a": [1, -2.5e10, True, None, "\U0001f600", "\\ud800", 2**63 - 1]}, [], 5, "x" * 100, 1e300, 10**17],
)
def test_what_is_sound_comes_through(value):
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value
    check_json(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": "\\ud800"}', "half of a character"),
        ('{"a\\uDFFF": 1}', "half of a character"),
        ('["\\udc00\\ud800"]', "half of a character"),
        ("[NaN]", "NaN is not a number"),
        ('{"a": [-Infinity]}', "-Infinity is not"),
        ("[1e999]", "not finite"),
        ("[" + "9" * 400 + ".0]", "not finite"),
        ("[" + "9" * 5000 + "]", "64|63 bits"),
        ("[9223372036854775808]", "63 bits"),
        ("[" * 100_000, "too deeply"),
        ('{"a":' * 100_000, "too deeply"),
        ("{", "line 1, column 2"),
        ("", "not JSON"),
    ],
)
def test_what_is_not_is_refused_with_a_sentence(text, reason):
    with pytest.raises(InvalidJSON, match=reason):
        parse_json(text.encode())


@pytest.mark.parametrize("data", [b'"\xff"', b'"\xed\xa0\x80"', '"x"'.encode("utf-16")])
def test_bytes_that_are_not_utf_8(data):
    with pytest.raises(InvalidJSON, match="UTF-8"):
        parse_json(data)


def test_what_another_parser_read():
    for value in ({"a": float("nan")}, ["\ud800"], {"\ud800": 1}, [[10**100]]):
        with pytest.raises(InvalidJSON):
            check_json(value)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    check_json(deep)


def test_whole_numbers_however_they_are_written():
    assert [whole(value) for value in (1, 1.0, -3.0, 0)] == [1, 1, -3, 0]
    assert [whole(value) for value in (True, 1.5, "1", None, float("inf"), float("nan"))] == [None] * 6
