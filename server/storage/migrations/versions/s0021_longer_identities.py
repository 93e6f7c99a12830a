"""What no two images share may be a hash and the id of a project, which is longer than a hash."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_HASH, _WITH_PROJECT = 64, 128


def upgrade() -> None:
    _make(_HASH, _WITH_PROJECT)


def downgrade() -> None:
    _make(_WITH_PROJECT, _HASH)


def _make(before: int, now: int) -> None:
    """SQLite does not hold texts to their length, so what it says of the column is written anew. Building the table
    again would delete what refers to it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column("images", "identity", existing_type=sa.String(before), type_=sa.String(now))
        return
    said = connection.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'images'")
    )
    column = f"identity VARCHAR({before})"
    quoted = f'"identity" VARCHAR({before})'
    found = quoted if quoted in said else column
    changed = said.replace(found, found.replace(str(before), str(now)))
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'images'"),
        {"sql": changed},
    )
    op.execute("PRAGMA writable_schema = RESET")
