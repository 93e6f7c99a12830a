"""Objects that several people make of one image unseen by each other, how far each of them is, and gold images."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_GOLD = "ix_project_images_project_id_gold"


def upgrade() -> None:
    for table, column in (
        ("annotations", "layer"),
        ("annotation_tombstones", "layer"),
        ("annotation_versions", "layer"),
        ("comment_threads", "layer"),
        ("events", "audience"),
    ):
        op.add_column(table, sa.Column(column, sa.String(32), nullable=True))
    gold = sa.Column("gold", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("project_images", gold)
    op.create_index(_GOLD, "project_images", ["project_id", "gold"])
    state = sa.Column("state", sa.String(16), nullable=False, server_default="new")
    op.add_column("assignments", state)
    op.add_column("assignments", sa.Column("done_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    """What is in no layer is everybody's, so that what was in one cannot stay."""
    op.execute("DELETE FROM annotations WHERE layer IS NOT NULL")
    op.execute("DROP TRIGGER IF EXISTS keep_annotation_versions")
    op.execute("DELETE FROM annotation_tombstones WHERE layer IS NOT NULL")
    op.execute("DELETE FROM annotation_versions WHERE layer IS NOT NULL")
    op.execute("DELETE FROM comment_threads WHERE layer IS NOT NULL")
    op.execute("UPDATE events SET kind = 'image:changed', payload = '{}' WHERE audience IS NOT NULL")
    op.drop_column("assignments", "done_at")
    op.drop_column("assignments", "state")
    op.drop_index(_GOLD, "project_images")
    op.drop_column("project_images", "gold")
    op.drop_column("events", "audience")
    op.drop_column("comment_threads", "layer")
    op.drop_column("annotation_versions", "layer")
    op.drop_column("annotation_tombstones", "layer")
    op.drop_column("annotations", "layer")
