"""What a text from outside may hold."""

import pytest

from server.domain.outside.strings import fit, is_whole, one_line, several_lines
from server.errors import InvalidProject


@pytest.mark.parametrize(
    "value", ["a\ud800", "a\nb", "a\0", "a\x85b", "a\u2028b", "a\u202eb", "", " ", 7, None]
)
def test_refused_lines(value):
    with pytest.raises(InvalidProject, match="It must"):
        one_line(value, "It", 10, InvalidProject)


def test_lines_come_in_one_form():
    assert one_line(" " * 1000 + "cafe\u0301 ", "It", 4, InvalidProject) == "caf\u00e9"
    assert one_line("\U0001f468\u200d\U0001f469", "It", 10, InvalidProject) == "\U0001f468\u200d\U0001f469"
    with pytest.raises(InvalidProject, match="10 characters"):
        one_line("x" * 10_000_000, "It", 10, InvalidProject)
    assert several_lines("a\r\n\tb", "It", 10, InvalidProject) == "a\n\tb"
    with pytest.raises(InvalidProject, match="control"):
        several_lines("a\ud800", "It", 10, InvalidProject)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("plain", "plain"),
        ("caf\udce9.png", "caf\ufffd.png"),
        ("two\nlines\x1b", "two lines\ufffd"),
        ("cafe\u0301", "caf\u00e9"),
        ("0123456789a", "012345678\u2026"),
        ("e\u0301" * 10, "\u00e9" * 10),
        ("\ud800" * 1000, "\ufffd" * 9 + "\u2026"),
    ],
)
def test_any_text_is_made_fit(given, expected):
    assert fit(given, 10) == expected
    assert fit(expected, 10) == expected
    expected.encode()


def test_halves_of_characters():
    assert is_whole("\U0001f600")
    assert not is_whole("a\udfff")
