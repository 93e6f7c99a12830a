"""Rows of images, whatever projects they are in. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import Session

from ..tables import Image, ImportFile, Project, ProjectImage, identity_of
from . import embeddings
from .imports import CHECKED


def find(session: Session, image_id: str) -> Image | None:
    return session.get(Image, image_id)


def find_in(session: Session, project_id: str, image_id: str) -> Image | None:
    """In a project, removed from it or not."""
    return find(session, image_id) if session.get(ProjectImage, (project_id, image_id)) is not None else None


def find_identical(session: Session, identity: str) -> Image | None:
    return session.scalar(select(Image).where(Image.identity == identity))


def find_same(session: Session, sha256: str, project_id: str, scope: str) -> Image | None:
    """The image of these bytes that the project has, removed or not; else that of the scope."""
    has = exists().where(ProjectImage.project_id == project_id, ProjectImage.image_id == Image.id)
    identities = [identity_of(sha256, each) for each in ("", project_id)]
    query = select(Image).where(
        Image.identity.in_(identities), has | (Image.identity == identity_of(sha256, scope))
    )
    return session.scalars(query.order_by(has.desc(), Image.created_at)).first()


def of_bytes(session: Session, sha256: str) -> list[Image]:
    """All there are, whatever projects may have them."""
    longer = Image.identity.startswith(f"{sha256}/", autoescape=True)
    return list(session.scalars(select(Image).where((Image.identity == sha256) | longer)))


def page(
    session: Session, project_id: str, limit: int, before: Image | None = None
) -> list[tuple[ProjectImage, Image]]:
    """The newest images first; `before` continues after the last image of the previous page."""
    query = (
        select(ProjectImage, Image)
        .join(ProjectImage, ProjectImage.image_id == Image.id)
        .where(ProjectImage.project_id == project_id, ProjectImage.removed_at.is_(None))
        .order_by(Image.created_at.desc(), Image.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Image.created_at, Image.id) < tuple_(before.created_at, before.id))
    return [(row[0], row[1]) for row in session.execute(query)]


def every(session: Session) -> Iterator[Image]:
    """All there are, a few at a time in memory."""
    yield from session.scalars(select(Image).execution_options(yield_per=1000))


def shown(session: Session, image_ids: Sequence[str]) -> set[str]:
    """Which of these are in a project, not removed from it."""
    query = select(ProjectImage.image_id).where(
        ProjectImage.image_id.in_(image_ids), ProjectImage.removed_at.is_(None)
    )
    return set(session.scalars(query))


def unused(session: Session, limit: int, among: Sequence[str] | None = None) -> list[Image]:
    """Images of no project, and of no import that has yet to put them into one; `among`: only those of these ids."""
    coming = select(ImportFile.image_id).where(ImportFile.status == CHECKED, ImportFile.image_id.is_not(None))
    query = select(Image).where(~exists().where(ProjectImage.image_id == Image.id), Image.id.not_in(coming))
    query = query.limit(limit)
    return list(session.scalars(query if among is None else query.where(Image.id.in_(among))))


def remove(session: Session, image: Image) -> set[str]:
    """For good; the keys of the blobs that go with it."""
    keys = {image.original_key, image.display_key, image.thumbnail_key}
    keys.update(embeddings.keys_of_image(session, image.id))
    session.delete(image)
    return keys


def blob_keys(session: Session, image_ids: Collection[str]) -> set[str]:
    """The keys of the blobs that these images need."""
    query = select(Image.original_key, Image.display_key, Image.thumbnail_key).where(Image.id.in_(image_ids))
    return {key for row in session.execute(query) for key in row}


def total_bytes(session: Session) -> int:
    """Of all originals."""
    return session.scalar(select(func.sum(Image.bytes))) or 0


def deleted_bytes(session: Session) -> int:
    """Of the originals of images that were removed from every project that had them, or whose projects were deleted."""
    shown = (
        select(ProjectImage.image_id)
        .join(Project, Project.id == ProjectImage.project_id)
        .where(ProjectImage.removed_at.is_(None), Project.deleted_at.is_(None))
    )
    return session.scalar(select(func.sum(Image.bytes)).where(Image.id.not_in(shown))) or 0
