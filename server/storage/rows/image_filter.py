"""Which images of a project are meant, as conditions of a query."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, select, union

from ..tables import Annotation, Assignment, LabelClass, ProjectImage
from .names import search_name


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


def matches(project_id: str, chosen: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
    ]
    if chosen.state is not None:
        conditions.append(ProjectImage.state == chosen.state)
    if chosen.label is not None:
        label = select(LabelClass.id).where(
            LabelClass.project_id == project_id, LabelClass.name == chosen.label
        )
        labelled = select(Annotation.image_id).where(Annotation.label_id == label.scalar_subquery())
        conditions.append(ProjectImage.image_id.in_(labelled))
    if chosen.score is not None:
        doubtful = select(Annotation.image_id).where(
            Annotation.project_id == project_id, Annotation.predicted_iou < chosen.score
        )
        conditions.append(ProjectImage.image_id.in_(doubtful))
    if chosen.person is not None:
        conditions.append(ProjectImage.image_id.in_(_worked_on(project_id, chosen.person)))
    if chosen.assigned is not None:
        taken = select(Assignment.image_id).where(Assignment.project_id == project_id)
        if chosen.assigned == NOBODY:
            conditions.append(ProjectImage.image_id.not_in(taken))
        else:
            conditions.append(
                ProjectImage.image_id.in_(taken.where(Assignment.account_id == chosen.assigned))
            )
    if chosen.search:
        conditions.append(ProjectImage.search_name.contains(search_name(chosen.search), autoescape=True))
    return conditions


def _worked_on(project_id: str, account_id: str) -> CompoundSelect[str]:
    """Ids of the images that an account has something to do with."""
    here = select(Annotation.image_id).where(Annotation.project_id == project_id)
    own = select(Assignment.image_id).where(Assignment.project_id == project_id)
    return union(
        here.where(Annotation.created_by == account_id),
        here.where(Annotation.updated_by == account_id),
        own.where(Assignment.account_id == account_id),
    )
