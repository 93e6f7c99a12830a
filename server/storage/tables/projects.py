"""Projects, their labels, the images in them, and what happened there."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now

OF_NO_OBJECT = "kind NOT IN ('annotation:changed', 'annotation:deleted')"  # of events: few among many
UNKNOWN_CERTAINTY = 1000.0  # above all scores: what no segmenter made is not in doubt


class Project(Base):
    """Images to annotate, and what to annotate on them. `guidelines`: Markdown as it was written.

    `labels_version` grows with every change of the label classes; `last_seq` is the number of the last event,
    `replay_from` that of the first which is kept whole. A project with `deleted_at` is purged later.
    `sandbox`: it is one visitor's, whom `Visitor.sandbox_id` tells, and gone with the visit."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    guidelines: Mapped[str] = mapped_column(Text, default="")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    labels_version: Mapped[int] = mapped_column(default=1)
    last_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    replay_from: Mapped[int] = mapped_column(default=1, server_default="1")
    sandbox: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ProjectRevision(Base):
    """Changes with everything an export of the project may hold; written by the triggers of `storage.revisions`."""

    __tablename__ = "project_revisions"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[str] = mapped_column(String(16))


class LabelClass(Base):
    """What an object of a project can be. Annotations refer to it by its id; its name is for people, and may change.

    `source_id` and `supercategory`: its category id and group in the COCO dataset it came with, which exports keep."""

    __tablename__ = "label_classes"
    __table_args__ = (UniqueConstraint("project_id", "name"), UniqueConstraint("project_id", "key"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    color: Mapped[str] = mapped_column(String(7))
    key: Mapped[str | None] = mapped_column(String(1))
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]
    attributes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    source_id: Mapped[int | None]
    supercategory: Mapped[str | None] = mapped_column(String(200))


class ProjectImage(Base):
    """An image in a project, where it has a name (folders in it, perhaps), a state and a place.

    `search_name` and `sort_name` are made of the name by `storage.rows.names`. `split`: "train", "val" or "test", as
    the dataset it came with says; None: it says nothing. One with `removed_at` is purged later.

    `submitted_by`: the account that last said it is done. `reviewed_by`, `reviewed_at`, `review_note`: of the last
    decision about that. `changed_since_review`: whether objects of an accepted one were changed. `gold`: its common
    objects are the truth that annotators, who do not know, are compared with.

    `objects`, `lowest_iou`, `certainty`: how many common objects it has, the lowest of their predicted IoUs, and how
    certain the least certain one is; kept by the triggers of `storage.summaries`."""

    __tablename__ = "project_images"
    __table_args__ = (
        Index(None, "project_id", "removed_at", "sort_name", "image_id"),
        Index(None, "project_id", "removed_at", "position", "image_id"),
        Index("ix_project_images_by_state", "project_id", "removed_at", "state", "sort_name", "image_id"),
        Index("ix_project_images_by_objects", "project_id", "removed_at", "objects", "sort_name", "image_id"),
        Index(
            "ix_project_images_by_certainty", "project_id", "removed_at", "certainty", "sort_name", "image_id"
        ),
        Index(None, "project_id", "gold"),
        Index(None, "image_id"),
    )

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    search_name: Mapped[str] = mapped_column(Text)
    sort_name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="new")
    split: Mapped[str | None] = mapped_column(String(8))
    submitted_by: Mapped[str | None] = mapped_column(String(32))
    reviewed_by: Mapped[str | None] = mapped_column(String(32))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    review_note: Mapped[str | None] = mapped_column(Text)
    changed_since_review: Mapped[bool] = mapped_column(default=False, server_default=false())
    gold: Mapped[bool] = mapped_column(default=False, server_default=false())
    position: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    objects: Mapped[int] = mapped_column(default=0, server_default="0")
    lowest_iou: Mapped[float | None] = mapped_column(Double)
    certainty: Mapped[float] = mapped_column(Double, default=UNKNOWN_CERTAINTY, server_default="1000")


class Event(Base):
    """Something that happened in a project; see `server.domain.events`. Those before the project's `replay_from` have
    only the id and the version of an annotation, which `AnnotationVersion` tells of. `audience`: see
    `storage.rows.layers`."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "project_id", "image_id", "seq"),
        Index(
            "ix_events_of_no_object",
            "project_id",
            "seq",
            sqlite_where=text(OF_NO_OBJECT),
            postgresql_where=text(OF_NO_OBJECT),
        ),
    )

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcTime)
    image_id: Mapped[str | None] = mapped_column(String(32))
    audience: Mapped[str | None] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
