"""Trainings of segmenters on the objects of a project."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class Training(Base):
    """`what`: see `inference/training_plan.py`. `segmenter`: id of the new one; `base`: of the one
    it starts from. `label_id`, `label`: the only label whose objects count, and what it was called then; None: all
    count. `minutes`: it takes no longer; None: as long as it takes. `finishing`: it is to end with the best it has.
    `images`, `objects`: what it learns from and is measured on, once that is gathered. `curve`: {"step", "loss",
    "validation"} of each point. `result`: see `features/training/schema.py`; `error`: why it failed, as errors are
    answered. `ended_at`: None: it is under way, paused, or failed. Its job's dedupe key is its id.
    """

    __tablename__ = "trainings"
    __table_args__ = (Index(None, "project_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(16))
    segmenter: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    base: Mapped[str] = mapped_column(String(64))
    base_weights: Mapped[str] = mapped_column(String(64))
    label_id: Mapped[str | None] = mapped_column(String(36))
    label: Mapped[str | None] = mapped_column(String(200))
    minutes: Mapped[int | None]
    finishing: Mapped[bool] = mapped_column(default=False)
    images: Mapped[int] = mapped_column(default=0)
    objects: Mapped[int] = mapped_column(default=0)
    account: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    curve: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
