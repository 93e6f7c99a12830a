"""The id and the group that a label had in the dataset it came with."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("label_classes", sa.Column("source_id", sa.Integer(), nullable=True))
    op.add_column("label_classes", sa.Column("supercategory", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("label_classes", "supercategory")
    op.drop_column("label_classes", "source_id")
