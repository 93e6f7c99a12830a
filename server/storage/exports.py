"""What an export depends on, in one value that changes with it, and how long it will be. Takes the session of the
caller's transaction."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.storage.tables import Annotation, LabelClass, Project, ProjectImage


def state(session: Session, project_id: str, image_id: str | None = None) -> list[str]:
    """Of a project, or of one image in it."""
    annotations = select(func.count(), func.max(Annotation.updated_at), func.sum(Annotation.version)).where(
        Annotation.project_id == project_id
    )
    images = select(func.count(), func.max(ProjectImage.updated_at), func.sum(ProjectImage.position)).where(
        ProjectImage.project_id == project_id, ProjectImage.removed_at.is_(None)
    )
    if image_id is not None:
        annotations = annotations.where(Annotation.image_id == image_id)
        images = images.where(ProjectImage.image_id == image_id)
    labels = (
        select(Project.labels_version, func.count(LabelClass.id))
        .join(LabelClass, LabelClass.project_id == Project.id, isouter=True)
        .where(Project.id == project_id)
        .group_by(Project.labels_version)
    )
    found: list[Any] = [session.execute(query).first() for query in (annotations, images, labels)]
    return [str(tuple(row) if row is not None else None) for row in found]


def image_count(session: Session, project_id: str) -> int:
    query = select(func.count()).where(
        ProjectImage.project_id == project_id, ProjectImage.removed_at.is_(None)
    )
    return session.execute(query).scalar_one()
