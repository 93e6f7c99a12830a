"""How the schemas of JSON objects are written, and told to people."""

from typing import Any

from server.inference.catalog import SEGMENTER_ID

Schema = dict[str, Any]

# As `domain.strings` takes text, for programs: what is never in it, and the blanks that are cut off at both ends.
_NEVER = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
_BLANK = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_CUT_OFF = rf"[\u0009-\u000d\u001c-\u001f\u0085\u2028\u2029{_BLANK}]*"
LINE_PATTERN = rf"^{_CUT_OFF}[^{_NEVER}{_BLANK}]([^{_NEVER}]*[^{_NEVER}{_BLANK}])?{_CUT_OFF}$"
ID_PATTERN = f"^{SEGMENTER_ID.pattern}$"  # of a segmenter
_LINES_PATTERN = r"^([^\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\r\n)*$"


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def string(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def line(description: str, most: int, **more: Any) -> Schema:
    """One line of text, not empty."""
    return string(description, minLength=1, maxLength=most, pattern=LINE_PATTERN, **more)


def lines(description: str, most: int, **more: Any) -> Schema:
    return string(description, maxLength=most, pattern=_LINES_PATTERN, **more)


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
