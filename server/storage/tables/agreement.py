"""How alike people segmented the images of a project, as it was last worked out, and what was made of that."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class ImageAgreement(Base):
    """Figures of one image: see `features/agreement/stored.py`. `stamp`: of what they were made of."""

    __tablename__ = "image_agreements"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
    )

    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class AgreementRun(Base):
    """When a project's images were last compared, all of them, and the project's revision as of then."""

    __tablename__ = "agreement_runs"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Consensus(Base):
    """That the common objects of an image were made of several people's. One `run` may be about many images.

    `made`: ids of annotations. `replaced`: id and last version of those that were deleted for them. Kept for as long as
    it can be undone."""

    __tablename__ = "consensus"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "at"),
    )

    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    run: Mapped[str] = mapped_column(String(32), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    method: Mapped[str] = mapped_column(String(16))
    account: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    made: Mapped[list[str]] = mapped_column(JSON)
    replaced: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
