"""Structs as plain JSON values, for whatever writes JSON."""

import json
from typing import Any

import msgspec


def to_json(value: Any) -> Any:
    """Dicts, lists and plain values; what is UNSET is left out."""
    return msgspec.to_builtins(value)


def default(value: object) -> Any:
    """For JSON writers that meet a struct. Raises TypeError for other objects."""
    if isinstance(value, msgspec.Struct):
        return msgspec.to_builtins(value)
    raise TypeError(f"{type(value).__name__} is no JSON value.")


def dumps(value: Any, **options: Any) -> str:
    """As `json.dumps`, of structs too."""
    return json.dumps(value, default=default, **options)
