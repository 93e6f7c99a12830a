"""Text that people type: checked and put into one form. Knows no aggregate."""

import unicodedata
from typing import Any

from server.errors import BadRequest

_DIRECTION_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED = ("Cc", "Cs", "Zl", "Zp")


def one_line(value: Any, what: str, most: int, error: type[BadRequest]) -> str:
    """1 to `most` characters without control and direction characters, NFC, without blanks around it.

    Raises `error`; `what` begins its sentence.
    """
    text = _text(value, what, error).strip()
    if not 1 <= len(text) <= most:
        raise error(f"{what} must have 1 to {most} characters.")
    if any(unicodedata.category(c) in _REFUSED or c in _DIRECTION_OVERRIDES for c in text):
        raise error(f"{what} must not contain control characters.")
    return text


def several_lines(value: Any, what: str, most: int, error: type[BadRequest]) -> str:
    """At most `most` characters, lines and tabs among them, NFC. Raises `error`."""
    text = _text(value, what, error).replace("\r\n", "\n")
    if len(text) > most:
        raise error(f"{what} must have at most {most} characters.")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise error(f"{what} must not contain control characters.")
    return text


def _text(value: Any, what: str, error: type[BadRequest]) -> str:
    if not isinstance(value, str):
        raise error(f"{what} must be text.")
    return unicodedata.normalize("NFC", value)
