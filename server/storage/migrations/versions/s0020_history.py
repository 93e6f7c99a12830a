"""Versions of annotations, events that stay, and what people did by day."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_COUNTS = ("made", "changed", "deleted", "submitted", "accepted", "returned", "reviewed")


def upgrade() -> None:
    op.add_column("annotations", sa.Column("restored_from", sa.Integer(), nullable=True))
    op.add_column("projects", sa.Column("replay_from", sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        "UPDATE projects SET replay_from = coalesce("
        "(SELECT min(seq) FROM events WHERE events.project_id = projects.id), last_seq + 1)"
    )
    op.create_index("ix_events_project_id_image_id_seq", "events", ["project_id", "image_id", "seq"])
    op.create_table(
        "annotation_versions",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("label_id", sa.String(36), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("rle_counts", sa.Text(), nullable=True),
        sa.Column("prompts", sa.JSON(), nullable=True),
        sa.Column("source_id", sa.String(64), nullable=True),
        sa.Column("area", sa.Integer(), nullable=False),
        sa.Column("bbox", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("z", sa.Integer(), nullable=False),
        sa.Column("segmenter", sa.String(64), nullable=True),
        sa.Column("weights", sa.String(64), nullable=True),
        sa.Column("candidate", sa.Integer(), nullable=True),
        sa.Column("predicted_iou", sa.Double(), nullable=True),
        sa.Column("stability_score", sa.Double(), nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", sa.String(32), nullable=True),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_by", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("project_id", "id", "version", name="pk_annotation_versions"),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
            name="fk_annotation_versions_project_id_project_images",
        ),
    )
    op.create_index(
        "ix_annotation_versions_project_id_image_id", "annotation_versions", ["project_id", "image_id"]
    )
    op.create_table(
        "activity",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("active_seconds", sa.Double(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("project_id", "day", "actor", name="pk_activity"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], ondelete="CASCADE", name="fk_activity_project_id_projects"
        ),
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER IF EXISTS keep_annotation_versions")
    op.drop_table("activity")
    op.drop_table("annotation_versions")
    op.execute(
        "DELETE FROM events WHERE seq < (SELECT replay_from FROM projects WHERE projects.id = events.project_id)"
    )
    op.drop_index("ix_events_project_id_image_id_seq", "events")
    op.drop_column("projects", "replay_from")
    op.drop_column("annotations", "restored_from")
