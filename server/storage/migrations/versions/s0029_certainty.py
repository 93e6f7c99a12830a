"""How far candidates, and objects and proposals, are from each other."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    for table in ("annotations", "annotation_versions"):
        op.add_column(table, sa.Column("candidates_iou", sa.Double(), nullable=True))
    op.create_table(
        "nearest_proposals",
        sa.Column("annotation_id", sa.String(36), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.String(32), nullable=False),
        sa.Column("iou", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["annotation_id", "project_id"],
            ["annotations.id", "annotations.project_id"],
            ondelete="CASCADE",
            name="fk_nearest_proposals_annotation_id_annotations",
        ),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["proposal_sets.id"],
            ondelete="CASCADE",
            name="fk_nearest_proposals_set_id_proposal_sets",
        ),
        sa.PrimaryKeyConstraint("annotation_id", "project_id", name="pk_nearest_proposals"),
    )
    op.create_index("ix_nearest_proposals_set_id", "nearest_proposals", ["set_id"])


def downgrade() -> None:
    op.drop_table("nearest_proposals")
    op.execute("DROP TRIGGER IF EXISTS keep_annotation_versions")
    for table in ("annotation_versions", "annotations"):
        op.drop_column(table, "candidates_iou")
