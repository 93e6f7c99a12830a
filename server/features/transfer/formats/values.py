"""Values of a file as they were meant: 1.0 and "1" for 1, "false" for no. Knows no format.

Programs, and the spreadsheets between them, write the same number in several ways; only what cannot be meant so raises
Unreadable.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from typing import Any

from .source import Unreadable

_YES = ("1", "1.0", "true", "yes", "y", "on")
_NO = ("", "0", "0.0", "false", "no", "n", "off", "none", "null", "nan")
_LARGEST_WHOLE = 2**53
_SPELLED = re.compile(r"(0|-?[1-9][0-9]{0,14})(\.0)?")


def number(value: Any) -> float:
    """A finite number, also one written as text. Raises Unreadable."""
    try:
        result = (
            float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
        )
    except (ValueError, OverflowError):
        result = None
    if result is None or not isfinite(result):
        raise Unreadable(f"{short(value)} where a number should be", "a finite number")
    return result


def whole(value: Any) -> int:
    """A whole number, also as 64.0 or as text. Raises Unreadable."""
    found = number(value)
    if not found.is_integer() or abs(found) > _LARGEST_WHOLE:
        raise Unreadable(f"{short(value)} where a whole number should be", "a whole number")
    return int(found)


def truth(value: Any) -> bool:
    """Yes or no, also as 0 or 1 and as text; nothing said is no. Raises Unreadable."""
    said = (
        "" if value is None else str(value).strip().lower() if isinstance(value, str | int | float) else "?"
    )
    if said in _YES or said in _NO:
        return said in _YES
    raise Unreadable(f"{short(value)} where yes or no should be", "true or false")


def identity(value: Any) -> int | str:
    """An id: 1, 1.0, "1" and "1.0" are the same one. Raises Unreadable."""
    if isinstance(value, str) and value.strip():
        spelled = _SPELLED.fullmatch(value)
        return int(spelled[1]) if spelled else value
    if value is None or value == "":
        raise Unreadable("no id", "an id, a number or text")
    try:
        return value if type(value) is int else whole(value)
    except Unreadable as error:
        raise Unreadable(f"the id {short(value)}", "an id, a number or text") from error


def unpacked(value: Any) -> Any:
    """Lists and objects that a table's cells held as JSON text, unpacked."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        with suppress(ValueError, RecursionError):
            return json.loads(value)
    return value


def text(value: Any, what: str) -> str:
    """Also a number that names something. Raises Unreadable."""
    if type(value) is int or (isinstance(value, float) and value.is_integer()):
        return str(identity(value))
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"{what} {short(value)}", f"{what} as text")
    return value


def attributes(value: Any) -> dict[str, Any]:
    """Texts, numbers and flags by name; what is none of them as JSON text."""
    if not isinstance(value, Mapping):
        return {}
    return {
        str(name): each if _is_plain(each) else json.dumps(each, ensure_ascii=False)
        for name, each in value.items()
        if each is not None and str(name).strip()
    }


def _is_plain(value: Any) -> bool:
    if isinstance(value, str | bool):
        return True
    return isinstance(value, int | float) and abs(value) < _LARGEST_WHOLE  # neither NaN nor infinite


def counted(count: int, one: str, several: str | None = None) -> str:
    """ "1 hole", "2 holes"."""
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def source_id(value: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, str]:
    """The id that a file gives an object, for its details; nothing where Samphire's own is among them, or there is
    none."""
    with suppress(Unreadable):
        return {} if "id" in own else {"source_id": str(identity(value.get("id")))}
    return {}


def short(value: Any) -> str:
    """A value as a problem shows it."""
    return repr(value)[:60]
