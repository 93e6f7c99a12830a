"""What a visitor sees, as conditions of queries."""

from sqlalchemy import ColumnElement, and_, or_

from ....domain.visits import Visit
from ...tables import Event, ProjectImage


def places(visit: Visit) -> ColumnElement[bool]:
    """Of a query of projects' images: those that a visit is of."""
    conditions = [ProjectImage.project_id == visit.project_id]
    if visit.image_id is not None:
        conditions.append(ProjectImage.image_id == visit.image_id)
    if visit.is_unseen:
        conditions.append(~ProjectImage.gold)
    return and_(*conditions)


def events(visit: Visit, others: str) -> ColumnElement[bool]:
    """Of a query of the project's events: those that `visit.hears`. `others`: an audience that is for all but
    annotators."""
    common = Event.audience.is_(None)
    conditions = [
        Event.kind.in_(visit.kinds),
        common if visit.is_unseen else or_(common, Event.audience == others),
    ]
    if visit.image_id is not None:
        conditions.append(or_(Event.image_id.is_(None), Event.image_id == visit.image_id))
    return and_(*conditions)
