"""Who said that an image is done, and what a reviewer said of that."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_COLUMNS = {
    "submitted_by": sa.String(32),
    "reviewed_by": sa.String(32),
    "reviewed_at": sa.DateTime(),
    "review_note": sa.Text(),
}
_CHANGED = "changed_since_review"


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("project_images", sa.Column(name, kind, nullable=True))
    changed = sa.Column(_CHANGED, sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("project_images", changed)


def downgrade() -> None:
    op.execute("UPDATE project_images SET state = 'done' WHERE state = 'accepted'")
    op.execute("UPDATE project_images SET state = 'in_progress' WHERE state = 'returned'")
    for name in (_CHANGED, *_COLUMNS):
        op.drop_column("project_images", name)
