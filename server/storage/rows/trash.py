"""Rows of what was removed from a project and is not purged yet. Every function takes the session of the caller's
transaction."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from ..tables import Image, ProjectImage, now


def find(session: Session, project_id: str, image_id: str) -> ProjectImage | None:
    place = session.get(ProjectImage, (project_id, image_id))
    return None if place is None or place.removed_at is None else place


def page(
    session: Session, project_id: str, limit: int, after: ProjectImage | None = None
) -> list[tuple[ProjectImage, Image]]:
    """What was removed last comes first; `after`: continue behind this one."""
    query = select(ProjectImage, Image).join(Image, Image.id == ProjectImage.image_id)
    query = query.where(*_removed(project_id, None))
    if after is not None:
        query = query.where(
            or_(
                ProjectImage.removed_at < after.removed_at,
                and_(
                    ProjectImage.removed_at == after.removed_at,
                    ProjectImage.image_id > after.image_id,
                ),
            )
        )
    query = query.order_by(ProjectImage.removed_at.desc(), ProjectImage.image_id).limit(limit)
    return [(row[0], row[1]) for row in session.execute(query)]


def total(session: Session, project_id: str) -> int:
    query = select(func.count()).select_from(ProjectImage).where(*_removed(project_id, None))
    return session.execute(query).scalar_one()


def restore(session: Session, project_id: str, image_ids: Sequence[str] | None) -> list[str]:
    """These, or all of the project's; those that were there."""
    query = update(ProjectImage).where(*_removed(project_id, image_ids))
    query = query.values(removed_at=None, updated_at=now())
    return list(session.scalars(query.returning(ProjectImage.image_id)))


def forget(session: Session, project_id: str, image_ids: Sequence[str] | None) -> list[str]:
    """These, or all of the project's, for good, with their annotations; those that were there."""
    query = delete(ProjectImage).where(*_removed(project_id, image_ids)).returning(ProjectImage.image_id)
    return list(session.scalars(query))


def _removed(project_id: str, image_ids: Sequence[str] | None) -> list[ColumnElement[bool]]:
    conditions = [ProjectImage.project_id == project_id, ProjectImage.removed_at.is_not(None)]
    return conditions if image_ids is None else [*conditions, ProjectImage.image_id.in_(image_ids)]
