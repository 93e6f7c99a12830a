"""Rows of annotations. Every function takes the session of the caller's transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.storage.tables import Annotation


def find(session: Session, annotation_id: str) -> Annotation | None:
    return session.get(Annotation, annotation_id)


def of_image(session: Session, image_id: str) -> list[Annotation]:
    """An image's annotations, oldest first."""
    query = (
        select(Annotation)
        .where(Annotation.image_id == image_id)
        .order_by(Annotation.created_at, Annotation.id)
    )
    return list(session.scalars(query))


def labels(session: Session, image_id: str | None = None) -> list[str]:
    """The different labels in use, in alphabetical order; of one image or of all."""
    query = select(Annotation.label).distinct().order_by(Annotation.label)
    if image_id is not None:
        query = query.where(Annotation.image_id == image_id)
    return list(session.scalars(query))
