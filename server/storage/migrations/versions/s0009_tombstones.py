"""Which annotations were deleted, and at which version."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "annotation_tombstones",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_annotation_tombstones_project_id_image_id", "annotation_tombstones", ["project_id", "image_id"]
    )


def downgrade() -> None:
    op.drop_table("annotation_tombstones")
