"""The tables, typed. A change here needs a migration in `migrations/versions`; a test compares the two."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Double, ForeignKey, Index, MetaData, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, stored without its offset: SQLite keeps none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Image(Base):
    """One uploaded picture. width, height: of the image frame, after the EXIF rotation.

    `original_key` is the file as uploaded; `display_key` the picture that browsers show and the encoder sees
    (the same blob where the upload can be shown as it is)."""

    __tablename__ = "images"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(16))
    bytes: Mapped[int]
    original_key: Mapped[str] = mapped_column(String(200))
    display_key: Mapped[str] = mapped_column(String(200))
    display_type: Mapped[str] = mapped_column(String(32))
    thumbnail_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class Embedding(Base):
    """What a segmenter's encoder made of an image; `weights` is the sha256 of the segmenter's files."""

    __tablename__ = "embeddings"

    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    segmenter: Mapped[str] = mapped_column(String(64), primary_key=True)
    weights: Mapped[str] = mapped_column(String(64), primary_key=True)
    blob_key: Mapped[str] = mapped_column(String(200))
    bytes: Mapped[int]
    seconds: Mapped[float] = mapped_column(Double)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class Annotation(Base):
    """An accepted mask and how it was made. `version` starts at 1 and grows with every change."""

    __tablename__ = "annotations"
    __table_args__ = (Index(None, "image_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(200))
    color: Mapped[str] = mapped_column(String(7))
    rle_counts: Mapped[str] = mapped_column(Text)
    area: Mapped[int]
    bbox: Mapped[list[int]] = mapped_column(JSON)
    prompts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    segmenter: Mapped[str | None] = mapped_column(String(64))
    weights: Mapped[str | None] = mapped_column(String(64))
    candidate: Mapped[int | None]
    predicted_iou: Mapped[float | None] = mapped_column(Double)
    stability_score: Mapped[float | None] = mapped_column(Double)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
