"""What answers of every feature are made of."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from .fields import Resource, about

Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Utc = Annotated[Moment, about("UTC.")]


class ErrorShape(Resource):
    """What went wrong. Some errors carry more, as a version conflict its `current`."""

    code: Annotated[str, about("A word for programs.")]
    message: Annotated[str, about("A sentence for people.")]
    hint: Annotated[str, about("What to do about it.")]


class Error(Resource):
    """Every failure."""

    ok: Annotated[Literal[False], about("Always false.")]
    error: Annotated[ErrorShape, about("What went wrong.")]


class Undo(Resource):
    """A request that undoes what was done."""

    method: Annotated[str, about("Of the request.")]
    url: Annotated[str, about("Its address.")]
    body: Annotated[dict[str, Any] | UnsetType, about("Its JSON, where it has one.")] = UNSET


class Undoable(Resource):
    """How to restore what was deleted."""

    restore: Annotated[Undo, about("The request to send.")]
    until: Annotated[Moment, about("Until when that can be done, UTC.")]
