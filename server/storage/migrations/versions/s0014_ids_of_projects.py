"""The same bytes may be an image in each of several projects, and annotations of two projects may have one id: what is
in one project tells nothing of another."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_TABLES = ("annotations", "annotation_tombstones")


def upgrade() -> None:
    op.execute("ALTER TABLE images RENAME COLUMN sha256 TO identity")
    for table in _TABLES:
        _have_key(table, ("id", "project_id"))


def downgrade() -> None:
    for table in _TABLES:
        op.execute(
            f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM {table} AS other"
            f" WHERE other.id = {table}.id AND other.rowid < {table}.rowid)"
        )
        _have_key(table, ("id",))
    op.execute("ALTER TABLE images RENAME COLUMN identity TO sha256")


def _have_key(name: str, columns: tuple[str, ...]) -> None:
    """Give the table this primary key; SQLite wants it built again for that. Nothing refers to it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        present = sa.inspect(connection).get_pk_constraint(name)["name"]
        op.drop_constraint(str(present), name)
        op.create_primary_key(f"pk_{name}", name, list(columns))
        return
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    table.constraints.discard(table.primary_key)
    for column in table.columns:
        column.primary_key = False
    table.append_constraint(sa.PrimaryKeyConstraint(*(table.c[each] for each in columns), name=f"pk_{name}"))
    with op.batch_alter_table(name, copy_from=table, recreate="always"):
        pass
