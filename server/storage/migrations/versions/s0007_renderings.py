"""How an image of deep samples is shown, where somebody chose it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("images", sa.Column("rendering", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("images", "rendering")
