"""Masks that jobs make on the images of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "mask_runs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("segmenter", sa.String(64), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("account", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("undoing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], ondelete="CASCADE", name="fk_mask_runs_project_id_projects"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mask_runs"),
    )
    op.create_index("ix_mask_runs_project_id_created_at", "mask_runs", ["project_id", "created_at"])
    op.create_table(
        "mask_run_images",
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["mask_runs.id"], ondelete="CASCADE", name="fk_mask_run_images_run_id_mask_runs"
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
            name="fk_mask_run_images_project_id_project_images",
        ),
        sa.PrimaryKeyConstraint("run_id", "image_id", name="pk_mask_run_images"),
    )
    op.create_index("ix_mask_run_images_project_id_image_id", "mask_run_images", ["project_id", "image_id"])


def downgrade() -> None:
    for table in ("mask_run_images", "mask_runs"):
        op.drop_table(table)
