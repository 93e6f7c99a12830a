"""Who works on which images of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("given_by", sa.String(32), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "image_id", "account_id", name="pk_assignments"),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            ondelete="CASCADE",
            name="fk_assignments_project_id_project_images",
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "account_id"],
            ["members.project_id", "members.account_id"],
            ondelete="CASCADE",
            name="fk_assignments_project_id_members",
        ),
    )
    op.create_index(
        "ix_assignments_project_id_account_id_image_id",
        "assignments",
        ["project_id", "account_id", "image_id"],
    )


def downgrade() -> None:
    op.drop_table("assignments")
