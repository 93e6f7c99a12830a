"""How the schemas of JSON objects are written, and told to people."""

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def string(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def integer(description: str, **more: Any) -> Schema:
    return {"type": "integer", "description": description, **more}


def number(description: str, **more: Any) -> Schema:
    return {"type": "number", "description": description, **more}


def or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


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
    if "anyOf" in schema:
        return " or ".join(type_of(each) for each in schema["anyOf"])
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"list of {type_of(schema['items'])}" if kind == "array" and "items" in schema else kind
