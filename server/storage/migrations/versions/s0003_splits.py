"""The part of a dataset that each image of a project came with: train, val or test."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("project_images", sa.Column("split", sa.String(8), nullable=True))


def downgrade() -> None:
    op.drop_column("project_images", "split")
