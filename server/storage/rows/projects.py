"""Rows of projects. Every function takes the session of the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ..tables import DEFAULT_PROJECT, Annotation, Member, Project, ProjectImage
from .layers import Sight, common, with_gold


class Figures(NamedTuple):
    """What a project holds: images by state, and objects on them. Removed images count for neither."""

    images: dict[str, int]
    objects: int


def find(session: Session, project_id: str) -> Project | None:
    return session.get(Project, project_id)


def every(session: Session, account_id: str | None = None) -> list[Project]:
    """All projects but sandboxes, deleted ones included, or those where an account is a member: the default one, then
    the newest first."""
    query = select(Project).order_by(
        Project.id != DEFAULT_PROJECT, Project.created_at.desc(), Project.id.desc()
    )
    query = query.where(~Project.sandbox)
    if account_id is not None:
        query = query.join(Member, Member.project_id == Project.id).where(Member.account_id == account_id)
    return list(session.scalars(query))


def figures(session: Session, sights: Sequence[Sight]) -> dict[str, Figures]:
    """By project id, as somebody sees each; those without images are left out."""
    mixed = [each.project_id for each in sights if each.alone is not None and not each.several]
    gold = with_gold(session, mixed) if mixed else set()
    apart = [
        each
        for each in sights
        if each.visit is not None or (each.alone is not None and (each.several or each.project_id in gold))
    ]
    own = {each.project_id for each in apart}
    alike = [each.project_id for each in sights if each.project_id not in own]
    found = _figures(session, alike, common("")) if alike else {}
    for sight in apart:
        found |= _figures(session, [sight.project_id], sight)
    return found


def _figures(session: Session, project_ids: Sequence[str], sight: Sight) -> dict[str, Figures]:
    state = sight.state().label("seen")
    here = (ProjectImage.removed_at.is_(None), ProjectImage.project_id.in_(project_ids), sight.places())
    states = (
        select(ProjectImage.project_id, state, func.count())
        .where(*here)
        .group_by(ProjectImage.project_id, state)
    )
    if sight.alone is None:
        objects = select(ProjectImage.project_id, func.sum(ProjectImage.objects)).where(*here)
    else:
        objects = (
            select(ProjectImage.project_id, func.count())
            .join(
                Annotation,
                (Annotation.project_id == ProjectImage.project_id)
                & (Annotation.image_id == ProjectImage.image_id),
            )
            .where(*here, sight.annotations())
        )
    objects = objects.group_by(ProjectImage.project_id)
    counted = {row[0]: row[1] for row in session.execute(objects)}
    found: dict[str, Figures] = {}
    for project_id, each, number in session.execute(states):
        made = found.setdefault(project_id, Figures({}, counted.get(project_id, 0)))
        made.images[each] = number
    return found


def covers(session: Session, sight: Sight, limit: int) -> list[str]:
    """Ids of the project's first images that are there for somebody, to show what it is about."""
    query = (
        select(ProjectImage.image_id)
        .where(ProjectImage.project_id == sight.project_id, ProjectImage.removed_at.is_(None), sight.places())
        .order_by(ProjectImage.position)
        .limit(limit)
    )
    return list(session.scalars(query))


def deleted_before(session: Session, moment: datetime) -> list[str]:
    return list(session.scalars(select(Project.id).where(Project.deleted_at < moment)))


def remove(session: Session, project_id: str) -> None:
    """For good, with its annotations, labels and places of images; the images themselves stay."""
    session.execute(delete(Project).where(Project.id == project_id))


def that_propose(session: Session) -> list[str]:
    """Ids of the projects in use whose images are to have masks proposed ahead."""
    wanted = Project.settings["propose_ahead"].as_boolean()
    return list(
        session.scalars(
            select(Project.id).where(wanted, Project.deleted_at.is_(None), Project.archived_at.is_(None))
        )
    )
