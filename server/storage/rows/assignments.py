"""Rows of who works on which images. Every function takes the session of the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, delete, exists, func, insert, select, tuple_
from sqlalchemy.orm import Session

from ...domain.outside.ids import some_of
from ..tables import Assignment, Member, Project, ProjectImage, now
from .project_images import OPEN_STATES, place_of

Given = dict[str, list[str]]  # ids of images by account
_OFFERED = ("new", "in_progress", "returned")  # by the common queue: somebody has to look at the rest

_LEASE_MINUTES = 120  # of a project that says nothing


def find(session: Session, project_id: str, image_id: str, account_id: str) -> Assignment | None:
    return session.get(Assignment, (project_id, image_id, account_id))


def of_images(session: Session, project_id: str, image_ids: Sequence[str]) -> dict[str, list[Assignment]]:
    """By image; those that are nobody's are left out."""
    found: dict[str, list[Assignment]] = {}
    for some in some_of(image_ids):
        query = select(Assignment).where(Assignment.project_id == project_id, Assignment.image_id.in_(some))
        for each in session.scalars(query.order_by(Assignment.given_at, Assignment.account_id)):
            found.setdefault(each.image_id, []).append(each)
    return found


def replace(
    session: Session, project_id: str, image_ids: Sequence[str], given: Mapping[str, Sequence[str]], by: str | None,
    moment: datetime,
) -> tuple[Given, int]:  # fmt: skip
    """Have these images be those people's who are named, and nobody else's. Whose they were, and how many changed
    hands."""
    before: Given = {}
    for image_id, had in of_images(session, project_id, image_ids).items():
        for each in had:
            before.setdefault(each.account_id, []).append(image_id)
    was = {(account_id, image_id) for account_id, ids in before.items() for image_id in ids}
    now_is = {(account_id, image_id) for account_id, ids in given.items() for image_id in ids}
    for some in some_of(image_ids):
        session.execute(
            delete(Assignment).where(Assignment.project_id == project_id, Assignment.image_id.in_(some))
        )
    session.expire_all()
    _insert(session, project_id, given, by, moment)
    return before, len({image_id for _, image_id in was ^ now_is})


def end(session: Session, project_id: str, image_ids: Sequence[str], account_id: str) -> list[str]:
    """That some images are one person's. Those that were."""
    ended: list[str] = []
    for some in some_of(image_ids):
        statement = delete(Assignment).where(
            Assignment.project_id == project_id,
            Assignment.account_id == account_id,
            Assignment.image_id.in_(some),
        )
        ended += session.scalars(statement.returning(Assignment.image_id))
    return ended


def end_expired(session: Session, project_id: str, moment: datetime) -> list[str]:
    """Leases of images that are still worked on. The images that were leased."""
    working = select(ProjectImage.image_id).where(
        ProjectImage.project_id == project_id, ProjectImage.state.in_(OPEN_STATES)
    )
    statement = delete(Assignment).where(
        Assignment.project_id == project_id,
        Assignment.leased_until <= moment,
        Assignment.image_id.in_(working),
    )
    return list(session.scalars(statement.returning(Assignment.image_id)))


def leases(session: Session, project_id: str, account_id: str) -> int:
    """How many images somebody has from the queue, of those that are still worked on."""
    query = select(func.count()).select_from(Assignment).join(ProjectImage, _same_image())
    query = query.where(
        Assignment.project_id == project_id,
        Assignment.account_id == account_id,
        Assignment.leased_until.is_not(None),
        ProjectImage.state.in_(OPEN_STATES),
        ProjectImage.removed_at.is_(None),
    )
    return session.scalar(query) or 0


def first_free(session: Session, project_id: str, after: str | None = None) -> str | None:
    """The first image by name that is nobody's and to be worked on; of those after an image if there are any, and not
    itself."""
    query = select(ProjectImage.image_id).where(
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
        ProjectImage.state.in_(_OFFERED),
        ~exists().where(_same_image()),
    )
    order = (ProjectImage.sort_name, ProjectImage.image_id)
    place = None if after is None else place_of(session, project_id, after, "name")
    if place is None:
        return session.scalar(query.order_by(*order).limit(1))
    behind = query.where(tuple_(*order) > tuple_(*place)).order_by(*order).limit(1)
    before = query.where(tuple_(*order) < tuple_(*place)).order_by(*order).limit(1)
    return session.scalar(behind) or session.scalar(before)


