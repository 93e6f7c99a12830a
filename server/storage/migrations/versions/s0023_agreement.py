"""How alike people segmented images, and common objects that were made of theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_IN_PROJECT = ["project_id", "image_id"]
_OF_PROJECT = ["project_images.project_id", "project_images.image_id"]


def upgrade() -> None:
    op.create_table(
        "image_agreements",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            _IN_PROJECT,
            _OF_PROJECT,
            ondelete="CASCADE",
            name="fk_image_agreements_project_id_project_images",
        ),
        sa.PrimaryKeyConstraint("project_id", "image_id", name="pk_image_agreements"),
    )
    op.create_table(
        "agreement_runs",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("revision", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], ondelete="CASCADE", name="fk_agreement_runs_project_id_projects"
        ),
        sa.PrimaryKeyConstraint("project_id", name="pk_agreement_runs"),
    )
    op.create_table(
        "consensus",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("account", sa.String(32), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("replaced", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            _IN_PROJECT, _OF_PROJECT, ondelete="CASCADE", name="fk_consensus_project_id_project_images"
        ),
        sa.PrimaryKeyConstraint("project_id", "run", "image_id", name="pk_consensus"),
    )
    op.create_index("ix_consensus_project_id_at", "consensus", ["project_id", "at"])


def downgrade() -> None:
    for table in ("consensus", "agreement_runs", "image_agreements"):
        op.drop_table(table)
