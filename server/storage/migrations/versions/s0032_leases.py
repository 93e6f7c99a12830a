"""A job that runs belongs to a process for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("owner", sa.String(32), nullable=True))
    op.add_column("jobs", sa.Column("leased_until", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "leased_until")
    op.drop_column("jobs", "owner")
