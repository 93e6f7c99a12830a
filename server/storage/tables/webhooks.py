"""Addresses that are told what happens in projects, and what was sent there."""

from datetime import datetime

from sqlalchemy import JSON, Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class Webhook(Base):
    """`kinds`: of events it is told; None: of all. `secret`: what deliveries are signed with, as it is. `actor`: who
    added it, or took it over, and must be allowed to. `seq`: the last event that is dealt with.

    `failures`, since `failing_since`, in a row; the next attempt is at `next_at`. `paused_at`, `paused_because`: by
    itself or by somebody."""

    __tablename__ = "webhooks"
    __table_args__ = (Index(None, "project_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    secret: Mapped[str] = mapped_column(String(100))
    actor: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    seq: Mapped[int]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcTime)
    paused_because: Mapped[str | None] = mapped_column(String(200))


class WebhookDelivery(Base):
    """Something that was sent, or is to be. `kind`: events; again: events that were sent before; ping. Its events are
    those from `first_seq` to `last_seq` of the kinds that the hook is told. `state`: waiting, delivered or failed.

    `status`, `reason`, `seconds`, `ended_at`: of the last attempt."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index(None, "webhook_id", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    project_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(8))
    first_seq: Mapped[int | None]
    last_seq: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    seconds: Mapped[float | None] = mapped_column(Double)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
