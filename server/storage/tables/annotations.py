"""Annotations, and that some were deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, UtcTime, now
from .projects import LabelClass


class Versioned:
    """What a version of an annotation has of its own. `window`: the key of the part of the image in which its mask was
    decoded; None: the whole. `candidates_iou`: of the mask with the best other candidate there was. `restored_from`:
    the earlier version that it is again. `layer`: the account that made it on an image where annotators do not see each
    other's work; None: it is one of the image's common objects."""

    area: Mapped[int]
    bbox: Mapped[list[int]] = mapped_column(JSON)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    z: Mapped[int]
    segmenter: Mapped[str | None] = mapped_column(String(64))
    weights: Mapped[str | None] = mapped_column(String(64))
    window: Mapped[str | None] = mapped_column(String(12))
    candidate: Mapped[int | None]
    predicted_iou: Mapped[float | None] = mapped_column(Double)
    stability_score: Mapped[float | None] = mapped_column(Double)
    candidates_iou: Mapped[float | None] = mapped_column(Double)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_by: Mapped[str | None] = mapped_column(String(32))
    restored_from: Mapped[int | None]
    layer: Mapped[str | None] = mapped_column(String(32))


class Annotation(Versioned, Base):
    """An accepted mask of an image in a project, and how it was made. Greater `z` lies above. `source_id`: the id it
    had in the file it was imported from. Clients make the ids: those of two projects may meet.

    `created_by`, `updated_by`: the accounts that made it and changed it last; None: older, or of a server without any.

    `version` grows with every change; it starts at 1, or goes on after a deletion. `job_version`: the version whose
    mask a job made; while that is the present one, no person has changed it."""

    __tablename__ = "annotations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id", "created_at"),
        Index("ix_annotations_labelled", "label_id", "image_id", "layer"),
        Index("ix_annotations_created", "project_id", "created_by", "image_id", "layer"),
        Index("ix_annotations_updated", "project_id", "updated_by", "image_id", "layer"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32))
    label_id: Mapped[str] = mapped_column(
        ForeignKey("label_classes.id", deferrable=True, initially="DEFERRED")
    )
    rle_counts: Mapped[str] = mapped_column(Text)
    prompts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    source_id: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    job_version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    created_by: Mapped[str | None] = mapped_column(String(32))
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


class AnnotationVersion(Versioned, Base):
    """An annotation as it was before another version followed, or before it was deleted.

    `rle_counts`, `prompts`: None: as in the next version. `label`: what its label was called then. `deleted_at`,
    `deleted_by`: that it was deleted then, and by which account; the deletion has the next version's number."""

    __tablename__ = "annotation_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id"),
    )

    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32))
    label_id: Mapped[str] = mapped_column(String(36))
    label: Mapped[str] = mapped_column(String(200))
    rle_counts: Mapped[str | None] = mapped_column(Text)
    prompts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    source_id: Mapped[str | None] = mapped_column(String(64))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    deleted_by: Mapped[str | None] = mapped_column(String(32))
