"""Which images of a project are listed, in which order, and from where on."""

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from ...domain.outside.json_values import parse_json
from ...domain.outside.strings import one_line
from ...errors import BadRequest, Conflict, NotFound, unknown
from ...storage.rows.listing.filter import Filter
from ...storage.rows.listing.order import SORTS, STATES, Order, Place

SEARCHED_CHARACTERS = 200
SORTING = (
    "name (as people count: img2 before img10) when left out. certainty: by the image's least certain "
    "object, whose certainty is the lowest known of predicted IoU, stability score, and (1 + IoU) / 2 with the "
    "next-best candidate and with the nearest proposal."
)
_PLACES: dict[str, tuple[type, ...]] = {
    "name": (str, str),
    "added": (int, str),
    "state": (int, str, str),
    "objects": (int, str, str),
    "certainty": (float, str, str),
}


@dataclass(frozen=True)
class Selection:
    """Which images of a project, in which order."""

    chosen: Filter
    order: Order


def parse_selection(values: Mapping[str, str]) -> Selection:
    """From a query: state, label, search, score, person, assigned, sort, order. What is empty says nothing. Raises
    BadRequest."""
    state, sort = values.get("state") or None, values.get("sort") or "name"
    direction = values.get("order") or "asc"
    if state is not None and state not in STATES:
        raise BadRequest(unknown("state", state, STATES))
    if sort not in SORTS:
        raise BadRequest(unknown("order to sort by", sort, SORTS))
    if direction not in ("asc", "desc"):
        raise BadRequest(unknown("direction", direction, ("asc", "desc")))
    chosen = Filter(
        state,
        _text(values, "label"),
        _text(values, "search"),
        _score(values.get("score")),
        _text(values, "person"),
        _text(values, "assigned"),
    )
    return Selection(chosen, Order(sort, direction == "desc"))


def _text(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name, "")
    return one_line(text, f'"{name}"', SEARCHED_CHARACTERS, BadRequest) if text.strip() else None


def _score(value: str | None) -> float | None:
    try:
        score = float(value) if value else None
    except ValueError:
        score = math.nan
    if score is not None and not 0 <= score <= 1:
        raise BadRequest('"score" must be a number from 0 to 1.')
    return score


def cursor_of(order: Order, place: Place) -> str:
    text = json.dumps([order.sort, order.descending, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, order: Order) -> Place:
    try:
        sort, descending, *place = parse_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise NotFound("There is no such cursor.", hint='Send the "next" of the page before.') from None
    kinds = tuple(type(value) for value in place)
    if (sort, descending, kinds) != (order.sort, order.descending, _PLACES[order.sort]):
        raise Conflict(
            "This cursor belongs to another order.", hint="Start again from the first page of this order."
        )
    return place
