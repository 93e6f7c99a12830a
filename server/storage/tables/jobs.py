"""What is to be done, and how it stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now

_UNENDED = "state IN ('queued', 'running', 'failed')"  # what several processes look at all the time


class JobRow(Base):
    """Something to do, and how it stands: see `runtime.queue.base`. Of a kind there is one row for a dedupe key.
    `error`: as the API tells errors. `owner`: the run that does it. `leased_until`: for how long it is that one's,
    in seconds since 1970 by the database's clock; None: until it ends, where no other process could do it."""

    __tablename__ = "jobs"
    __table_args__ = (  # each index more is paid for by every upload
        UniqueConstraint("kind", "dedupe_key"),
        Index("ix_jobs_unended", "state", postgresql_where=text(_UNENDED)).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    dedupe_key: Mapped[str] = mapped_column(String(200))
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    urgency: Mapped[int]
    actor: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    owner: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[float | None] = mapped_column(Double)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
