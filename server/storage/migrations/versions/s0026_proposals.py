"""Masks that segmenters propose, which nobody has accepted yet."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "proposal_sets",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("layer", sa.String(32), nullable=True),
        sa.Column("ahead", sa.Boolean(), nullable=False),
        sa.Column("segmenter", sa.String(64), nullable=False),
        sa.Column("weights", sa.String(64), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
            name="fk_proposal_sets_project_id_project_images",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_sets"),
    )
    op.create_index("ix_proposal_sets_project_id_image_id", "proposal_sets", ["project_id", "image_id"])
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("set_id", sa.String(32), nullable=False),
        sa.Column("rle_counts", sa.Text(), nullable=False),
        sa.Column("bbox", sa.JSON(), nullable=False),
        sa.Column("area", sa.Integer(), nullable=False),
        sa.Column("predicted_iou", sa.Double(), nullable=False),
        sa.Column("stability_score", sa.Double(), nullable=False),
        sa.Column("point", sa.JSON(), nullable=False),
        sa.Column("crop_box", sa.JSON(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.Column("dropped_by", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["set_id"], ["proposal_sets.id"], ondelete="CASCADE", name="fk_proposals_set_id_proposal_sets"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_set_id", "proposals", ["set_id"])


def downgrade() -> None:
    op.drop_table("proposals")
    op.drop_table("proposal_sets")
