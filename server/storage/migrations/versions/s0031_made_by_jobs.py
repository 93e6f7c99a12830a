"""Which masks a job made stays known when the job is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

_MADE = {  # the rows of a JSON array, and of one of them its id and its version
    "sqlite": (
        "json_each(done.made)",
        "json_extract(made.value, '$.id')",
        "json_extract(made.value, '$.version')",
    ),
    "postgresql": (
        "json_array_elements(done.made)",
        "made.value ->> 'id'",
        "CAST(made.value ->> 'version' AS BIGINT)",
    ),
}


def upgrade() -> None:
    op.add_column("annotations", sa.Column("job_version", sa.Integer(), nullable=True))
    rows, made_id, made_version = _MADE[op.get_bind().dialect.name]
    op.execute(
        "UPDATE annotations SET job_version = version WHERE (project_id, image_id, id, version) IN ("
        f"SELECT done.project_id, done.image_id, {made_id}, {made_version} "
        f"FROM mask_run_images AS done, {rows} AS made)"
    )


def downgrade() -> None:
    op.drop_column("annotations", "job_version")
