"""How an import treats what it meets, the format it found, and the ids that objects had in imported files."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("import_jobs", sa.Column("existing", sa.String(8), nullable=False, server_default="add"))
    op.add_column(
        "import_jobs", sa.Column("skip_missing", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("import_jobs", sa.Column("read_as", sa.String(32), nullable=True))
    op.add_column("import_jobs", sa.Column("evidence", sa.Text(), nullable=True))
    op.add_column("annotations", sa.Column("source_id", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("annotations", "source_id")
    for column in ("evidence", "read_as", "skip_missing", "existing"):
        op.drop_column("import_jobs", column)
