"""What people did in projects, day by day."""

from datetime import datetime

from sqlalchemy import Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime


class Activity(Base):
    """What somebody did in a project on a day of UTC ("2026-01-31"). It outlives what the log holds of it.

    `actor`: as events have it. Objects: `made`, `changed` and `deleted` by them. Images: `submitted` by them, and of
    those `accepted` and `returned` on that day by whoever reviewed them; `reviewed` by them. `active_seconds`: between
    what they did, pauses left out; `last_at`: when they last did something."""

    __tablename__ = "activity"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    made: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    deleted: Mapped[int] = mapped_column(default=0)
    submitted: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    reviewed: Mapped[int] = mapped_column(default=0)
    active_seconds: Mapped[float] = mapped_column(Double, default=0)
    last_at: Mapped[datetime | None] = mapped_column(UtcTime)
