"""Jobs of every kind in one table. How an import stands moves there."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_MOVED = ("state", "error")
_IMPORTS = sa.table(
    "import_jobs",
    *(sa.column(name) for name in ("id", "project_id", "spool", *_MOVED)),
    *(sa.column(name, sa.DateTime()) for name in ("created_at", "updated_at")),
)


def upgrade() -> None:
    jobs = op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("dedupe_key", sa.String(200), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("kind", "dedupe_key", name="uq_jobs_kind_dedupe_key"),
    )
    imports = op.get_bind().execute(sa.select(_IMPORTS).order_by(_IMPORTS.c.created_at)).mappings().all()
    op.bulk_insert(jobs, [_job(each) for each in imports])
    for column in _MOVED:
        op.drop_column("import_jobs", column)


def _job(each: Any) -> dict[str, Any]:
    error = {"code": "internal", "message": each["error"], "hint": ""} if each["error"] else sa.null()
    return {
        "kind": "import",
        "dedupe_key": each["id"],
        "args": {"import": each["id"], "project": each["project_id"], "sent": each["spool"] is not None},
        "urgency": 0,
        "actor": "owner",
        "state": each["state"],
        "attempts": 0,
        "progress": sa.null(),
        "error": error,
        "created_at": each["created_at"],
        "updated_at": each["updated_at"],
    }


def downgrade() -> None:
    op.add_column("import_jobs", sa.Column("state", sa.String(16), nullable=False, server_default="stopped"))
    op.add_column("import_jobs", sa.Column("error", sa.Text(), nullable=True))
    jobs = sa.table(
        "jobs", sa.column("kind"), sa.column("dedupe_key"), sa.column("state"), sa.column("error", sa.JSON())
    )
    found = op.get_bind().execute(sa.select(jobs).where(jobs.c.kind == "import")).mappings().all()
    for each in found:
        values = {"state": each["state"], "error": each["error"]["message"] if each["error"] else None}
        op.execute(sa.update(_IMPORTS).where(_IMPORTS.c.id == each["dedupe_key"]).values(**values))
    op.drop_table("jobs")
