"""The browser's types of the API's JSON objects, made of the same structs: `python -m server.openapi.browser_types`
writes static/js/core/api-types.d.ts, which a test compares.
"""

import inspect
import re
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from ..contract import Request
from ..contract.types import Part, is_struct, literals, may_be_left_out, part_of
from ..paths import STATIC
from .schemas import structs

FILE = STATIC / "js" / "core" / "api-types.d.ts"
_HEAD = """// The JSON objects of the API, made by `python -m server.openapi.browser_types` of the structs in
// server/features/*/schema.py.
"""
_PLAIN: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    bytes: "ArrayBuffer",
    Any: "unknown",
}
_LONGEST_TUPLE = 4


def write() -> str:
    """The file's text."""
    return "\n".join([_HEAD, *map(_interface, structs())])


def _interface(kind: type[Struct]) -> str:
    lines = [
        f"/** {' '.join(inspect.cleandoc(kind.__doc__ or '').split())} */",
        f"export interface {kind.__name__} {{",
    ]
    tag = kind.__struct_config__
    if tag.tag_field is not None:
        lines.append(f'  {tag.tag_field}: "{tag.tag}";')
    for field in msgspec.structs.fields(kind):
        optional = may_be_left_out(field.type) or (issubclass(kind, Request) and not field.required)
        description = _description(field.type)
        lines += [f"  /** {description} */"] if description else []
        lines.append(f"  {field.name}{'?' if optional else ''}: {_type(field.type)};")
    return "\n".join([*lines, "}", ""])


def _description(annotation: Any) -> str:
    """The outermost one."""
    found = ""
    while get_args(annotation):
        metas = [each for each in get_args(annotation)[1:] if isinstance(each, Meta)]
        found = found or next((each.description for each in metas[::-1] if each.description), "")
        annotation = get_args(annotation)[0]
    return found


def _type(annotation: Any) -> str:
    part = part_of(annotation)
    if len(part.options) == 1:
        named = [_of(part.options[0], part)]
    else:
        named = [_type(option) for option in part.options]
    return " | ".join(dict.fromkeys([*named, *(["null"] if part.nullable else [])]))


def _of(kind: Any, part: Part) -> str:
    names = literals(kind)
    if names is not None:
        return " | ".join(_literal(name) for name in names)
    if is_struct(kind):
        return kind.__name__
    if get_origin(kind) is list:
        item = _type(get_args(kind)[0])
        if part.most is not None and part.least == part.most <= _LONGEST_TUPLE:
            return f"[{', '.join([item] * part.most)}]"
        return f"({item})[]" if " " in item else f"{item}[]"
    if get_origin(kind) is dict:
        key, value = get_args(kind)
        known = literals(part_of(key).options[0]) is not None
        return f"{{[K in {_type(key)}]?: {_type(value)}}}" if known else f"Record<string, {_type(value)}>"
    return _PLAIN[kind]


def _literal(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else re.sub("'", '"', repr(value))


if __name__ == "__main__":
    FILE.write_text(write(), "utf-8")
