"""Rows of embeddings. Every function takes the session of the caller's transaction."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.storage.tables import Embedding


def find(session: Session, image_id: str, segmenter: str, weights: str) -> Embedding | None:
    return session.get(Embedding, (image_id, segmenter, weights))


def of_images(session: Session, image_ids: list[str], segmenter: str, weights: str) -> dict[str, Embedding]:
    """The embeddings one segmenter has made of these images, by image id."""
    query = select(Embedding).where(
        Embedding.image_id.in_(image_ids), Embedding.segmenter == segmenter, Embedding.weights == weights
    )
    return {embedding.image_id: embedding for embedding in session.scalars(query)}


def save(session: Session, embedding: Embedding) -> None:
    """Insert or replace. Raises IntegrityError at the transaction's end when the image is gone."""
    session.merge(embedding)


def remove(session: Session, image_id: str, segmenter: str, weights: str) -> None:
    """Forget an embedding, for example one whose blob is missing."""
    session.execute(
        delete(Embedding).where(
            Embedding.image_id == image_id, Embedding.segmenter == segmenter, Embedding.weights == weights
        )
    )


def keys_of_image(session: Session, image_id: str) -> list[str]:
    return list(session.scalars(select(Embedding.blob_key).where(Embedding.image_id == image_id)))


def recent_seconds(session: Session, segmenter: str, limit: int = 9) -> list[float]:
    """How long the latest encodings took, newest first."""
    query = (
        select(Embedding.seconds)
        .where(Embedding.segmenter == segmenter)
        .order_by(Embedding.created_at.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def blob_keys(session: Session) -> set[str]:
    """The keys of every blob that an embedding needs."""
    return set(session.scalars(select(Embedding.blob_key)))
