"""The JSON objects of the API as JSON Schema, made of the structs that the features describe them with."""

import inspect
from functools import lru_cache
from types import ModuleType
from typing import Any

import msgspec

from ..contract import Request, Resource, answers
from ..contract.types import may_be_left_out
from ..domain.outside.json_values import MOST_BITS
from ..features.accounts import links_schema
from ..features.accounts import schema as accounts
from ..features.accounts.oidc import schema as oidc
from ..features.agreement import schema as agreement
from ..features.annotations import mask_schema
from ..features.annotations import schema as annotations
from ..features.comments import inbox_schema
from ..features.comments import schema as comments
from ..features.embeddings import schema as embeddings
from ..features.events import schema as events
from ..features.history import schema as history
from ..features.images import schema as images
from ..features.label_studio import schema as label_studio
from ..features.links import schema as links
from ..features.live import schema as live
from ..features.mask_runs import schema as mask_runs
from ..features.members import schema as members
from ..features.numbers import schema as numbers
from ..features.prediction import schema as prediction
from ..features.projects import images_schema, labels_schema
from ..features.projects import schema as projects
from ..features.proposals import schema as proposals
from ..features.segmenters import schema as segmenters
from ..features.training import schema as training
from ..features.transfer import schema as transfer
from ..features.upkeep import schema as upkeep
from ..features.webhooks import schema as webhooks
from ..features.work import schema as work
from .schema import Schema, ref

MODULES: tuple[ModuleType, ...] = (
    answers,
    images,
    embeddings,
    images_schema,
    projects,
    labels_schema,
    mask_schema,
    annotations,
    events,
    history,
    numbers,
    live,
    prediction,
    proposals,
    transfer,
    segmenters,
    upkeep,
    accounts,
    links_schema,
    oidc,
    members,
    links,
    work,
    comments,
    inbox_schema,
    agreement,
    mask_runs,
    training,
    webhooks,
    label_studio,
)
LARGEST_INTEGER = 2**MOST_BITS - 1
_IGNORED: Schema = {
    "description": "Any JSON whose whole numbers fit into 64 bits.",
    "anyOf": [
        {"type": ["string", "boolean", "null"]},
        {"type": "number", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER},
        {"type": "array", "items": ref("Ignored")},
        {"type": "object", "additionalProperties": ref("Ignored")},
    ],
}


def structs() -> list[type[msgspec.Struct]]:
    """Every resource, request and event, in the order the modules have them."""
    return [
        each
        for module in MODULES
        for each in vars(module).values()
        if inspect.isclass(each)
        and issubclass(each, Resource | Request)
        and each.__module__ == module.__name__
        and not each.__name__.startswith("_")
    ]


@lru_cache(maxsize=1)
def components() -> dict[str, Schema]:
    """By name. What a client sends may have other fields, which are ignored but must be JSON that is taken."""
    known = structs()
    _, made = msgspec.json.schema_components(known, ref_template="#/components/schemas/{name}")
    described = {each.__name__: _described(each, made[each.__name__]) for each in known}
    return {"Ignored": _IGNORED} | described


def _described(kind: type[msgspec.Struct], schema: Schema) -> Schema:
    plain = {name: value for name, value in _plain(schema).items() if name not in ("title", "description")}
    described = {"description": inspect.cleandoc(kind.__doc__ or ""), **plain}
    described.setdefault("required", [])
    if issubclass(kind, Resource):
        described["required"] = [
            field.name for field in msgspec.structs.fields(kind) if not may_be_left_out(field.type)
        ]
    if issubclass(kind, Request):
        described.setdefault("additionalProperties", ref("Ignored"))
        described |= kind.also
    return described


def _plain(schema: Any) -> Any:
    """Without what is msgspec's own: a value or null is one type, a name is text, defaults are the server's."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain: Schema = {
        name: {field: _plain(each) for field, each in value.items()}
        if name == "properties"
        else _plain(value)
        for name, value in schema.items()
        if name not in ("default", "discriminator")
    }
    if "enum" in plain:
        plain.setdefault("type", _TYPES[type(plain["enum"][0])])
    options: list[Schema] | None = plain.get("anyOf")
    return plain if options is None or "type" in plain else _joined(plain, options)


_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer"}


def _joined(schema: Schema, options: list[Schema]) -> Schema:
    if any(each.get("type") == "number" for each in options):
        options = [each for each in options if each.get("type") != "integer"]
    own = {name: value for name, value in schema.items() if name != "anyOf"}
    null = {"type": "null"}
    others = [each for each in options if each != null]
    if null not in options or len(others) != 1:
        return {**own, "anyOf": options}
    [only] = others
    if "$ref" in only:
        described = {name: value for name, value in only.items() if name != "$ref"}
        return {"anyOf": [{"$ref": only["$ref"]}, null], **described, **own}
    if "anyOf" in only:
        return {**only, **own, "anyOf": [*only["anyOf"], null]}
    joined = {**only, "type": [only["type"], "null"], **own}
    return joined | {"enum": [*only["enum"], None]} if "enum" in only else joined
