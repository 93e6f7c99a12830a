"""Imports, and what became of their files."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class ImportJob(Base):
    """Files on their way into a project. `source`: what a person called it; `spool`: the file it waits in, of an
    upload. `total`: how many files there are, once known. `format`: as it was asked for; `read_as`: the format that was
    found, and `evidence` a sentence that says why. `existing`: what becomes of objects that were imported before;
    `skip_missing`: whether annotations of missing images are left out. `ask_labels`: whether it waits to be told what
    labels are that the project lacks; `file_labels`: [{"name", "objects"}] meanwhile; `label_map`: the answer, a label
    of the project or null, to leave its objects out, by name. How it stands is its row of `jobs`, whose dedupe key is
    its id.
    """

    __tablename__ = "import_jobs"
    __table_args__ = (Index(None, "project_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(Text)
    spool: Mapped[str | None] = mapped_column(String(64))
    format: Mapped[str | None] = mapped_column(String(32))
    keep_going: Mapped[bool]
    existing: Mapped[str] = mapped_column(String(8), default="add", server_default="add")
    skip_missing: Mapped[bool] = mapped_column(default=False, server_default=false())
    ask_labels: Mapped[bool] = mapped_column(default=False, server_default=false())
    label_map: Mapped[dict[str, str | None] | None] = mapped_column(JSON(none_as_null=True))
    file_labels: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    read_as: Mapped[str | None] = mapped_column(String(32))
    evidence: Mapped[str | None] = mapped_column(Text)
    total: Mapped[int | None]
    objects: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class ImportFile(Base):
    """What became of one file of a job: "added", "known" (the same picture is there already), "failed", "noted" (taken,
    though not as it should be), "skipped" (nothing to import) or "checked" (an image that is stored, and belongs to the
    project once all of its dataset can be imported)."""

    __tablename__ = "import_files"
    __table_args__ = (Index(None, "job_id", "status", "position"), Index(None, "job_id", "name"))

    job_id: Mapped[str] = mapped_column(ForeignKey("import_jobs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    message: Mapped[str | None] = mapped_column(Text)
    image_id: Mapped[str | None] = mapped_column(String(32))
