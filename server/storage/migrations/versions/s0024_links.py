"""Share links, and their visitors."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("projects", sa.Column("sandbox", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("made_by", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("secret_hash", name="uq_links_secret_hash"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_links_project_id_projects", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "image_id"],
            ["project_images.project_id", "project_images.image_id"],
            name="fk_links_project_id_project_images",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_links_project_id_created_at", "links", ["project_id", "created_at"])
    op.create_table(
        "visitors",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("link_id", sa.String(32), nullable=True),
        sa.Column("sandbox_id", sa.String(32), nullable=True),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visitors"),
        sa.UniqueConstraint("secret_hash", name="uq_visitors_secret_hash"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_visitors_project_id_projects", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["links.id"], name="fk_visitors_link_id_links", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_visitors_project_id", "visitors", ["project_id"])
    op.create_index("ix_visitors_link_id", "visitors", ["link_id"])
    op.create_index("ix_visitors_sandbox_id", "visitors", ["sandbox_id"])
    op.create_index("ix_visitors_expires_at", "visitors", ["expires_at"])


def downgrade() -> None:
    op.drop_table("visitors")
    op.drop_table("links")
    op.drop_column("projects", "sandbox")
