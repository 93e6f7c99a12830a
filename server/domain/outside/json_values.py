"""JSON from outside as plain values: whole characters, finite numbers, no whole one beyond 64 bits."""

import json
import math
import re
from typing import Any, NoReturn

from .strings import is_whole

# Only what looks like one of these can hold what is refused: most JSON is not walked through.
_SUSPECT = re.compile(r"\\u[dD][89a-fA-F]|[eE]\+?[0-9]{3}|[0-9]{19}")
MOST_BITS = 63


class InvalidJSON(ValueError):
    """Its text is a sentence for a person."""


def parse_json(data: bytes) -> Any:
    """Raises InvalidJSON."""
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_not_a_number)
    except UnicodeDecodeError:
        raise InvalidJSON("It is not in UTF-8.") from None
    except RecursionError:
        raise InvalidJSON("It is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise InvalidJSON(f"It is not JSON at line {error.lineno}, column {error.colno}.") from None
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise error if isinstance(error, InvalidJSON) else _too_large() from None
    if _SUSPECT.search(text):
        check_json(value)
    return value


def has_more_values(data: bytes, most: int) -> bool:
    """Whether JSON holds so many lists, objects and values that building them would take long; told without building
    any. What stands in texts does not count."""
    if _marks(data) <= most:
        return False
    without_escaped = data.replace(rb"\\", b"").replace(rb"\"", b"")
    return _marks(b" ".join(without_escaped.split(b'"')[::2])) > most


def _marks(data: bytes) -> int:
    return data.count(b",") + data.count(b"[") + data.count(b"{")


def whole(value: Any) -> int | None:
    """A whole number, which JSON may write as 1 or as 1.0; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def check_json(value: Any) -> None:
    """Raises InvalidJSON for a value that another parser made of JSON: of a socket's message, say."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if not is_whole(each):
                raise InvalidJSON("A text in it holds half of a character.")
        elif isinstance(each, float):
            if not math.isfinite(each):
                raise InvalidJSON("A number in it is not finite.")
        elif isinstance(each, int):
            if each.bit_length() > MOST_BITS:
                raise _too_large()
        elif isinstance(each, dict):
            waiting += each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _too_large() -> InvalidJSON:
    return InvalidJSON(f"A number in it has more than {MOST_BITS} bits.")


def _not_a_number(name: str) -> NoReturn:
    raise InvalidJSON(f"{name} is not a number in JSON.")
