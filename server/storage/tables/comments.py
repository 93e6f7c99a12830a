"""What people say about images and objects, and what of it concerns whom."""

from datetime import datetime

from sqlalchemy import Double, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcTime, now


class CommentThread(Base):
    """A first comment, whose id it has, and replies. `x`, `y`: the spot in the image frame; None: it is about the whole
    image. `annotation_id`: the object it is about, which may be deleted since. `layer`: the annotator about whose work
    it is, where those do not see each other's; None: it is about what is common."""

    __tablename__ = "comment_threads"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "image_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    image_id: Mapped[str] = mapped_column(String(32))
    annotation_id: Mapped[str | None] = mapped_column(String(36))
    layer: Mapped[str | None] = mapped_column(String(32))
    x: Mapped[float | None] = mapped_column(Double)
    y: Mapped[float | None] = mapped_column(Double)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcTime)
    resolved_by: Mapped[str | None] = mapped_column(String(32))


class Comment(Base):
    """`text` has `<@ID>` where it mentions an account; "" once it is deleted. Clients make the ids: those of two
    projects may meet. `created_by`: the account that wrote it; None: on a server without any."""

    __tablename__ = "comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["thread_id", "project_id"],
            ["comment_threads.id", "comment_threads.project_id"],
            ondelete="CASCADE",
        ),
        Index(None, "thread_id", "project_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    thread_id: Mapped[str] = mapped_column(String(36))
    text: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)


class InboxItem(Base):
    """Something that a member of a project is told, until their role there ends. `kind`: "mention", "reply", "image"
    (somebody wrote about an image of theirs) or "returned", which alone has no comment. `actor_id`: who did it."""

    __tablename__ = "inbox_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["project_id", "account_id"], ["members.project_id", "members.account_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["comment_id", "project_id"], ["comments.id", "comments.project_id"], ondelete="CASCADE"
        ),
        Index(None, "account_id", "id"),
        Index(None, "comment_id", "project_id"),
        Index(None, "project_id", "image_id"),
        Index(None, "project_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32))
    project_id: Mapped[str] = mapped_column(String(32))
    image_id: Mapped[str] = mapped_column(String(32))
    comment_id: Mapped[str | None] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)
