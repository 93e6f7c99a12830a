"""What several processes look at all the time is found among many jobs that are done."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        unended = sa.text("state IN ('queued', 'running', 'failed')")
        op.create_index("ix_jobs_unended", "jobs", ["state"], postgresql_where=unended)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_jobs_unended", "jobs")
