"""From plain JSON values to structs. Types and bounds are msgspec's to look at; what they cannot say are the checks of
single fields, which are made here and nowhere else.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, overload

import msgspec
from msgspec import Struct

from ..errors import BadRequest
from .faults import find_fault
from .types import is_struct, part_of

T = TypeVar("T")
_Tidy = Callable[[Any, str, type[BadRequest]], Any]
_WIDEST = 2**63


@overload
def parse(kind: type[T], data: Any, error: type[BadRequest], called: str = ...) -> T: ...
@overload
def parse(kind: Any, data: Any, error: type[BadRequest], called: str = ...) -> Any: ...
def parse(kind: Any, data: Any, error: type[BadRequest], called: str = "The body") -> Any:
    """`data` as this struct, or of this type, its texts as they are kept. Raises `error` with a sentence about the
    first field that does not fit. Whole numbers may be written as 1.0; fields that are not the struct's are ignored."""
    try:
        made = msgspec.convert(data, kind)
    except (msgspec.ValidationError, OverflowError):
        data = _with_wholes(data)
        try:
            made = msgspec.convert(data, kind)
        except (msgspec.ValidationError, OverflowError):
            raise find_fault(kind, data, called, error) from None
    tidy = _tidier(kind)
    return made if tidy is None else tidy(made, called, error)


def _with_wholes(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < _WIDEST:
        return int(value)
    if isinstance(value, list):
        return [_with_wholes(each) for each in value]
    return {name: _with_wholes(each) for name, each in value.items()} if isinstance(value, dict) else value


@cache
def _tidier(annotation: Any) -> _Tidy | None:
    """What makes the checks of a type's fields; None where it has none."""
    part = part_of(annotation)
    one = len(part.options) == 1
    inner = [_inside(option) if one else _tidier(option) for option in part.options]
    found = [(_python_type(option), tidy) for option, tidy in zip(part.options, inner, strict=True) if tidy]
    own = part.told.check
    if not found and own is None:
        return None

    def tidy(value: Any, called: str, error: type[BadRequest]) -> Any:
        if value is None or value is msgspec.UNSET:
            return value
        called, error = part.told.called or called, part.told.error or error
        for kind, each in found:
            if isinstance(value, kind):
                value = each(value, called, error)
        return value if own is None else own(value, called, error)

    return tidy


def _python_type(option: Any) -> type:
    [plain, *_] = part_of(option).options
    return get_origin(plain) or plain


def _inside(option: Any) -> _Tidy | None:
    if is_struct(option):
        return _of_struct(option)
    origin, arguments = get_origin(option), get_args(option)
    if origin is list:
        return _of_list(_tidier(arguments[0]))
    return _of_dict(*map(_tidier, arguments)) if origin is dict else None


def _of_struct(kind: type[Struct]) -> _Tidy | None:
    fields = [(each.name, _tidier(each.type)) for each in msgspec.structs.fields(kind)]
    checked = [(name, tidy) for name, tidy in fields if tidy is not None]

    def tidy(value: Any, _called: str, error: type[BadRequest]) -> Any:
        for name, each in checked:
            before = getattr(value, name)
            after = each(before, f'"{name}"', error)
            if after is not before:
                setattr(value, name, after)
        return value

    return tidy if checked else None


def _of_list(item: _Tidy | None) -> _Tidy | None:
    if item is None:
        return None
    return lambda value, called, error: [item(each, called, error) for each in value]


def _of_dict(key: _Tidy | None, item: _Tidy | None) -> _Tidy | None:
    def tidy(value: Any, called: str, error: type[BadRequest]) -> Any:
        return {
            name if key is None else key(name, called, error): each
            if item is None
            else item(each, called, error)
            for name, each in value.items()
        }

    return None if key is None and item is None else tidy
