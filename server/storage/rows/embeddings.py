"""Rows of embeddings. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from ..tables import Embedding, Image

_IS_THERE = select(Embedding.bytes).where(
    Embedding.image_id == bindparam("image_id"),
    Embedding.segmenter == bindparam("segmenter"),
    Embedding.weights == bindparam("weights"),
    Embedding.window == bindparam("window"),
)


def find(session: Session, image_id: str, segmenter: str, weights: str, window: str = "") -> Embedding | None:
    """Of a window, or of the whole image. Usually there is none, when an image has just come in: that is told fast."""
    values = {"image_id": image_id, "segmenter": segmenter, "weights": weights, "window": window}
    if session.connection().execute(_IS_THERE, values).first() is None:
        return None
    return session.get(Embedding, (image_id, segmenter, weights, window))


def of_images(session: Session, image_ids: list[str], segmenter: str, weights: str) -> dict[str, Embedding]:
    """The embeddings one segmenter has made of these whole images, by image id."""
    query = select(Embedding).where(
        Embedding.image_id.in_(image_ids),
        Embedding.segmenter == segmenter,
        Embedding.weights == weights,
        Embedding.window == "",
    )
    return {embedding.image_id: embedding for embedding in session.scalars(query)}


def save(session: Session, embedding: Embedding) -> None:
    """Insert or replace. Raises IntegrityError at the transaction's end when the image is gone."""
    session.merge(embedding)


def remove(session: Session, image_id: str, segmenter: str, weights: str, window: str) -> None:
    """Forget an embedding, for example one whose blob is missing."""
    session.execute(
        delete(Embedding).where(
            Embedding.image_id == image_id,
            Embedding.segmenter == segmenter,
            Embedding.weights == weights,
            Embedding.window == window,
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
    """Forget all windows of an image but those used last, whatever weights made them; the keys of their blobs."""
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


def recent_seconds(session: Session, segmenter: str, weights: str, limit: int) -> list[float]:
    """How long the latest encodings took, newest first."""
    query = (
        select(Embedding.seconds)
        .where(Embedding.segmenter == segmenter, Embedding.weights == weights)
        .order_by(Embedding.created_at.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def remove_outdated(session: Session, image_id: str, segmenter: str, weights: str) -> list[str]:
    """Forget the image's embeddings by other weights of the segmenter; the keys of their blobs."""
    query = (
        delete(Embedding)
        .where(Embedding.image_id == image_id, Embedding.segmenter == segmenter, Embedding.weights != weights)
        .returning(Embedding.blob_key)
    )
    return list(session.scalars(query))


Outdated = tuple[str, str]  # image id, segmenter


def outdated(
    session: Session, current: Mapping[str, str], limit: int, skip: Collection[Outdated] = ()
) -> list[Outdated]:
    """Images with an embedding made by other than the `current` weights of its segmenter, newest image first.

    `current`: weights by segmenter; embeddings of other segmenters do not count. `skip`: leave these out.
    """
    query = (
        select(Embedding.image_id, Embedding.segmenter, Image.created_at)
        .join(Image, Image.id == Embedding.image_id)
        .where(_is_outdated(current, skip))
        .distinct()
        .order_by(Image.created_at.desc(), Embedding.image_id)
        .limit(limit)
    )
    return [(image_id, segmenter) for image_id, segmenter, _ in session.execute(query)]


def count_outdated(session: Session, current: Mapping[str, str], skip: Collection[Outdated] = ()) -> int:
    """How many `outdated` would find."""
    found = select(Embedding.image_id, Embedding.segmenter).where(_is_outdated(current, skip)).distinct()
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _is_outdated(current: Mapping[str, str], skip: Collection[Outdated]) -> ColumnElement[bool]:
    older = [
        and_(Embedding.segmenter == segmenter, Embedding.weights != weights)
        for segmenter, weights in current.items()
    ]
    left_out = tuple_(Embedding.image_id, Embedding.segmenter).in_(skip)
    return and_(or_(False, *older), ~left_out)


def blob_keys(session: Session, image_ids: Collection[str]) -> set[str]:
    """The keys of the blobs of these images' embeddings."""
    return set(session.scalars(select(Embedding.blob_key).where(Embedding.image_id.in_(image_ids))))


def total_bytes(session: Session) -> int:
    return session.scalar(select(func.sum(Embedding.bytes))) or 0


def remove_all(session: Session) -> list[str]:
    """Forget them all; the keys of their blobs."""
    return list(session.scalars(delete(Embedding).returning(Embedding.blob_key)))
