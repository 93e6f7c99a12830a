"""Annotations, and that some were deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, UtcTime, now
from .projects import LabelClass


class Annotation(Base):
    """An accepted mask of an image in a project, and how it was made. Greater `z` lies above. `source_id`: the id it
    had in the file it was imported from. Clients make the ids: those of two projects may meet.

    `layer`: the account that made it on an image where annotators do not see each other's; None: it is one of the
    image's common objects. `created_by`, `updated_by`: the accounts that made it and changed it last; None:
    older, or of a server without any.

    `version` grows with every change; it starts at 1, or goes on after a deletion."""

    __tablename__ = "annotations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id", "created_at"),
        Index(None, "label_id", "image_id"),
        Index(None, "project_id", "created_by", "image_id"),
        Index(None, "project_id", "updated_by", "image_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32))
    label_id: Mapped[str] = mapped_column(
        ForeignKey("label_classes.id", deferrable=True, initially="DEFERRED")
    )
    rle_counts: Mapped[str] = mapped_column(Text)
    area: Mapped[int]
    bbox: Mapped[list[int]] = mapped_column(JSON)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    z: Mapped[int]
    prompts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    segmenter: Mapped[str | None] = mapped_column(String(64))
    weights: Mapped[str | None] = mapped_column(String(64))
    candidate: Mapped[int | None]
    predicted_iou: Mapped[float | None] = mapped_column(Double)
    stability_score: Mapped[float | None] = mapped_column(Double)
    source_id: Mapped[str | None] = mapped_column(String(64))
    layer: Mapped[str | None] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    created_by: Mapped[str | None] = mapped_column(String(32))
    updated_by: Mapped[str | None] = mapped_column(String(32))
    label_class: Mapped[LabelClass] = relationship(lazy="joined", innerjoin=True)

    @property
    def label(self) -> str:
        return self.label_class.name

    @property
    def color(self) -> str:
        return self.label_class.color


class AnnotationTombstone(Base):
    """That an annotation was deleted, so that its versions go on if its id is used again. `version`: one more than its
    last. `layer`, `created_by`: whose it is, and who made it, still if it is restored."""

    __tablename__ = "annotation_tombstones"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
    layer: Mapped[str | None] = mapped_column(String(32))
    deleted_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    created_by: Mapped[str | None] = mapped_column(String(32))
