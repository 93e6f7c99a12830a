"""Embeddings of windows of an image beside that of the whole, and in which window an object was made."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_WHOLE = ("image_id", "segmenter", "weights")


def upgrade() -> None:
    op.add_column("embeddings", sa.Column("window", sa.String(12), nullable=False, server_default=""))
    _have_use()
    _have_key((*_WHOLE, "window"))
    for table in ("annotations", "annotation_versions"):
        op.add_column(table, sa.Column("window", sa.String(12), nullable=True))


def downgrade() -> None:
    """Files of windows stay, as those that no row names."""
    op.execute("DROP TRIGGER IF EXISTS keep_annotation_versions")
    for table in ("annotation_versions", "annotations"):
        op.drop_column(table, "window")
    op.execute("DELETE FROM embeddings WHERE window <> ''")
    _have_key(_WHOLE)
    op.drop_column("embeddings", "used_at")
    op.drop_column("embeddings", "window")


def _have_use() -> None:
    """The column `used_at`, at first when each was made."""
    op.add_column("embeddings", sa.Column("used_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE embeddings SET used_at = created_at")


def _have_key(columns: tuple[str, ...]) -> None:
    """Give the table this primary key; SQLite wants it built again for that. Nothing refers to it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint("pk_embeddings", "embeddings")
        op.create_primary_key("pk_embeddings", "embeddings", list(columns))
        op.alter_column("embeddings", "used_at", existing_type=sa.DateTime(), nullable=False)
        op.alter_column("embeddings", "window", existing_type=sa.String(12), server_default=None)
        return
    table = sa.Table("embeddings", sa.MetaData(), autoload_with=connection)
    table.constraints.discard(table.primary_key)
    for column in table.columns:
        column.primary_key = False
    table.c.used_at.nullable = False
    table.c.window.server_default = None
    table.append_constraint(
        sa.PrimaryKeyConstraint(*(table.c[each] for each in columns), name="pk_embeddings")
    )
    with op.batch_alter_table("embeddings", copy_from=table, recreate="always"):
        pass
