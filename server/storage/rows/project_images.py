"""Rows of images in projects: found, listed page by page, counted. Every function takes the session of the caller's
transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    case,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from ..tables import Annotation, Image, Project, ProjectImage, now
from ..tables.images import sha256_of
from .layers import Sight
from .listing.filter import EVERY, Filter, matches
from .listing.order import STATES, Order, Place, Sort, State, keys_of, listed
from .names import search_name, sort_name


def find(session: Session, project_id: str, image_id: str) -> ProjectImage | None:
    """Removed ones are not found."""
    place = session.get(ProjectImage, (project_id, image_id))
    return None if place is None or place.removed_at is not None else place


def projects_with(session: Session, image_id: str) -> list[str]:
    """Ids of the projects that have the image, neither it nor they removed; the first it was added to first."""
    query = (
        select(ProjectImage.project_id)
        .join(Project, Project.id == ProjectImage.project_id)
        .where(
            ProjectImage.image_id == image_id, ProjectImage.removed_at.is_(None), Project.deleted_at.is_(None)
        )
        .order_by(ProjectImage.added_at, ProjectImage.project_id)
    )
    return list(session.scalars(query))


def put(session: Session, project_id: str, image_id: str, name: str) -> bool:
    """Have the image in the project; False when it is there. A removed one comes back with what belonged to it."""
    place = session.get(ProjectImage, (project_id, image_id))
    if place is not None:
        was_removed = place.removed_at is not None
        place.removed_at = None
        return was_removed
    last = session.scalar(
        select(func.max(ProjectImage.position)).where(ProjectImage.project_id == project_id)
    )
    session.add(
        ProjectImage(
            project_id=project_id,
            image_id=image_id,
            name=name,
            search_name=search_name(name),
            sort_name=sort_name(name),
            position=1 if last is None else last + 1,
        )
    )
    return True


def page(
    session: Session, sight: Sight, chosen: Filter, order: Order, limit: int, after: Place | None = None
) -> list[tuple[ProjectImage, Image]]:
    """`sight`: of who asks, in the project. `after`: continue behind this place. The cost does not grow with how
    far that is."""
    query = (
        select(ProjectImage, Image)
        .join(Image, Image.id == ProjectImage.image_id)
        .where(*matches(sight, chosen))
    )
    return [(place, image) for place, image in listed(session, query, sight, order, limit, after)]


def ids_from(
    session: Session, sight: Sight, chosen: Filter, order: Order, limit: int, after: Place | None
) -> list[str]:
    """As `page`, ids only."""
    query = select(ProjectImage.image_id).where(*matches(sight, chosen))
    return [row[0] for row in listed(session, query, sight, order, limit, after)]


def count_to(session: Session, sight: Sight, chosen: Filter, order: Order, place: Place) -> int:
    """How many images stand at this place or before it."""
    keys = tuple_(*keys_of(order.sort, sight))
    here = tuple_(*place)
    before = keys >= here if order.descending else keys <= here
    query = select(func.count()).select_from(ProjectImage).where(*matches(sight, chosen), before)
    return session.scalar(query) or 0


def place_of(session: Session, sight: Sight, image_id: str, sort: Sort) -> Place | None:
    """None when the project has no such image."""
    found = session.execute(
        select(*keys_of(sort, sight)).where(
            ProjectImage.project_id == sight.project_id,
            ProjectImage.image_id == image_id,
            ProjectImage.removed_at.is_(None),
        )
    ).first()
    return None if found is None else list(found)


def counts(session: Session, sight: Sight, chosen: Filter) -> dict[str, int]:
    """Images by state, of those that match but for their state; every state has a number."""
    state = sight.state().label("seen")
    query = (
        select(state, func.count())
        .select_from(ProjectImage)
        .where(*matches(sight, replace(chosen, state=None)))
        .group_by(state)
    )
    return of_each({row[0]: row[1] for row in session.execute(query)})


def of_each(counts: Mapping[str, int]) -> dict[str, int]:
    """With a number for every state."""
    return dict.fromkeys(STATES, 0) | dict(counts)


def total(session: Session, sight: Sight, chosen: Filter = EVERY) -> int:
    query = select(func.count()).select_from(ProjectImage).where(*matches(sight, chosen))
    return session.execute(query).scalar_one()


def annotation_counts(session: Session, sight: Sight, image_ids: Sequence[str]) -> dict[str, int]:
    """How many annotations somebody sees on each of these images; images without any are left out."""
    if sight.alone is None:
        query = select(ProjectImage.image_id, ProjectImage.objects).where(
            ProjectImage.project_id == sight.project_id,
            ProjectImage.image_id.in_(image_ids),
            ProjectImage.objects > 0,
        )
    else:
        query = (
            select(Annotation.image_id, func.count())
            .where(
                Annotation.project_id == sight.project_id,
                Annotation.image_id.in_(image_ids),
                sight.annotations(),
            )
            .group_by(Annotation.image_id)
        )
    return {row[0]: row[1] for row in session.execute(query)}


def set_state(
    session: Session, project_id: str, image_ids: Sequence[str], state: State, account_id: str | None
) -> list[str]:
    """Those of these that were there. `account_id`: who says so. Only what a reviewer returned is returned again."""
    which = ProjectImage.removed_at.is_(None)
    if state == "returned":
        which &= ProjectImage.reviewed_at.is_not(None)
    kept = case((ProjectImage.state == "done", ProjectImage.submitted_by), else_=account_id)
    submitted = {"submitted_by": kept} if state == "done" else {}
    return _change(session, project_id, image_ids, which, state=state, **submitted)


def set_split(session: Session, project_id: str, image_id: str, split: str) -> None:
    place = find(session, project_id, image_id)
    if place is not None and place.split != split:
        place.split, place.updated_at = split, now()


def states(
    session: Session, sight: Sight, image_ids: Sequence[str], removed: bool = False
) -> dict[str, list[str]]:
    """Which of these images are in which state, to somebody. `removed`: those in the trash."""
    query = select(sight.state(), ProjectImage.image_id).where(
        ProjectImage.project_id == sight.project_id,
        ProjectImage.image_id.in_(image_ids),
        ProjectImage.removed_at.is_not(None) if removed else ProjectImage.removed_at.is_(None),
    )
    found: dict[str, list[str]] = {}
    for state, image_id in session.execute(query):
        found.setdefault(state, []).append(image_id)
    return found


def remove(session: Session, project_id: str, image_ids: Sequence[str], moment: datetime) -> list[str]:
    """Out of sight from this moment, to come back by `restore`, or to be purged. Those of these that were there."""
    return _change(session, project_id, image_ids, ProjectImage.removed_at.is_(None), removed_at=moment)


def restore(session: Session, project_id: str, image_ids: Sequence[str]) -> list[str]:
    """Those of these that were removed."""
    return _change(session, project_id, image_ids, ProjectImage.removed_at.is_not(None), removed_at=None)


def purge(session: Session, moment: datetime) -> int:
    """Forget, with their annotations, the images removed from projects before this moment."""
    query = delete(ProjectImage).where(ProjectImage.removed_at < moment).returning(ProjectImage.image_id)
    return len(session.scalars(query).all())


def named(session: Session, project_id: str) -> list[tuple[str, str]]:
    """(name, image id) of all."""
    query = select(ProjectImage.name, ProjectImage.image_id).where(
        ProjectImage.project_id == project_id, ProjectImage.removed_at.is_(None)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def names(session: Session, project_id: str, image_ids: Collection[str]) -> dict[str, str]:
    """By id, of those that are there."""
    query = select(ProjectImage.image_id, ProjectImage.name).where(
        ProjectImage.project_id == project_id,
        ProjectImage.image_id.in_(image_ids),
        ProjectImage.removed_at.is_(None),
    )
    return {row[0]: row[1] for row in session.execute(query)}


def sizes(session: Session, project_id: str) -> dict[str, tuple[int, int, str] | None]:
    """(width, height, id) by name; None where several images have it."""
    query = (
        select(ProjectImage.name, Image.width, Image.height, Image.id)
        .join(Image, Image.id == ProjectImage.image_id)
        .where(ProjectImage.project_id == project_id, ProjectImage.removed_at.is_(None))
    )
    found: dict[str, tuple[int, int, str] | None] = {}
    for name, width, height, image_id in session.execute(query):
        found[name] = None if name in found else (width, height, image_id)
    return found


def splits(session: Session, sight: Sight, chosen: Filter) -> list[tuple[str, str | None, str]]:
    """(id, split, sha256) of all that match."""
    query = (
        select(ProjectImage.image_id, ProjectImage.split, Image.identity)
        .join(Image, Image.id == ProjectImage.image_id)
        .where(*matches(sight, chosen))
    )
    return [(row[0], row[1], sha256_of(row[2])) for row in session.execute(query)]


def _change(
    session: Session, project_id: str, image_ids: Sequence[str], which: ColumnElement[bool], **values: Any
) -> list[str]:
    query = (
        update(ProjectImage)
        .where(ProjectImage.project_id == project_id, ProjectImage.image_id.in_(image_ids), which)
        .values(updated_at=now(), **values)
        .returning(ProjectImage.image_id)
    )
    return list(session.scalars(query))
