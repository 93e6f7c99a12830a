"""What somebody sees of images in a project."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from ...domain.policy import Actor
from ...domain.times import optional_timestamp, timestamp
from ...storage.rows import assignments, comments
from ...storage.rows import project_images as rows
from ...storage.rows.layers import Sight, plainly
from ...storage.tables import Assignment, ProjectImage

_OF_THE_TEAM = {"submitted_by": None, "reviewed_by": None, "reviewed_at": None, "review_note": None}


class Seen(NamedTuple):
    """`fields`: of a ProjectImage, what it has in the project only; `own_states`: whether those of its people are
    told; `open_threads`: of comments that the actor sees."""

    fields: dict[str, Any]
    annotations: int
    assigned: list[Assignment]
    own_states: bool
    open_threads: int


def seen(
    session: Session, actor: Actor, sight: Sight, places: Sequence[ProjectImage], removed: bool = False
) -> dict[str, Seen]:
    """By image. `removed`: they are in the trash."""
    ids = [place.image_id for place in places]
    counts = rows.annotation_counts(session, plainly(session, sight), ids)
    assigned = assignments.of_images(session, sight, ids)
    threads = comments.open_threads(session, sight.project_id, ids, comments.reader(actor))
    own, states = {}, {}
    hidden = [place.image_id for place in places if sight.hides(place)]
    if sight.alone is not None and hidden:
        own = assignments.of_account(session, sight.project_id, hidden, sight.alone)
        stand = rows.states(session, sight, hidden, removed)
        states = {image_id: state for state, some in stand.items() for image_id in some}
    found: dict[str, Seen] = {}
    for place in places:
        fields = _fields(place) | {"gold": place.gold and sight.manages}
        if sight.visit is not None and not sight.visit.signs:
            fields |= _OF_THE_TEAM
        if sight.hides(place):
            state = states.get(place.image_id, "new")
            fields |= _own_fields(sight, place, state, own.get(place.image_id))
        independent = sight.alone is None and (sight.several or place.gold)
        found[place.image_id] = Seen(
            fields,
            counts.get(place.image_id, 0),
            assigned.get(place.image_id, []),
            independent,
            threads.get(place.image_id, 0),
        )
    return found


def _fields(place: ProjectImage) -> dict[str, Any]:
    return {
        "project_id": place.project_id,
        "name": place.name,
        "state": place.state,
        "added_at": timestamp(place.added_at),
        "updated_at": timestamp(place.updated_at),
        "submitted_by": place.submitted_by,
        "reviewed_by": place.reviewed_by,
        "reviewed_at": optional_timestamp(place.reviewed_at),
        "review_note": place.review_note,
        "changed_since_review": place.changed_since_review,
    }


def _own_fields(sight: Sight, place: ProjectImage, state: str, own: Assignment | None) -> dict[str, Any]:
    """Where others' work is hidden: of the image what concerns their own."""
    changed = place.added_at if own is None else own.done_at or own.given_at
    reviewed = {} if state in ("accepted", "returned") else {
        "reviewed_by": None, "reviewed_at": None, "review_note": None
    }  # fmt: skip
    submitted = None if own is None or own.done_at is None else sight.alone
    fields = {"state": state, "updated_at": timestamp(changed), "submitted_by": submitted}
    return {**fields, **reviewed, "changed_since_review": False}
