"""How a field of a resource is described: a text for people, bounds for programs, and the sentence that refuses what
does not fit.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from msgspec import Meta, Struct

from ..domain.outside.strings import one_line, several_lines
from ..errors import BadRequest

# As `domain.outside.strings` takes text, for programs: what is never in it, and the blanks cut off at both ends.
_NEVER = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
_BLANK = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_CUT_OFF = rf"[\u0009-\u000d\u001c-\u001f\u0085\u2028\u2029{_BLANK}]*"
_LINES = r"([^\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\r\n)*"

Check = Callable[[Any, str, type[BadRequest]], Any]


class Resource(Struct):
    """What the API gives."""


class Request(Struct):
    """What the API takes. Fields it does not know are ignored, unless the struct forbids them."""

    noun: ClassVar[str] = "The body"  # begins the sentence for a field that is missing
    says: ClassVar[str] = "The body must be a JSON object."
    unknown: ClassVar[str] = "field"  # what the names of its fields name, where others are forbidden
    also: ClassVar[dict[str, Any]] = {}  # of its JSON Schema: what its fields cannot say


@dataclass(frozen=True)
class Told:
    """What a field's description holds besides. `says`: the sentence that refuses a value; `called`: how its default
    sentence calls it; `kind`: of what a name must be known; `check(value, called, error)` takes a value of the right
    type and gives the one to keep, or raises; `error`: what is raised, where it is another than its resource's; `hint`:
    what to do; `absent`: the sentence is also right where the field is left out."""

    says: str | None = None
    called: str | None = None
    kind: str | None = None
    check: Check | None = None
    error: type[BadRequest] | None = None
    hint: str | None = None
    absent: bool = False


def about(
    description: str | None = None,
    *,
    says: str | None = None,
    called: str | None = None,
    check: Check | None = None,
    error: type[BadRequest] | None = None,
    hint: str | None = None,
    absent: bool = False,
    schema: dict[str, Any] | None = None,
    **bounds: Any,
) -> Meta:
    """`bounds` are msgspec's: ge, le, min_length, max_length. `schema`: more for the JSON Schema only."""
    told = Told(says, called, None, check, error, hint, absent)
    return Meta(description=description, extra={"told": told}, extra_json_schema=schema, **bounds)


def named(description: str | None, kind: str) -> Meta:
    """Of a Literal: the sentence that refuses another name lists the known ones."""
    return Meta(description=description, extra={"told": Told(kind=kind)})


def line_pattern(most: int) -> str:
    """One line of 1 to `most` characters; blanks around it do not count."""
    inside = rf"[^{_NEVER}]{{0,{most - 2}}}"
    return rf"^{_CUT_OFF}[^{_NEVER}{_BLANK}]({inside}[^{_NEVER}{_BLANK}])?{_CUT_OFF}$"


def line(description: str | None, most: int, called: str | None = None, empty: bool = False) -> Meta:
    """One line of text, as `one_line` takes it; `empty`: or none."""
    pattern = f"^$|{line_pattern(most)}" if empty else line_pattern(most)
    told = Told(called=called, check=partial(_line, most, empty))
    return Meta(description=description, extra={"told": told}, extra_json_schema={"pattern": pattern})


def lines(description: str, most: int, called: str | None = None, empty: bool = True) -> Meta:
    """Text of several lines, as `several_lines` takes it; not `empty`: one has something in it, and blanks around it do
    not count."""
    told = Told(called=called, check=partial(_lines, most, empty))
    pattern = f"^{_LINES}$" if empty else rf"^{_LINES}[^{_NEVER}{_BLANK}]{_LINES}$"
    schema = {"maxLength": most, "pattern": pattern}
    return Meta(description=description, extra={"told": told}, extra_json_schema=schema)


def matching(description: str, pattern: str, says: str, *, lower: bool = False) -> Meta:
    """Text that a pattern matches whole; `lower`: kept in small letters, whichever it came in."""
    told = Told(says=says, check=partial(_matching, re.compile(pattern), says, lower))
    return Meta(description=description, extra={"told": told}, extra_json_schema={"pattern": f"^{pattern}$"})


def _line(most: int, empty: bool, value: str, called: str, error: type[BadRequest]) -> str:
    return value if empty and not value else one_line(value, called, most, error)


def _lines(most: int, empty: bool, value: str, called: str, error: type[BadRequest]) -> str:
    text = several_lines(value, called, most, error)
    if not empty and not (text := text.strip()):
        raise error(f"{called} must not be empty.")
    return text


def _matching(
    pattern: re.Pattern[str], says: str, lower: bool, value: str, _called: str, error: type[BadRequest]
) -> str:
    if not pattern.fullmatch(value):
        raise error(says)
    return value.lower() if lower else value
