"""Text from outside: the one place that decides what a name, a label or a message may hold, wherever it comes from.

No lone surrogates (halves of characters, which databases and UTF-8 refuse), no control or direction characters, one
Unicode form (NFC), bounded. What a person or a program sends is refused with a sentence (`one_line`, `several_lines`);
what a file brings is made fit (`fit`). Names of files are `file_names`', JSON is `json_values`'.
"""

import unicodedata
from typing import Any

from ...errors import BadRequest

_DIRECTION_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED = ("Cc", "Cs", "Zl", "Zp")
_COMPOSED = 4  # NFC makes at most so many characters one
_REPLACEMENT = "\ufffd"


def one_line(value: Any, what: str, most: int, error: type[BadRequest]) -> str:
    """1 to `most` characters without control and direction characters, NFC, without blanks around it.

    Raises `error`; `what` begins its sentence.
    """
    text = _composed(_text(value, what, error).strip(), most)
    if not 1 <= len(text) <= most:
        raise error(f"{what} must have 1 to {most} characters.")
    if any(_is_refused(c) for c in text):
        raise error(f"{what} must not contain control characters.")
    return text


def several_lines(value: Any, what: str, most: int, error: type[BadRequest]) -> str:
    """At most `most` characters, lines and tabs among them, NFC. Raises `error`."""
    text = _composed(_text(value, what, error), most)
    if len(text) > most:
        raise error(f"{what} must have at most {most} characters.")
    text = text.replace("\r\n", "\n")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise error(f"{what} must not contain control characters.")
    return text


def fit(text: str, most: int) -> str:
    """Any text as one line of at most `most` characters that can be stored, sent and printed, NFC: what may not be in
    it is replaced, what is too long is cut."""
    start = text[: _COMPOSED * most]
    if not start.isascii() or not start.isprintable():
        start = unicodedata.normalize("NFC", "".join(map(_fit_character, start)))
    whole = len(start) <= most and len(text) <= _COMPOSED * most
    return start if whole else f"{start[: most - 1]}\u2026"


def is_whole(text: str) -> bool:
    """Whether it has no half of a character, so that it can be written in UTF-8."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def without_refused(text: str) -> str:
    """Without halves of characters, control and direction characters, NFC."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", "".join(c for c in text if not _is_refused(c)))


def _text(value: Any, what: str, error: type[BadRequest]) -> str:
    if not isinstance(value, str):
        raise error(f"{what} must be text.")
    return value


def _composed(text: str, most: int) -> str:
    """In NFC, or as it is where it is too long in any form."""
    return text if len(text) > _COMPOSED * most else unicodedata.normalize("NFC", text)


def _is_refused(character: str) -> bool:
    return unicodedata.category(character) in _REFUSED or character in _DIRECTION_OVERRIDES


def _fit_character(character: str) -> str:
    if not _is_refused(character):
        return character
    return " " if character.isspace() else _REPLACEMENT
