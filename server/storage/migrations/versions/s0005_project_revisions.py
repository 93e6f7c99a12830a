"""A revision for each project, which the triggers of `storage.revisions` renew."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "project_revisions",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("value", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name="fk_project_revisions_project_id_projects",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", name="pk_project_revisions"),
    )
    connection = op.get_bind()
    for project_id in connection.scalars(sa.text("SELECT id FROM projects")).all():
        connection.execute(
            sa.text("INSERT INTO project_revisions (project_id, value) VALUES (:project, :value)"),
            {"project": project_id, "value": token_hex(8)},
        )


def downgrade() -> None:
    triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'revise_%'")
    for name in op.get_bind().execute(triggers).scalars().all():
        op.execute(f'DROP TRIGGER "{name}"')
    op.drop_table("project_revisions")
