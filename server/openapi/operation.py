"""What a row of the table of operations is made of."""

from dataclasses import dataclass, field
from typing import Any

from .schema import ref

Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """`path` with {parameters}; `answers` by status; `failures` are statuses answered in the error shape."""

    method: str
    path: str
    id: str
    summary: str
    answers: dict[int, Json]
    failures: tuple[int, ...] = ()
    description: str = ""
    parameters: tuple[Json, ...] = ()
    body: Json = field(default_factory=dict)


def in_path(name: str, description: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
    }


def in_query(
    name: str, kind: str | list[str], description: str, required: bool = False, **schema: Any
) -> Json:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": kind, **schema},
    }


def choice_in_query(name: str, description: str, *choices: str) -> Json:
    """An empty one says nothing, as if it were left out."""
    return in_query(name, "string", description, enum=["", *choices])


def flag_in_query(name: str, description: str) -> Json:
    return choice_in_query(name, description, "0", "1", "false", "true")


def json_answer(name: str, description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": ref(name)}}}


def bytes_answer(description: str, *content_types: str) -> Json:
    return {"description": description, "content": {kind: {} for kind in content_types}}


def file_answers(description: str, *content_types: str) -> dict[int, Json]:
    """Of a file that is sent whole or in part; goes with the failure 416."""
    part = bytes_answer("The part asked for by Range.", *content_types)
    return {200: bytes_answer(description, *content_types), 206: part}


def json_body(name: str, example: Any) -> Json:
    return {"application/json": {"schema": ref(name), "example": example}}


FILE_BODY: Json = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                "path": {
                    "type": "string",
                    "description": "In projects: its name with the folders it lies in.",
                },
            },
            "required": ["file"],
        }
    }
}
EXAMPLE_ANNOTATION: Json = {
    "id": "7f1c0d7e-8a51-4b0e-9d9a-0c6d5a1f4a11",
    "label": "dog",
    "color": "#1f77b4",
    "rle": {"size": [603, 1072], "counts": "..."},
    "prompts": [{"kind": "point", "x": 520.5, "y": 310.5, "label": 1}],
    "candidate": 2,
}


def bytes_body(*content_types: str) -> Json:
    return {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in content_types}
