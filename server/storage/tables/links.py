"""Share links, and their visitors."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.visits import LinkKind
from .base import Base, UtcTime, now


class Link(Base):
    """`image_id`: the one image that it is of; None: all of the project. `secret_hash`: sha256 of what its address
    holds; `password_hash`: argon2id. `made_by`: the account; None: a command on the server's machine. `uses`: how many
    visits have begun, of at most `max_uses`. `sandbox`: each visitor gets a project of their own."""

    __tablename__ = "links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
        Index(None, "project_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    image_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[LinkKind] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    made_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    sandbox: Mapped[bool] = mapped_column(default=False)
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)

    @property
    def is_used_up(self) -> bool:
        return self.max_uses is not None and self.uses >= self.max_uses


class Visitor(Base):
    """A browser in which somebody followed a link. `link_id`: None where that is gone. `sandbox_id`: the project of
    their own that they see in the place of the link's. `secret_hash`: sha256 of what
    its cookie holds; None: they left. `name`: as they call themselves; "" where nothing that they do is kept. It
    outlives visit and link, on what they did in the project."""

    __tablename__ = "visitors"
    __table_args__ = (
        Index(None, "project_id"),
        Index(None, "link_id"),
        Index(None, "sandbox_id"),
        Index(None, "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    link_id: Mapped[str | None] = mapped_column(ForeignKey("links.id", ondelete="SET NULL"))
    sandbox_id: Mapped[str | None] = mapped_column(String(32))
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
