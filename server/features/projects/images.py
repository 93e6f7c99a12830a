"""The images of a project: listed page by page, given states, removed and restored, and the order they are worked
through."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...contract.answers import Undo
from ...domain.outside.ids import BULK_LIMIT, NO_IDS, some_of
from ...domain.policy import Actor
from ...errors import BadRequest, Conflict, ImageNotFound
from ...runtime.afterwards import afterwards
from ...storage.engine import Database
from ...storage.rows import images as image_rows
from ...storage.rows import project_images as rows
from ...storage.rows.finding import found_place, found_project, those
from ...storage.rows.layers import (
    OTHERS,
    Sight,
    audience,
    has_gold,
    independent_of,
    plainly,
    set_gold,
    sight_of,
)
from ...storage.rows.listing.order import Order, Settable, State
from ...storage.tables import Image, Project, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from .completeness import check_complete
from .images_schema import ONE_OF, BulkAnswer, BulkChange, Queue
from .progress import may_be, say_own, tell_state, tell_states
from .seen import Seen, seen
from .selection import Selection, cursor_of, read_cursor
from .service import undo_until

PAGE_LIMIT = 500


@dataclass(frozen=True)
class Page:
    """`next`: the cursor of the following page; `counts`: by state, of all that match but for their state."""

    images: list[tuple[ProjectImage, Image]]
    next: str | None
    counts: dict[str, int]


class ProjectImages:
    """`forget` is given the ids of images that no project shows any more."""

    def __init__(
        self, db: Database, unit_of_work: UnitsOfWork, forget: Callable[[Collection[str]], None]
    ) -> None:
        self._db, self._unit_of_work, self._forget = db, unit_of_work, forget

    def page(
        self, actor: Actor, project_id: str, selection: Selection, limit: int, cursor: str | None = None
    ) -> Page:
        """As the actor sees them. Raises ProjectNotFound; NotFound for a cursor that is none, Conflict for another
        order's."""
        after = None if not cursor else read_cursor(cursor, selection.order)
        limit = max(1, min(limit, PAGE_LIMIT))
        with self._db.read() as session:
            sight = plainly(session, sight_of(session, actor, found_project(session, project_id)))
            found = rows.page(session, sight, selection.chosen, selection.order, limit + 1, after)
            counts = rows.counts(session, sight, selection.chosen)
            following = None
            if len(found) > limit:
                last = found[limit - 1][0].image_id
                place = rows.place_of(session, sight, last, selection.order.sort)
                following = None if place is None else cursor_of(selection.order, place)
        return Page(found[:limit], following, counts)

    def get(self, project_id: str, image_id: str) -> tuple[ProjectImage, Image]:
        """Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            return found_place(session, project_id, image_id)

    def layer(self, actor: Actor, project_id: str, image_id: str) -> str | None:
        """Where the actor's objects of an image are. Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            place, _ = found_place(session, project_id, image_id)
            return sight_of(session, actor, found_project(session, project_id)).layer(place)

    def seen(
        self, actor: Actor, project_id: str, places: Sequence[ProjectImage], removed: bool = False
    ) -> dict[str, Seen]:
        """What the actor sees of images of a project, or in its trash, by their ids. Raises ProjectNotFound."""
        with self._db.read() as session:
            sight = sight_of(session, actor, found_project(session, project_id))
            return seen(session, actor, sight, places, removed)

    def set_state(self, actor: Actor, project_id: str, image_id: str, state: Settable) -> dict[str, Seen]:
        """What the actor sees of it from then on, by its id. Raises ProjectNotFound, ImageNotFound, AttributesMissing;
        Conflict for one that a reviewer accepted."""
        with self._unit_of_work(actor) as work:
            place, _ = found_place(work.session, project_id, image_id)
            project = found_project(work.session, project_id)
            sight = sight_of(work.session, actor, project)
            [before] = rows.states(work.session, sight, [image_id])
            _check_not_accepted(project, before == "accepted")
            if state == "done" and before != "done":
                check_complete(work.session, project, sight, [image_id])
            heard = sight.layer(place) or audience(project, place, None)
            if sight.hides(place):
                say_own(work, project, [place], state)
            else:
                if state == "done" and before != "done":
                    place.submitted_by = actor.author
                place.state, place.updated_at = state, now()
            tell_state(work, project_id, image_id, state, before, heard)
            return seen(work.session, actor, sight, [place])

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
        if change.gold is not UNSET:
            return self._mark(actor, project_id, list(dict.fromkeys(change.ids or ())), change.gold)
        ids = list(dict.fromkeys(change.ids or ()))
        state = change.state or None  # UNSET is false
        moment = now()
        with self._unit_of_work(actor, reserved=change.remove is True) as work:
            session = work.session
            project = found_project(session, project_id)
            sight = sight_of(session, actor, project)
            if state == "done":
                check_complete(session, project, sight, ids)
            changed = 0
            before: dict[str, list[str]] = {}
            hidden: set[str] = set()
            for some in some_of(ids):
                if state is not None:
                    for old, had in rows.states(session, sight, some).items():
                        if old != state:
                            before.setdefault("done" if old == "accepted" else old, []).extend(had)
                    met = _set_state(work, project, sight, some, state)
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

    def _mark(self, actor: Actor, project_id: str, ids: list[str], gold: bool) -> BulkAnswer:
        """Told nobody: annotators could conclude from it which images are gold."""
        with self._unit_of_work(actor) as work:
            found_project(work.session, project_id)
            changed = [
                each for some in some_of(ids) for each in set_gold(work.session, project_id, some, gold)
            ]
        undo = _undo(project_id, {"ids": changed, "gold": not gold})
        return BulkAnswer(len(changed), undo if changed else UNSET)

    def _put_into_states(self, actor: Actor, project_id: str, states: Mapping[Any, list[str]]) -> BulkAnswer:
        wanted: dict[State, list[str]] = {state: list(dict.fromkeys(ids)) for state, ids in states.items()}
        if sum(map(len, wanted.values())) > BULK_LIMIT:
            raise BadRequest(NO_IDS)
        changed = 0
        with self._unit_of_work(actor) as work:
            project = found_project(work.session, project_id)
            sight = sight_of(work.session, actor, project)
            check_complete(work.session, project, sight, wanted.get("done", []))
            for state, ids in wanted.items():
                for some in some_of(ids):
                    changed += len(_set_state(work, project, sight, some, state))
        return BulkAnswer(changed)

    def around(
        self, actor: Actor, project_id: str, selection: Selection, image_id: str | None, ahead: int
    ) -> Queue:
        """Where an image stands among those selected, though it may not be selected itself, and what comes before and
        after it; without one, the first ones. Raises ProjectNotFound, ImageNotFound.
        """
        chosen, order = selection.chosen, selection.order
        backwards = Order(order.sort, not order.descending)
        with self._db.read() as session:
            sight = plainly(session, sight_of(session, actor, found_project(session, project_id)))
            place, position, before = None, 0, []
            if image_id is not None:
                _shown_place(session, sight, image_id)
                place = rows.place_of(session, sight, image_id, order.sort)
            if place is not None:
                position = rows.count_to(session, sight, chosen, order, place)
                before = rows.ids_from(session, sight, chosen, backwards, 1, place)
            following = rows.ids_from(session, sight, chosen, order, ahead, place)
            counts = rows.counts(session, sight, chosen)
        total = sum(counts.values()) if chosen.state is None else counts[chosen.state]
        return Queue(before[0] if before else None, following, position, total)

    def neighbours(
        self, actor: Actor, project_id: str, selection: Selection, image_id: str, each_way: int
    ) -> list[tuple[ProjectImage, Image]]:
        """An image between those before and after it among those selected, in their order. Raises ProjectNotFound,
        ImageNotFound."""
        chosen, order = selection.chosen, selection.order
        backwards = Order(order.sort, not order.descending)
        with self._db.read() as session:
            sight = plainly(session, sight_of(session, actor, found_project(session, project_id)))
            own = _shown_place(session, sight, image_id)
            place = rows.place_of(session, sight, image_id, order.sort)
            before = rows.page(session, sight, chosen, backwards, each_way, place)
            after = rows.page(session, sight, chosen, order, each_way, place)
        return [*reversed(before), own, *after]


