"""Rows of embeddings, found by what they carry. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from ..tables import Embedding, Image

_FILED_UNDER = select(Embedding.segmenter).where(
    Embedding.image_id == bindparam("image_id"),
    Embedding.weights == bindparam("weights"),
    Embedding.window == bindparam("window"),
)


def find(session: Session, image_id: str, encoding: str, window: str = "") -> Embedding | None:
    """Of a window, or of the whole image. Usually there is none, when an image has just come in: that is told fast."""
    values = {"image_id": image_id, "weights": encoding, "window": window}
    found = session.connection().execute(_FILED_UNDER, values).first()
    return None if found is None else session.get(Embedding, (image_id, found[0], encoding, window))


def of_images(session: Session, image_ids: list[str], encoding: str) -> dict[str, Embedding]:
    """The embeddings of these whole images, by image id."""
    query = select(Embedding).where(
        Embedding.image_id.in_(image_ids), Embedding.weights == encoding, Embedding.window == ""
    )
    return {embedding.image_id: embedding for embedding in session.scalars(query)}


def save(session: Session, embedding: Embedding) -> None:
    """Insert or replace. Raises IntegrityError at the transaction's end when the image is gone."""
    session.merge(embedding)


def remove(session: Session, embedding: Embedding) -> None:
    """Forget it, for example because its blob is missing; not one that has come in its place."""
    session.execute(
        delete(Embedding).where(
            Embedding.image_id == embedding.image_id,
            Embedding.segmenter == embedding.segmenter,
            Embedding.weights == embedding.weights,
            Embedding.window == embedding.window,
            Embedding.blob_key == embedding.blob_key,
        )
    )


def note_use(session: Session, embedding: Embedding, at: datetime) -> None:
    """That it is read now."""
    query = update(Embedding).where(
        Embedding.image_id == embedding.image_id,
        Embedding.segmenter == embedding.segmenter,
        Embedding.weights == embedding.weights,
        Embedding.window == embedding.window,
    )
    session.execute(query.values(used_at=at))


def remove_windows(session: Session, image_id: str, segmenter: str, keep: int) -> list[str]:
    """Forget all windows of an image that are filed under the segmenter but those used last, whatever they carry; the
    keys of their blobs."""
    windows = (
        select(Embedding)
        .where(Embedding.image_id == image_id, Embedding.segmenter == segmenter, Embedding.window != "")
        .order_by(Embedding.used_at.desc(), Embedding.created_at.desc())
        .offset(keep)
    )
    removed = list(session.scalars(windows))
    for each in removed:
        session.delete(each)
    return [each.blob_key for each in removed]


def keys_of_image(session: Session, image_id: str) -> list[str]:
    return list(session.scalars(select(Embedding.blob_key).where(Embedding.image_id == image_id)))


def remove_of_image(session: Session, image_id: str) -> list[str]:
    """Forget all that was made of an image; the keys of their blobs."""
    return list(
        session.scalars(delete(Embedding).where(Embedding.image_id == image_id).returning(Embedding.blob_key))
    )


def recent_seconds(session: Session, encoding: str, limit: int) -> list[float]:
    """How long the latest encodings took, newest first."""
    query = (
        select(Embedding.seconds)
        .where(Embedding.weights == encoding)
        .order_by(Embedding.created_at.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def remove_outdated(session: Session, image_id: str, segmenter: str, in_use: Collection[str]) -> list[str]:
    """Forget the image's embeddings that are filed under the segmenter, but those that carry one of `in_use`; the keys
    of their blobs."""
    query = (
        delete(Embedding)
        .where(Embedding.image_id == image_id, _is_outdated({segmenter}, in_use))
        .returning(Embedding.blob_key)
    )
    return list(session.scalars(query))


Outdated = tuple[str, str]  # image id, segmenter


def outdated(
    session: Session, current: Mapping[str, str], limit: int, skip: Collection[Outdated] = ()
) -> list[Outdated]:
    """Images with an embedding that is filed under one of the segmenters, and that none decodes: newest image first.

    `current`: `encoding` by segmenter; embeddings of other segmenters do not count. `skip`: leave these out.
    """
    query = (
        select(Embedding.image_id, Embedding.segmenter, Image.created_at)
        .join(Image, Image.id == Embedding.image_id)
        .where(_is_outdated(current, current.values()), ~_is_any(skip))
        .distinct()
        .order_by(Image.created_at.desc(), Embedding.image_id)
        .limit(limit)
    )
    return [(image_id, segmenter) for image_id, segmenter, _ in session.execute(query)]


def count_outdated(session: Session, current: Mapping[str, str], skip: Collection[Outdated] = ()) -> int:
    """How many `outdated` would find."""
    found = (
        select(Embedding.image_id, Embedding.segmenter)
        .where(_is_outdated(current, current.values()), ~_is_any(skip))
        .distinct()
    )
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _is_outdated(segmenters: Collection[str], in_use: Collection[str]) -> ColumnElement[bool]:
    return and_(Embedding.segmenter.in_(segmenters), Embedding.weights.not_in(in_use))


def _is_any(skip: Collection[Outdated]) -> ColumnElement[bool]:
    return tuple_(Embedding.image_id, Embedding.segmenter).in_(skip)


def blob_keys(session: Session, image_ids: Collection[str]) -> set[str]:
    """The keys of the blobs of these images' embeddings."""
    return set(session.scalars(select(Embedding.blob_key).where(Embedding.image_id.in_(image_ids))))


def total_bytes(session: Session) -> int:
    return session.scalar(select(func.sum(Embedding.bytes))) or 0


def remove_all(session: Session) -> list[str]:
    """Forget them all; the keys of their blobs."""
    return list(session.scalars(delete(Embedding).returning(Embedding.blob_key)))
