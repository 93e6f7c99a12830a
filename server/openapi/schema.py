"""How the schemas of JSON objects are written, and told to people."""

from typing import Any

from ..domain.outside.json_values import MOST_BITS
from ..inference.catalog import SEGMENTER_ID

Schema = dict[str, Any]

LARGEST_INTEGER = 2**MOST_BITS - 1

# As `domain.strings` takes text, for programs: what is never in it, and the blanks that are cut off at both ends.
_NEVER = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
_BLANK = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_CUT_OFF = rf"[\u0009-\u000d\u001c-\u001f\u0085\u2028\u2029{_BLANK}]*"
ID_PATTERN = f"^{SEGMENTER_ID.pattern}$"  # of a segmenter
_LINES_PATTERN = r"^([^\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\r\n)*$"


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def string(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def line_pattern(most: int) -> str:
    """One line of 1 to `most` characters; blanks around it do not count."""
    inside = rf"[^{_NEVER}]{{0,{most - 2}}}"
    return rf"^{_CUT_OFF}[^{_NEVER}{_BLANK}]({inside}[^{_NEVER}{_BLANK}])?{_CUT_OFF}$"


def line(description: str, most: int) -> Schema:
    return string(description, pattern=line_pattern(most))


def lines(description: str, most: int) -> Schema:
    return string(description, maxLength=most, pattern=_LINES_PATTERN)


def integer(description: str, **more: Any) -> Schema:
    return {"type": "integer", "description": description, **more}


def number(description: str, **more: Any) -> Schema:
    return {"type": "number", "description": description, **more}


def or_null(schema: Schema) -> Schema:
    nullable = {**schema, "type": [schema["type"], "null"]}
    return nullable | {"enum": [*schema["enum"], None]} if "enum" in schema else nullable


def list_of(items: Schema, description: str, **more: Any) -> Schema:
    return {"type": "array", "items": items, "description": description, **more}


def an_object(
    description: str, properties: dict[str, Schema], required: tuple[str, ...] | None = None
) -> Schema:
    """All properties are required unless told otherwise."""
    needed = list(properties) if required is None else list(required)
    return {"type": "object", "description": description, "properties": properties, "required": needed}


def an_open_object(
    description: str, properties: dict[str, Schema], required: tuple[str, ...] | None = None
) -> Schema:
    """What a client sends: other fields are ignored, but they must be JSON that is taken."""
    return an_object(description, properties, required) | {"additionalProperties": ref("Ignored")}


def about(name: str, description: str) -> Schema:
    return {**ref(name), "description": description}


def about_or_null(name: str, description: str) -> Schema:
    return {"anyOf": [ref(name), {"type": "null"}], "description": description}


def type_of(schema: Schema) -> str:
    """A schema's type in a word or two, for people."""
    if "anyOf" in schema and "type" not in schema:
        return " or ".join(dict.fromkeys(type_of(each) for each in schema["anyOf"]))
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"list of {type_of(schema['items'])}" if kind == "array" and "items" in schema else kind
