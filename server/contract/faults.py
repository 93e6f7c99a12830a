"""Why a value is not of a type: the first thing that does not fit, in a sentence for a person.

Only asked when a value was refused, so it may be slow: it goes down into the part that is refused, whose description
says the sentence.
"""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import msgspec

from ..errors import BadRequest, unknown
from .types import Part, is_struct, literals, part_of, tagged

_PHRASES: dict[Any, str] = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


def find_fault(
    annotation: Any, value: Any, called: str, error: type[BadRequest], says: str | None = None
) -> BadRequest:
    """`called` begins the sentence where the type's description says none; `says` is that of the list it is in."""
    part = part_of(annotation)
    told = part.told
    error, says = told.error or error, told.says or (None if told.called else says)
    called = told.called or called
    options = part.options
    if isinstance(value, Mapping) and len(options) > 1 and all(map(is_struct, options)):
        field, known, chosen = tagged(options, value)
        if chosen is None:
            return error(unknown(told.kind or f'"{field}"', value.get(field), known))
        options = (chosen,)
    inner = [part] if len(options) == 1 else [part_of(option) for option in options]
    for each, option in zip(inner, options, strict=True):
        for deeper in _parts(each, option, value, called, error, says):
            return deeper
    return error(_sentence(part, options, value, called, says), hint=told.hint)


def _parts(
    part: Part, option: Any, value: Any, called: str, error: type[BadRequest], says: str | None
) -> Iterator[BadRequest]:
    """Faults inside a value that is of the right kind itself."""
    if is_struct(option):
        if isinstance(value, Mapping):
            yield from _in_struct(option, value, error)
        return
    [kind, *_] = part.options
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(value, list | Mapping) and not (part.least or 0) <= len(value) <= (part.most or len(value)):
        return
    inside: list[tuple[Any, Any]] = []
    if origin is list and isinstance(value, list):
        inside = [(arguments[0], each) for each in value]
    elif origin is dict and isinstance(value, Mapping):
        inside = [pair for each in value.items() for pair in zip(arguments, each, strict=True)]
    for kind, each in inside:
        if not _fits(kind, each):
            yield find_fault(kind, each, called, error, says)


def _in_struct(kind: Any, value: Mapping[str, Any], error: type[BadRequest]) -> Iterator[BadRequest]:
    fields = msgspec.structs.fields(kind)
    if kind.__struct_config__.forbid_unknown_fields:
        others = set(value) - {field.name for field in fields}
        if others:
            known = [field.name for field in fields]
            yield error(unknown(kind.unknown, min(map(str, others)), known))
    for field in fields:
        if field.name not in value:
            if field.required:
                yield _missing(kind, field, error)
        elif not _fits(field.type, value[field.name]):
            yield find_fault(field.type, value[field.name], f'"{field.name}"', error)


def _missing(kind: Any, field: Any, error: type[BadRequest]) -> BadRequest:
    told = part_of(field.type).told
    return error(told.says if told.absent else f'{kind.noun} has no "{field.name}".', hint=told.hint)


def _fits(annotation: Any, value: Any) -> bool:
    try:
        msgspec.convert(value, annotation)
    except (msgspec.ValidationError, OverflowError):
        return False
    return True


def _sentence(part: Part, options: tuple[Any, ...], value: Any, called: str, says: str | None) -> str:
    """The one that is described, or the usual one of its type."""
    [first, *_] = options
    names = literals(first)
    if names is not None and part.told.kind is not None:
        return unknown(part.told.kind, value, [str(name) for name in names])
    if is_struct(first):
        return part.told.says or first.says
    if says is not None:
        return says
    if names is not None:
        return f"{called} must be one of {', '.join(map(str, names))}."
    parts = [part] if len(options) == 1 else [part_of(option) for option in options]
    expected = " or ".join(dict.fromkeys(map(_phrase, parts)))
    return f"{called} must be {expected}{', or null' if part.nullable else ''}."


def _phrase(part: Part) -> str:
    [option, *_] = part.options
    origin = get_origin(option)
    if origin is list:
        return "a list" if part.most is None else f"a list of at most {part.most}"
    if origin is dict:
        return "an object" if part.most is None else f"an object of at most {part.most} values"
    names = literals(option)
    return _PHRASES[option] if names is None else f"one of {', '.join(map(str, names))}"
