"""Which images of a project are meant, as conditions of a query."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from ...tables import Annotation, Assignment, LabelClass, ProjectImage, now
from ..layers import Sight, same_image
from ..names import search_name

OPEN_STATES = ("new", "in_progress", "returned", "attention")  # work is left
_ENDING = ("new", "in_progress")  # of an annotator whose lease may pass


@dataclass(frozen=True)
class Filter:
    """Which images of a project; None: whatever it is. `search`: somewhere in the name, in any case. `score`: some
    annotation's predicted IoU is below it. `person`: an account that made or changed an annotation there, or
    whose it is to work on. `assigned`: an account whose it is to work on, or NOBODY."""

    state: str | None = None
    label: str | None = None
    search: str | None = None
    score: float | None = None
    person: str | None = None
    assigned: str | None = None


EVERY = Filter()
NOBODY = "nobody"


def matches(sight: Sight, chosen: Filter) -> list[ColumnElement[bool]]:
    """`sight`: of who asks, in the project."""
    project_id = sight.project_id
    conditions: list[ColumnElement[bool]] = [
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
        *([] if sight.visit is None else [sight.places()]),
    ]
    if chosen.state is not None:
        conditions.append(sight.state() == chosen.state)
    if chosen.label is not None:
        label = select(LabelClass.id).where(
            LabelClass.project_id == project_id, LabelClass.name == chosen.label
        )
        conditions.append(_has(sight, Annotation.label_id == label.scalar_subquery()))
    if chosen.score is not None and sight.alone is None:
        conditions.append(ProjectImage.lowest_iou < chosen.score)
    elif chosen.score is not None:
        scored = Annotation.predicted_iou < chosen.score
        conditions.append(_has(sight, Annotation.project_id == project_id, scored))
    if chosen.person is not None:
        seen = select(Annotation.image_id).where(Annotation.project_id == project_id, sight.annotations())
        made = (
            ProjectImage.image_id.in_(seen.where(column == chosen.person))
            for column in (Annotation.created_by, Annotation.updated_by)
        )
        conditions.append(or_(*made, _assigned(sight, Assignment.account_id == chosen.person)))
    if chosen.assigned == NOBODY:
        conditions.append(~_assigned(sight))
    elif chosen.assigned is not None:
        conditions.append(_assigned(sight, Assignment.account_id == chosen.assigned))
    if chosen.search:
        conditions.append(ProjectImage.search_name.contains(search_name(chosen.search), autoescape=True))
    return conditions


def counting(moment: datetime) -> ColumnElement[bool]:
    """Of a query of assignments with their images: those that count at that moment. A lease that has passed does not,
    while work is left, nor what only has how far somebody is."""
    return or_(
        Assignment.leased_until.is_(None),
        Assignment.leased_until > moment,
        was_given() & Assignment.state.not_in(_ENDING),
        was_given() & ~ProjectImage.gold & ProjectImage.state.not_in(OPEN_STATES),
    )


def was_given() -> ColumnElement[bool]:
    """Of a query of assignments: those that make an image somebody's, or did."""
    return or_(Assignment.leased_until.is_(None), Assignment.leased_until != Assignment.given_at)


def _has(sight: Sight, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody sees such an annotation on an image: image by image, so that a page is found where it begins."""
    same = Annotation.image_id == ProjectImage.image_id
    return select(Annotation.image_id).where(same, *which, sight.annotations()).exists()


def _assigned(sight: Sight, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an image is somebody's to work on, as far as who asks may know."""
    return exists().where(same_image(), counting(now()), sight.assignments(), *which)
