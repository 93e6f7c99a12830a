"""Nobody can look like somebody else."""

import pytest

from server.domain.outside.people_names import check_name, is_seen, mixed_word, name_key
from server.errors import InvalidAccount


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "ANN"),
        ("Ann", "\uff21nn"),
        ("Ann", "\U0001d400nn"),
        ("Stra\u00dfe", "STRASSE"),
        ("\u00c5sa", "A\u030asa"),
        ("Ann  Lee", " Ann Lee"),
        ("\ufb01sh", "fish"),
        ("\u03b1\u0345\u0301", "\u03b1\u0301\u0345"),
    ],
)
def test_names_that_look_the_same_are_the_same(one, other):
    assert name_key(one) == name_key(other)
    assert name_key(name_key(one)) == name_key(one)


def test_names_that_differ_are_not():
    keys = {
        name_key(each) for each in ("Ann", "Anne", "\u00c1nn", "An n", "Ann2", "\u0410\u043d\u043d\u0430")
    }
    assert len(keys) == 6


@pytest.mark.parametrize(
    "character",
    "\u034f\u3164\ufe0f\u2800\u200b\u202e\u00ad\u115f\u1160\uffa0\U000e0061\U000e0100\u180b\u180e\u17b4\ufeff\u00a0",
)
def test_what_is_not_seen(character):
    assert not is_seen(character)


@pytest.mark.parametrize(
    "name", ["\u0410nn", "An\u03bd", "Ann\u0345", "\u13aann", "A1\u043d", "a\u0327\u0430"]
)
def test_words_of_several_alphabets_are_refused(name):
    with pytest.raises(InvalidAccount, match=r"^The name must not mix alphabets within a word\.$") as refused:
        check_name(name, "The name", InvalidAccount)
    assert refused.value.hint.startswith(f'"{mixed_word(name_key(name))}" has letters')


@pytest.mark.parametrize(
    "name",
    [
        "Ann", "Bj\u00f6rk Gu\u00f0mundsd\u00f3ttir", "\u0410\u043d\u043d\u0430 Smith",
        "\u0410\u043d\u043d\u0430-Maria",
        "\u738b\u5c0f\u660e", "\u738b Tom2", "Tom\u541b", "\u0645\u0631\u06cc\u0645", "\u05d3\u05e0\u05d4",
        "\u1109\u1173", "\uae40\uc601\ud76c", "\u03a3\u03bf\u03c6\u03af\u03b1", "O'Neil", "\u30a2\u30f3", "\U0001f600",
    ],
)  # fmt: skip
def test_names_of_all_languages_are_taken(name):
    assert all(map(is_seen, name))
    assert check_name(name, "The name", InvalidAccount) == name


def test_what_becomes_long_is_refused():
    with pytest.raises(InvalidAccount, match="too long"):
        check_name("\ufdfa" * 60, "The name", InvalidAccount)
