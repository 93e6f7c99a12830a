"""Trainings of segmenters on the objects of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "trainings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("segmenter", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("base_weights", sa.String(64), nullable=False),
        sa.Column("label_id", sa.String(36), nullable=True),
        sa.Column("label", sa.String(200), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("finishing", sa.Boolean(), nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("curve", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], ondelete="CASCADE", name="fk_trainings_project_id_projects"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trainings"),
    )
    op.create_index("ix_trainings_project_id_created_at", "trainings", ["project_id", "created_at"])


def downgrade() -> None:
    op.drop_table("trainings")
