"""Images, and what encoders made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class Image(Base):
    """One uploaded picture. width, height: of the image frame, after the EXIF rotation.

    `identity`: what no two of them share, see `identity_of`.
    `original_key` is the file as uploaded; `display_key` the picture that browsers show and the encoder sees
    (the same blob where the upload can be shown as it is). `rendering`: how that is made of deep samples, where
    somebody chose it."""

    __tablename__ = "images"
    __table_args__ = (Index(None, "created_at", "id"), UniqueConstraint("identity", name="uq_images_sha256"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    identity: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(255))
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(16))
    bytes: Mapped[int]
    original_key: Mapped[str] = mapped_column(String(200))
    display_key: Mapped[str] = mapped_column(String(200))
    display_type: Mapped[str] = mapped_column(String(32))
    thumbnail_key: Mapped[str] = mapped_column(String(200))
    rendering: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)

    @property
    def sha256(self) -> str:
        """Of the upload."""
        return sha256_of(self.identity)


def identity_of(sha256: str, scope: str) -> str:
    """`scope`: the id of the one project that may have the image; "": any may. Of one scope, the same bytes are one
    image."""
    return f"{sha256}/{scope}" if scope else sha256


def sha256_of(identity: str) -> str:
    return identity.partition("/")[0]


class Embedding(Base):
    """What an encoder made of an image. `weights`: what it carries, the `encoding` of the segmenters that decode it, by
    which it is found; `segmenter`: the one of them it is filed under, whose encoder made it. `window`: the key of the
    part of the image that it is of; "": of the whole. `used_at`: about when it was last read, of windows."""

    __tablename__ = "embeddings"

    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    segmenter: Mapped[str] = mapped_column(String(64), primary_key=True)
    weights: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[str] = mapped_column(String(12), primary_key=True, default="")
    blob_key: Mapped[str] = mapped_column(String(200))
    bytes: Mapped[int]
    seconds: Mapped[float] = mapped_column(Double)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    used_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
