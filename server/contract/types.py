"""What the annotation of a field says, taken apart."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, structs

from .fields import Request, Told

PLAIN = Told()


class Part(NamedTuple):
    """A type without what surrounds it. `options`: of a union, without null and UNSET; of any other only itself."""

    options: tuple[Any, ...]
    told: Told
    nullable: bool
    most: int | None
    least: int | None


def part_of(annotation: Any) -> Part:
    """The innermost description counts."""
    told, most, least = PLAIN, None, None
    nullable = False
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *metas = get_args(annotation)
            for meta in metas:
                if isinstance(meta, Meta):
                    own = (meta.extra or {}).get("told", PLAIN)
                    told = told if own == PLAIN else own
                    most = meta.max_length if meta.max_length is not None else most
                    least = meta.min_length if meta.min_length is not None else least
        elif get_origin(annotation) in (Union, UnionType):
            options = tuple(
                each for each in get_args(annotation) if each not in (None, type(None), UnsetType)
            )
            nullable = nullable or type(None) in get_args(annotation)
            if len(options) != 1:
                return Part(options, told, nullable, most, least)
            annotation = options[0]
        else:
            return Part((annotation,), told, nullable, most, least)


def may_be_left_out(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return may_be_left_out(get_args(annotation)[0])
    return annotation is UnsetType or any(map(may_be_left_out, _members(annotation)))


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def tagged(options: tuple[Any, ...], value: Mapping[str, Any]) -> tuple[str, dict[str, Any], Any]:
    """Of structs that a field tells apart: that field, the structs by its values, and the one `value` is."""
    field: str = options[0].__struct_config__.tag_field
    known = {each.__struct_config__.tag: each for each in options}
    tag = value.get(field)
    return field, known, known.get(tag) if isinstance(tag, str) else None


def literals(kind: Any) -> tuple[Any, ...] | None:
    return get_args(kind) if get_origin(kind) is Literal else None


def optional(resource: type[Struct]) -> Any:
    """A base for requests with the same fields, each of which may be left out; lists and objects may be null too."""
    fields = []
    for each in structs.fields(resource):
        kind: Any = each.type | UnsetType
        if get_origin(part_of(each.type).options[0]) in (list, dict):
            kind = each.type | None | UnsetType
        fields.append((each.name, kind, UNSET))
    return defstruct(f"Any{resource.__name__}", fields, bases=(Request,), kw_only=True)