def free(session: Session, project_id: str, limit: int) -> list[str]:
    """The images that are nobody's and still worked on, by name."""
    query = select(ProjectImage.image_id).where(
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
        ProjectImage.state.in_(OPEN_STATES),
        ~exists().where(_same_image()),
    )
    return list(session.scalars(query.order_by(ProjectImage.sort_name, ProjectImage.image_id).limit(limit)))


def lease_end(project: Project, moment: datetime) -> datetime:
    """Of an image that somebody takes, or works on, now."""
    return moment + timedelta(minutes=project.settings.get("lease_minutes", _LEASE_MINUTES))


def lease(session: Session, project_id: str, image_id: str, account_id: str, until: datetime) -> None:
    """Of an image that is nobody's."""
    session.add(
        Assignment(project_id=project_id, image_id=image_id, account_id=account_id, leased_until=until)
    )


def work_on(session: Session, place: ProjectImage, account_id: str, until: datetime) -> bool:
    """Whoever works on an image keeps it for longer; one that is nobody's becomes theirs. Whether it did."""
    own = find(session, place.project_id, place.image_id, account_id)
    if own is not None:
        if own.leased_until is not None and own.leased_until < until:
            own.leased_until = until
        return False
    taken = exists().where(
        Assignment.project_id == place.project_id,
        Assignment.image_id == place.image_id,
        Assignment.leased_until.is_(None) | (Assignment.leased_until > now()),
    )
    is_member = session.get(Member, (place.project_id, account_id)) is not None
    if place.state not in OPEN_STATES or not is_member or session.scalar(select(taken)):
        return False
    lease(session, place.project_id, place.image_id, account_id, until)
    return True


def keep(session: Session, project_id: str, image_id: str, account_id: str) -> None:
    """Have an image be a member's for good; of others, nothing."""
    own = find(session, project_id, image_id, account_id)
    if own is not None:
        own.leased_until = None
    elif session.get(Member, (project_id, account_id)) is not None:
        session.add(Assignment(project_id=project_id, image_id=image_id, account_id=account_id))


def states(session: Session, project_id: str) -> dict[str | None, dict[str, int]]:
    """How many images of each state people have; under None: those of nobody."""
    query = (
        select(Assignment.account_id, ProjectImage.state, func.count())
        .select_from(ProjectImage)
        .join(Assignment, _same_image(), isouter=True)
        .where(ProjectImage.project_id == project_id, ProjectImage.removed_at.is_(None))
        .group_by(Assignment.account_id, ProjectImage.state)
    )
    found: dict[str | None, dict[str, int]] = {}
    for account_id, state, count in session.execute(query):
        found.setdefault(account_id, {})[state] = count
    return found


class Submitted(NamedTuple):
    """Images that somebody submitted: those that wait for a reviewer, and those changed since they were accepted."""

    waiting: int
    changed: int


def submitted(session: Session, project_id: str) -> dict[str | None, Submitted]:
    """By who submitted them."""
    changed = (ProjectImage.state == "accepted") & ProjectImage.changed_since_review
    query = (
        select(
            ProjectImage.submitted_by,
            func.sum(case((ProjectImage.state == "done", 1), else_=0)),
            func.sum(case((changed, 1), else_=0)),
        )
        .where(ProjectImage.project_id == project_id, ProjectImage.removed_at.is_(None))
        .group_by(ProjectImage.submitted_by)
    )
    return {account_id: Submitted(waiting, late) for account_id, waiting, late in session.execute(query)}


def _insert(
    session: Session, project_id: str, given: Mapping[str, Sequence[str]], by: str | None, moment: datetime
) -> None:
    rows = [
        {"project_id": project_id, "image_id": image_id, "account_id": account_id, "given_by": by, "given_at": moment}
        for account_id, ids in given.items()
        for image_id in ids
    ]  # fmt: skip
    if rows:
        session.execute(insert(Assignment), rows)


def _same_image() -> ColumnElement[bool]:
    return (Assignment.project_id == ProjectImage.project_id) & (Assignment.image_id == ProjectImage.image_id)
