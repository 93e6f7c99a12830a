"""The images of a project: listed page by page, given states, removed and restored, and the order they are worked
through."""

import base64
import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from ...contract import parse
from ...contract.answers import Undo
from ...domain.outside.ids import BULK_LIMIT, NO_IDS, some_of
from ...domain.outside.json_values import parse_json
from ...domain.outside.strings import one_line
from ...domain.policy import Actor
from ...errors import BadRequest, Conflict, NotFound, unknown
from ...runtime.afterwards import afterwards
from ...storage.engine import Database
from ...storage.rows import images as image_rows
from ...storage.rows import project_images as rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.image_filter import Filter
from ...storage.rows.project_images import SORTS, STATES, Order, Place
from ...storage.tables import Image, Project, ProjectImage, now
from ...storage.unit_of_work import UnitsOfWork
from .completeness import check_complete
from .images_schema import ONE_OF, BulkAnswer, BulkChange, Queue
from .service import undo_until

PAGE_LIMIT = 500
SEARCHED_CHARACTERS = 200
_PLACES: dict[str, tuple[type, ...]] = {
    "name": (str, str),
    "added": (int, str),
    "state": (int, str, str),
    "objects": (int, str, str),
}


@dataclass(frozen=True)
class Selection:
    """Which images of a project, in which order."""

    chosen: Filter
    order: Order


@dataclass(frozen=True)
class Page:
    """`next`: the cursor of the following page; `counts`: by state, of all that match but for their state."""

    images: list[tuple[ProjectImage, Image]]
    next: str | None
    counts: dict[str, int]


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


