"""Masks that jobs make on the images of a project: what was asked for, and what became of each image."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class MaskRun(Base):
    """`kind`: "boxes" or "automatic". `settings`: what else was asked for, as JSON. `ended_at`: when the last of its
    images was done; None: it is under way or paused. `undoing`: whether it is being undone. Kept for as long as it can
    be undone. Its job's dedupe key is the project's id."""

    __tablename__ = "mask_runs"
    __table_args__ = (Index(None, "project_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    segmenter: Mapped[str] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    account: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    undoing: Mapped[bool] = mapped_column(default=False)


class MaskRunImage(Base):
    """That an image of a run is done. `made`: {"id", "version"} of each annotation that it made or changed, with "was",
    the version before, where it changed one, and "doubts" about its mask. `problem`:
    why nothing was made."""

    __tablename__ = "mask_run_images"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id"),
    )

    run_id: Mapped[str] = mapped_column(ForeignKey("mask_runs.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32))
    made: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    objects: Mapped[int]
    problem: Mapped[str | None] = mapped_column(Text)
