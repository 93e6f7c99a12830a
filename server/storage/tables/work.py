"""Who works on which images of a project."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class Assignment(Base):
    """That an image is somebody's to work on; an image may be several people's. It ends with their role in the project.

    `leased_until`: taken from the common queue, until then; None: given by hand, for good. A lease that has passed
    counts for nothing while work is left; one that ends when it was given never was one. `given_by`: the account
    that gave it; None: no account's, or taken by themselves. `state`, `done_at`: how far they are, and when they last
    said that it is done, where annotators do not see each other's work; elsewhere the image has one state."""

    __tablename__ = "assignments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["project_id", "account_id"], ["members.project_id", "members.account_id"], ondelete="CASCADE"
        ),
        Index(None, "project_id", "account_id", "image_id"),
    )

    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    leased_until: Mapped[datetime | None] = mapped_column(UtcTime)
    given_by: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="new", server_default="new")
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    given_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