class ProjectImages:
    """`forget` is given the ids of images that no project shows any more."""

    def __init__(
        self, db: Database, unit_of_work: UnitsOfWork, forget: Callable[[Collection[str]], None]
    ) -> None:
        self._db, self._unit_of_work, self._forget = db, unit_of_work, forget

    def page(self, project_id: str, selection: Selection, limit: int, cursor: str | None = None) -> Page:
        """Raises ProjectNotFound; NotFound for a cursor that is none, Conflict for one of another order."""
        after = None if not cursor else _read_cursor(cursor, selection.order)
        limit = max(1, min(limit, PAGE_LIMIT))
        with self._db.read() as session:
            found_project(session, project_id)
            found = rows.page(session, project_id, selection.chosen, selection.order, limit + 1, after)
            counts = rows.counts(session, project_id, selection.chosen)
            following = None
            if len(found) > limit:
                last = found[limit - 1][0].image_id
                place = rows.place_of(session, project_id, last, selection.order.sort)
                following = None if place is None else _cursor(selection.order, place)
        return Page(found[:limit], following, counts)

    def get(self, project_id: str, image_id: str) -> tuple[ProjectImage, Image]:
        """Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            return found_place(session, project_id, image_id)

    def annotation_counts(self, project_id: str, image_ids: Sequence[str]) -> dict[str, int]:
        with self._db.read() as session:
            return rows.annotation_counts(session, project_id, image_ids)

    def set_state(
        self, actor: Actor, project_id: str, image_id: str, state: rows.Settable
    ) -> tuple[ProjectImage, Image]:
        """Raises ProjectNotFound, ImageNotFound, AttributesMissing; Conflict for one that a reviewer accepted."""
        with self._unit_of_work(actor) as work:
            place, image = found_place(work.session, project_id, image_id)
            project = found_project(work.session, project_id)
            _check_not_accepted(project, place.state == "accepted")
            if state == "done" and place.state != "done":
                check_complete(work.session, project, [image_id])
                place.submitted_by = actor.account
            told = {"state": state, "was": place.state}
            place.state, place.updated_at = state, now()
            work.tell("image:changed", project_id, told, image_id)
        return place, image

    def remove(self, actor: Actor, project_id: str, image_id: str) -> BulkAnswer:
        """Out of the project: as `bulk` tells it. Raises ProjectNotFound, ImageNotFound."""
        self.get(project_id, image_id)
        return self.bulk(actor, project_id, {"ids": [image_id], "remove": True})

    def bulk(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> BulkAnswer:
        """See BulkChange: how many were changed, how that is undone, and for removed ones until when. Raises
        ProjectNotFound, BadRequest, AttributesMissing.
        """
        change = _parse_bulk(data)
        if change.states is not UNSET:
            return self._put_into_states(actor, project_id, change.states)
        ids = list(dict.fromkeys(change.ids or ()))
        state = change.state or None  # UNSET is false
        moment = now()
        with self._unit_of_work(actor, reserved=change.remove is True) as work:
            session = work.session
            project = found_project(session, project_id)
            if state == "done":
                check_complete(session, project, ids)
            changed = 0
            before: dict[str, list[str]] = {}
            hidden: set[str] = set()
            for some in some_of(ids):
                if state is not None:
                    stand = rows.states(session, project_id, some)
                    _check_not_accepted(project, "accepted" in stand)
                    for old, had in stand.items():
                        if old != state:
                            before.setdefault("done" if old == "accepted" else old, []).extend(had)
                    met = rows.set_state(session, project_id, some, state, actor.account)
                    work.tell("images:changed", project_id, _told(met, state, stand))
                elif change.remove is True:
                    met = rows.remove(session, project_id, some, moment)
                    work.tell("images:removed", project_id, {"images": met})
                    hidden |= set(met) - image_rows.shown(session, met)
                else:
                    met = rows.restore(session, project_id, some)
                    work.tell("images:restored", project_id, {"images": met})
                changed += len(met)
        if hidden:
            with afterwards("forgetting removed images"):
                self._forget(hidden)
        if change.remove is True:
            undo = _undo(project_id, {"ids": ids, "restore": True})
            return BulkAnswer(changed, undo, undo_until(moment))
        return BulkAnswer(changed, _undo(project_id, {"states": before}) if before else UNSET)

    def _put_into_states(self, actor: Actor, project_id: str, states: Mapping[Any, list[str]]) -> BulkAnswer:
        wanted: dict[rows.State, list[str]] = {
            state: list(dict.fromkeys(ids)) for state, ids in states.items()
        }
        if sum(map(len, wanted.values())) > BULK_LIMIT:
            raise BadRequest(NO_IDS)
        changed = 0
        with self._unit_of_work(actor) as work:
            project = found_project(work.session, project_id)
            check_complete(work.session, project, wanted.get("done", []))
            for state, ids in wanted.items():
                for some in some_of(ids):
                    stand = rows.states(work.session, project_id, some)
                    _check_not_accepted(project, "accepted" in stand)
                    met = rows.set_state(work.session, project_id, some, state, actor.account)
                    work.tell("images:changed", project_id, _told(met, state, stand))
                    changed += len(met)
        return BulkAnswer(changed)

    def around(self, project_id: str, selection: Selection, image_id: str | None, ahead: int) -> Queue:
        """Where an image stands among those selected, though it may not be selected itself, and what comes before and
        after it; without one, the first ones. Raises ProjectNotFound, ImageNotFound.
        """
        chosen, order = selection.chosen, selection.order
        backwards = Order(order.sort, not order.descending)
        with self._db.read() as session:
            found_project(session, project_id)
            place, position, before = None, 0, []
            if image_id is not None:
                found_place(session, project_id, image_id)
                place = rows.place_of(session, project_id, image_id, order.sort)
            if place is not None:
                position = rows.count_to(session, project_id, chosen, order, place)
                before = rows.ids_from(session, project_id, chosen, backwards, 1, place)
            following = rows.ids_from(session, project_id, chosen, order, ahead, place)
            counts = rows.counts(session, project_id, chosen)
        total = sum(counts.values()) if chosen.state is None else counts[chosen.state]
        return Queue(before[0] if before else None, following, position, total)

    def neighbours(
        self, project_id: str, selection: Selection, image_id: str, each_way: int
    ) -> list[tuple[ProjectImage, Image]]:
        """An image between those before and after it among those selected, in their order. Raises ProjectNotFound,
        ImageNotFound."""
        chosen, order = selection.chosen, selection.order
        backwards = Order(order.sort, not order.descending)
        with self._db.read() as session:
            found_project(session, project_id)
            own = found_place(session, project_id, image_id)
            place = rows.place_of(session, project_id, image_id, order.sort)
            before = rows.page(session, project_id, chosen, backwards, each_way, place)
            after = rows.page(session, project_id, chosen, order, each_way, place)
        return [*reversed(before), own, *after]


def _check_not_accepted(project: Project, are_accepted: bool) -> None:
    """Raises Conflict: where there are reviewers, what they accepted is theirs to open again."""
    if are_accepted and project.settings.get("review"):
        raise Conflict(
            "An accepted image keeps its state.", hint="Ask a reviewer to return it to whoever made it."
        )


def _parse_bulk(data: Mapping[str, Any]) -> BulkChange:
    change = parse(BulkChange, data, BadRequest)
    if change.states is not UNSET and len(data) > 1:
        raise BadRequest('Send "states" alone: ids of images under the state they get.')
    if change.states is UNSET and ("ids" not in data or len(data) != 2):
        raise BadRequest(ONE_OF)
    return change


def _told(met: list[str], state: rows.State, stand: Mapping[str, list[str]]) -> dict[str, Any]:
    """`stand`: how they stood before."""
    told: dict[str, Any] = {"images": met, "state": state}
    return told | {"submitted": len(set(met) - set(stand.get("done", ())))} if state == "done" else told


def _undo(project_id: str, body: dict[str, Any]) -> Undo:
    return Undo("POST", f"/api/projects/{project_id}/images/bulk", body)


def _cursor(order: Order, place: Place) -> str:
    text = json.dumps([order.sort, order.descending, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: Order) -> Place:
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
