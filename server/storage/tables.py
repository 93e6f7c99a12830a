"""The tables, typed. A change here needs a migration in `migrations/versions`; a test compares the two."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, stored without its offset: SQLite keeps none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


DEFAULT_PROJECT = "default"  # always there; holds what was made before there were projects


class Project(Base):
    """Images to annotate, and what to annotate on them. `guidelines`: Markdown as it was written.

    `labels_version` grows with every change of the label classes. A project with `deleted_at` is purged later."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    guidelines: Mapped[str] = mapped_column(Text, default="")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    labels_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ProjectRevision(Base):
    """Changes with everything an export of the project may hold; written by the triggers of `storage.revisions`."""

    __tablename__ = "project_revisions"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[str] = mapped_column(String(16))


class LabelClass(Base):
    """What an object of a project can be. Annotations name it by its name.

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


class Image(Base):
    """One uploaded picture. width, height: of the image frame, after the EXIF rotation.

    `original_key` is the file as uploaded; `display_key` the picture that browsers show and the encoder sees
    (the same blob where the upload can be shown as it is). `rendering`: how that is made of deep samples, where
    somebody chose it."""

    __tablename__ = "images"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(16))
    bytes: Mapped[int]
    original_key: Mapped[str] = mapped_column(String(200))
    display_key: Mapped[str] = mapped_column(String(200))
    display_type: Mapped[str] = mapped_column(String(32))
    thumbnail_key: Mapped[str] = mapped_column(String(200))
    rendering: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class ProjectImage(Base):
    """An image in a project, where it has a name (folders in it, perhaps), a state and a place.

    `search_name` and `sort_name` are made of the name by `storage.rows.names`. `split`: "train", "val" or "test", as
    the dataset it came with says; None: it says nothing. One with `removed_at` is purged later."""

    __tablename__ = "project_images"
    __table_args__ = (
        Index(None, "project_id", "removed_at", "sort_name", "image_id"),
        Index(None, "project_id", "removed_at", "position", "image_id"),
        Index(None, "project_id", "removed_at", "state"),
        Index(None, "image_id"),
    )

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    search_name: Mapped[str] = mapped_column(Text)
    sort_name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="new")
    split: Mapped[str | None] = mapped_column(String(8))
    position: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Embedding(Base):
    """What a segmenter's encoder made of an image; `weights` is the sha256 of the segmenter's files."""

    __tablename__ = "embeddings"

    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    segmenter: Mapped[str] = mapped_column(String(64), primary_key=True)
    weights: Mapped[str] = mapped_column(String(64), primary_key=True)
    blob_key: Mapped[str] = mapped_column(String(200))
    bytes: Mapped[int]
    seconds: Mapped[float] = mapped_column(Double)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class Annotation(Base):
    """An accepted mask of an image in a project, and how it was made. Greater `z` lies above. `source_id`: the id it
    had in the file it was imported from.

    `version` grows with every change; it starts at 1, or goes on after a deletion."""

    __tablename__ = "annotations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id", "created_at"),
        Index(None, "project_id", "label", "image_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32))
    image_id: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(200))
    color: Mapped[str] = mapped_column(String(7))
    rle_counts: Mapped[str] = mapped_column(Text)
    area: Mapped[int]
    bbox: Mapped[list[int]] = mapped_column(JSON)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    z: Mapped[int]
    prompts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    segmenter: Mapped[str | None] = mapped_column(String(64))
    weights: Mapped[str | None] = mapped_column(String(64))
    candidate: Mapped[int | None]
    predicted_iou: Mapped[float | None] = mapped_column(Double)
    stability_score: Mapped[float | None] = mapped_column(Double)
    source_id: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class AnnotationTombstone(Base):
    """That an annotation was deleted, so that its versions go on if its id is used again. `version`: one more than its
    last."""

    __tablename__ = "annotation_tombstones"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32))
    image_id: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
    deleted_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class JobRow(Base):
    """Something to do, and how it stands: see `runtime.queue.base`. Of a kind there is one row for a dedupe key.
    `error`: as the API tells errors."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("kind", "dedupe_key"),)  # each index more is paid for by every upload

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
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


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