def _shown_place(session: Session, sight: Sight, image_id: str) -> tuple[ProjectImage, Image]:
    """Raises ProjectNotFound; ImageNotFound, also for one that is not there for who asks."""
    found = found_place(session, sight.project_id, image_id)
    if not sight.shows(found[0]):
        raise ImageNotFound()
    return found


def _set_state(
    work: UnitOfWork, project: Project, sight: Sight, image_ids: Sequence[str], state: State
) -> list[str]:
    """Those of these that were there, at most as many as one statement takes. Raises Conflict."""
    session = work.session
    stand = rows.states(session, sight, image_ids)
    _check_not_accepted(project, "accepted" in stand)
    own = []
    if sight.alone is not None:
        own = [each for each in those(session, project.id, image_ids) if sight.hides(each)]
    hidden = {each.image_id for each in own}
    own = [each for each in own if may_be(each, state)]
    say_own(work, project, own, state)
    common = [each for each in image_ids if each not in hidden]
    met = {*rows.set_state(session, project.id, common, state, work.actor.author)}
    met |= {each.image_id for each in own}
    changed = [each for each in image_ids if each in met]
    _tell_states(work, project, sight, changed, state, stand, hidden)
    return changed


def _tell_states(
    work: UnitOfWork, project: Project, sight: Sight, image_ids: Sequence[str], state: State,
    stand: Mapping[str, Sequence[str]], hidden: Collection[str],
) -> None:  # fmt: skip
    """An annotator hears it image by image where some are gold: of those as of any other. `stand`: how they stood
    before; `hidden`: where others' work is hidden from the actor."""
    if sight.alone is not None and has_gold(work.session, project):
        was = {image_id: before for before, some in stand.items() for image_id in some}
        for each in image_ids:
            heard = sight.alone if each in hidden else None
            tell_state(work, project.id, each, state, was[each], heard)
        return
    apart = hidden if sight.alone is not None else independent_of(work.session, project, image_ids)
    for heard in (None, sight.alone or OTHERS):
        some = [each for each in image_ids if (each in apart) == (heard is not None)]
        tell_states(work, project.id, some, state, stand.get("done", ()), heard)


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


def _undo(project_id: str, body: dict[str, Any]) -> Undo:
    return Undo("POST", f"/api/projects/{project_id}/images/bulk", body)
