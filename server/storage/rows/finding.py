"""Rows that must be there, or are, for services that were given their ids."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...errors import ImageNotFound, ProjectNotFound
from ..tables import Image, Project, ProjectImage
from . import images as image_rows
from . import project_images
from . import projects as rows


def found_project(session: Session, project_id: str) -> Project:
    """Raises ProjectNotFound, for a deleted one too."""
    project = rows.find(session, project_id)
    if project is None or project.deleted_at is not None:
        raise ProjectNotFound()
    return project


def found_place(session: Session, project_id: str, image_id: str) -> tuple[ProjectImage, Image]:
    """The image in the project. Raises ProjectNotFound, or ImageNotFound, for a removed one too, which knows the
    projects that have it."""
    found_project(session, project_id)
    place = project_images.find(session, project_id, image_id)
    image = None if place is None else image_rows.find(session, image_id)
    if place is None or image is None:
        raise ImageNotFound.of(image_id, project_images.projects_with(session, image_id))
    return place, image


def those(session: Session, project_id: str, image_ids: Sequence[str]) -> list[ProjectImage]:
    """Of these images, as many as one statement takes, those that are there."""
    query = select(ProjectImage).where(
        ProjectImage.project_id == project_id,
        ProjectImage.image_id.in_(image_ids),
        ProjectImage.removed_at.is_(None),
    )
    return list(session.scalars(query))
