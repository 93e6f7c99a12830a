"""Rows of images. Every function takes the session of the caller's transaction."""

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from server.storage.tables import Annotation, Image


def find(session: Session, image_id: str) -> Image | None:
    return session.get(Image, image_id)


def find_by_sha256(session: Session, sha256: str) -> Image | None:
    return session.scalar(select(Image).where(Image.sha256 == sha256))


def page(session: Session, limit: int, before: Image | None = None) -> list[Image]:
    """The newest images first; `before` continues after the last image of the previous page."""
    query = select(Image).order_by(Image.created_at.desc(), Image.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(Image.created_at, Image.id) < tuple_(before.created_at, before.id))
    return list(session.scalars(query))


def every(session: Session) -> list[Image]:
    """All images, oldest first."""
    return list(session.scalars(select(Image).order_by(Image.created_at, Image.id)))


def total(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Image)) or 0


def annotation_counts(session: Session, image_ids: list[str]) -> dict[str, int]:
    """How many annotations each of these images has; images without any are left out."""
    query = (
        select(Annotation.image_id, func.count())
        .where(Annotation.image_id.in_(image_ids))
        .group_by(Annotation.image_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def blob_keys(session: Session) -> set[str]:
    """The keys of every blob that an image needs."""
    rows = session.execute(select(Image.original_key, Image.display_key, Image.thumbnail_key))
    return {key for row in rows for key in row}
