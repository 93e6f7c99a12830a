"""Whether an import asks which labels of the project its labels are, what it found, and what it was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "import_jobs", sa.Column("ask_labels", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("import_jobs", sa.Column("label_map", sa.JSON(), nullable=True))
    op.add_column("import_jobs", sa.Column("file_labels", sa.JSON(), nullable=True))


def downgrade() -> None:
    for column in ("file_labels", "label_map", "ask_labels"):
        op.drop_column("import_jobs", column)
