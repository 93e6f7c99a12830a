"""Comments on images, and an inbox for each member of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_IMAGE = ["project_images.project_id", "project_images.image_id"]


def upgrade() -> None:
    op.create_table(
        "comment_threads",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("annotation_id", sa.String(36), nullable=True),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", "project_id", name="pk_comment_threads"),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            _IMAGE,
            ondelete="CASCADE",
            name="fk_comment_threads_project_id_project_images",
        ),
    )
    _index("comment_threads", "project_id", "image_id")
    op.create_table(
        "comments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("thread_id", sa.String(36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", "project_id", name="pk_comments"),
        sa.ForeignKeyConstraint(
            ["thread_id", "project_id"],
            ["comment_threads.id", "comment_threads.project_id"],
            ondelete="CASCADE",
            name="fk_comments_thread_id_comment_threads",
        ),
    )
    _index("comments", "thread_id", "project_id", "created_at")
    op.create_table(
        "inbox_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("comment_id", sa.String(36), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_items"),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            _IMAGE,
            ondelete="CASCADE",
            name="fk_inbox_items_project_id_project_images",
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "account_id"],
            ["members.project_id", "members.account_id"],
            ondelete="CASCADE",
            name="fk_inbox_items_project_id_members",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id", "project_id"],
            ["comments.id", "comments.project_id"],
            ondelete="CASCADE",
            name="fk_inbox_items_comment_id_comments",
        ),
    )
    _index("inbox_items", "account_id", "id")
    _index("inbox_items", "comment_id", "project_id")
    _index("inbox_items", "project_id", "image_id")
    _index("inbox_items", "project_id", "account_id")


def downgrade() -> None:
    for name in ("inbox_items", "comments", "comment_threads"):
        op.drop_table(name)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
