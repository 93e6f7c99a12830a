"""In which order images of a project are listed, and from where on. Every function takes the session of the caller's
transaction."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Select, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from ...tables import Annotation, ProjectImage
from ...tables.projects import UNKNOWN_CERTAINTY
from ..layers import Sight
from ..proposals import nearest

State = Literal["new", "in_progress", "returned", "attention", "skipped", "done", "accepted"]
Settable = Literal["new", "in_progress", "attention", "skipped", "done"]  # by whoever annotates
STATES: tuple[State, ...] = get_args(State)  # in the order they are sorted by
Sort = Literal["name", "added", "state", "objects", "certainty"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Listing = Select[*tuple[Any, ...]]
Place = list[Any]  # where an image stands in an order: the values it is sorted by, its id last


@dataclass(frozen=True)
class Order:
    sort: Sort = "name"
    descending: bool = False


def listed(
    session: Session, query: Listing, sight: Sight, order: Order, limit: int, after: Place | None
) -> list[Any]:
    """So many rows of a query. Those in the order of their states are read state by state, each in the order of an
    index."""
    if order.sort != "state" or sight.alone is not None:
        return list(session.execute(_from(query, sight, order, after).limit(limit)))
    found: list[Any] = []
    ranks = range(len(STATES))
    for rank in reversed(ranks) if order.descending else ranks:
        behind = None
        if after is not None and rank == after[0]:
            behind = after[1:]
        elif after is not None and (rank > after[0]) is order.descending:
            continue
        of_state = query.where(ProjectImage.state == STATES[rank])
        by_name = _from(of_state, sight, Order("name", order.descending), behind)
        found += session.execute(by_name.limit(limit - len(found)))
        if len(found) == limit:
            break
    return found


def keys_of(sort: Sort, sight: Sight) -> list[Any]:
    """What is compared, most important first. Ends with the id, so that no two images stand at one place."""
    objects: Any = ProjectImage.objects
    certainty: Any = ProjectImage.certainty
    if sight.alone is not None:
        seen = and_(
            Annotation.project_id == ProjectImage.project_id,
            Annotation.image_id == ProjectImage.image_id,
            sight.annotations(),
        )
        objects = select(func.count()).where(seen).correlate(ProjectImage).scalar_subquery()
        least = nearest.least_certain().where(seen).correlate(ProjectImage).scalar_subquery()
        certainty = func.coalesce(least, UNKNOWN_CERTAINTY)
    rank = case({state: number for number, state in enumerate(STATES)}, value=sight.state(), else_=99)
    first: dict[Sort, list[Any]] = {
        "name": [ProjectImage.sort_name],
        "added": [ProjectImage.position],
        "state": [rank, ProjectImage.sort_name],
        "objects": [objects, ProjectImage.sort_name],
        "certainty": [certainty, ProjectImage.sort_name],
    }
    return [*first[sort], ProjectImage.image_id]


def _from(query: Listing, sight: Sight, order: Order, after: Place | None) -> Listing:
    keys = keys_of(order.sort, sight)
    if after is not None:
        here = tuple_(*after)
        query = query.where(tuple_(*keys) < here if order.descending else tuple_(*keys) > here)
    keys = [ProjectImage.removed_at, *keys]  # always NULL here; PostgreSQL else overlooks the index it is in
    return query.order_by(*(key.desc() if order.descending else key for key in keys))
