"""Who made an object, and who changed it last."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_AUTHORS = ("created_by", "updated_by")


def upgrade() -> None:
    for name in _AUTHORS:
        op.add_column("annotations", sa.Column(name, sa.String(32), nullable=True))
        op.create_index(_index(name), "annotations", ["project_id", name, "image_id"])
    op.add_column("annotation_tombstones", sa.Column("created_by", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("annotation_tombstones", "created_by")
    for name in _AUTHORS:
        op.drop_index(_index(name), "annotations")
        op.drop_column("annotations", name)


def _index(name: str) -> str:
    return f"ix_annotations_project_id_{name}_image_id"
