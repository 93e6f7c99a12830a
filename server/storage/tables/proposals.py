"""Masks that segmenters propose, which nobody has accepted yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class ProposalSet(Base):
    """What one run proposes for an image in a project. `settings`: of the automatic mask generator.

    `layer`: whose it is, where annotators do not see each other's work, as with annotations. `ahead`: made before
    anybody opened the image; every annotator of an independent image then begins with the same. `complete`: whether the
    run came to its end. `created_by`: the account that asked for it; None: a job, or a server without any."""

    __tablename__ = "proposal_sets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32))
    image_id: Mapped[str] = mapped_column(String(32))
    layer: Mapped[str | None] = mapped_column(String(32))
    ahead: Mapped[bool]
    segmenter: Mapped[str] = mapped_column(String(64))
    weights: Mapped[str] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    complete: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    created_by: Mapped[str | None] = mapped_column(String(32))


class NearestProposal(Base):
    """The IoU of an annotation with the proposal of its image that is most like it; None: nothing was proposed.
    `version`: the annotation's that was compared."""

    __tablename__ = "nearest_proposals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["annotation_id", "project_id"], ["annotations.id", "annotations.project_id"], ondelete="CASCADE"
        ),
        Index(None, "set_id"),
    )

    annotation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int]
    set_id: Mapped[str] = mapped_column(ForeignKey("proposal_sets.id", ondelete="CASCADE"))
    iou: Mapped[float | None] = mapped_column(Double)


class Proposal(Base):
    """A mask that may become an object, which then has its id: it is taken as long as there is one. `point`: [x, y] in
    image pixels, what the decoder was given; `crop_box`: [x, y, width, height], where it looked."""

    __tablename__ = "proposals"
    __table_args__ = (Index(None, "set_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    set_id: Mapped[str] = mapped_column(ForeignKey("proposal_sets.id", ondelete="CASCADE"))
    rle_counts: Mapped[str] = mapped_column(Text)
    bbox: Mapped[list[int]] = mapped_column(JSON)
    area: Mapped[int]
    predicted_iou: Mapped[float] = mapped_column(Double)
    stability_score: Mapped[float] = mapped_column(Double)
    point: Mapped[list[float]] = mapped_column(JSON)
    crop_box: Mapped[list[int]] = mapped_column(JSON)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcTime)
    dropped_by: Mapped[str | None] = mapped_column(String(32))
