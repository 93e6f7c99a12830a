"""Projects: their label classes, their images, imports; what was there before goes into the project "default"."""

import re
import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_DEFAULT, _DEFAULT_NAME = "default", "My images"
_KEYS = "123456789"


def upgrade() -> None:
    _create_projects()
    _create_imports()
    op.add_column("annotations", sa.Column("project_id", sa.String(32), nullable=True))
    op.add_column("annotations", sa.Column("attributes", sa.JSON(), nullable=True))
    op.add_column("annotations", sa.Column("z", sa.Integer(), nullable=True))
    _move_into_the_default_project(op.get_bind())
    op.drop_index("ix_annotations_image_id_created_at", "annotations")
    with op.batch_alter_table("annotations") as annotations:
        annotations.alter_column("project_id", existing_type=sa.String(32), nullable=False)
        annotations.alter_column("attributes", existing_type=sa.JSON(), nullable=False)
        annotations.alter_column("z", existing_type=sa.Integer(), nullable=False)
        annotations.drop_constraint("fk_annotations_image_id_images", type_="foreignkey")
        annotations.create_foreign_key(
            "fk_annotations_project_id_project_images",
            "project_images",
            ["project_id", "image_id"],
            ["project_id", "image_id"],
            ondelete="CASCADE",
        )
    for columns in (["project_id", "image_id", "created_at"], ["project_id", "label", "image_id"]):
        op.create_index(f"ix_annotations_{'_'.join(columns)}", "annotations", columns)


def _create_projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("guidelines", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("labels_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
    )
    op.create_table(
        "label_classes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("color", sa.String(7), nullable=False),
        sa.Column("key", sa.String(1), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label_classes"),
        _to_projects("label_classes"),
        sa.UniqueConstraint("project_id", "name", name="uq_label_classes_project_id_name"),
        sa.UniqueConstraint("project_id", "key", name="uq_label_classes_project_id_key"),
    )
    op.create_table(
        "project_images",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("image_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("search_name", sa.Text(), nullable=False),
        sa.Column("sort_name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("project_id", "image_id", name="pk_project_images"),
        _to_projects("project_images"),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name="fk_project_images_image_id_images", ondelete="CASCADE"
        ),
    )
    for columns in (
        ["project_id", "removed_at", "sort_name", "image_id"],
        ["project_id", "removed_at", "position", "image_id"],
        ["project_id", "removed_at", "state"],
        ["image_id"],
    ):
        op.create_index(f"ix_project_images_{'_'.join(columns)}", "project_images", columns)


def _create_imports() -> None:
    op.create_table(
        "import_jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("spool", sa.String(64), nullable=True),
        sa.Column("format", sa.String(32), nullable=True),
        sa.Column("keep_going", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_jobs"),
        _to_projects("import_jobs"),
    )
    op.create_index("ix_import_jobs_project_id_created_at", "import_jobs", ["project_id", "created_at"])
    op.create_table(
        "import_files",
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("image_id", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("job_id", "position", name="pk_import_files"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_jobs.id"], name="fk_import_files_job_id_import_jobs", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "ix_import_files_job_id_status_position", "import_files", ["job_id", "status", "position"]
    )
    op.create_index("ix_import_files_job_id_name", "import_files", ["job_id", "name"])


def _to_projects(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["project_id"], ["projects.id"], name=f"fk_{table}_project_id_projects", ondelete="CASCADE"
    )


def _move_into_the_default_project(connection: sa.Connection) -> None:
    """The SQL is everybody's; what it has no words for (names as people sort them) is done here."""
    moment = datetime.now(UTC).replace(tzinfo=None)
    text = sa.text
    connection.execute(
        text(
            "INSERT INTO projects (id, name, description, guidelines, settings, labels_version, created_at)"
            " VALUES (:id, :name, '', '', '{}', 1, :moment)"
        ).bindparams(sa.bindparam("moment", type_=sa.DateTime())),
        {"id": _DEFAULT, "name": _DEFAULT_NAME, "moment": moment},
    )
    connection.execute(
        text(
            "INSERT INTO project_images (project_id, image_id, name, search_name, sort_name, state, position,"
            " added_at, updated_at) SELECT :project, id, name, '', '', CASE WHEN EXISTS (SELECT 1 FROM annotations"
            " WHERE annotations.image_id = images.id) THEN 'in_progress' ELSE 'new' END,"
            " row_number() OVER (ORDER BY created_at, id), created_at, created_at FROM images"
        ),
        {"project": _DEFAULT},
    )
    names = connection.execute(text("SELECT image_id, name FROM project_images")).all()
    if names:
        connection.execute(
            text("UPDATE project_images SET search_name = :folded, sort_name = :sorted WHERE image_id = :id"),
            [{"id": i, "folded": name.casefold(), "sorted": _sort_name(name)} for i, name in names],
        )
    connection.execute(
        text(
            "UPDATE annotations SET project_id = :project, attributes = '{}', z = (SELECT count(*) FROM annotations"
            " AS older WHERE older.image_id = annotations.image_id AND (older.created_at < annotations.created_at"
            " OR (older.created_at = annotations.created_at AND older.id < annotations.id)))"
        ),
        {"project": _DEFAULT},
    )
    used = connection.execute(
        text("SELECT label, min(color) FROM annotations GROUP BY label ORDER BY min(created_at), label")
    ).all()
    for position, (label, color) in enumerate(used):
        connection.execute(
            text(
                "INSERT INTO label_classes (id, project_id, name, color, key, description, position, attributes)"
                " VALUES (:id, :project, :name, :color, :key, '', :position, '[]')"
            ),
            {
                "id": str(uuid.uuid4()),
                "project": _DEFAULT,
                "name": label,
                "color": color,
                "key": _KEYS[position] if position < len(_KEYS) else None,
                "position": position,
            },
        )


def _sort_name(name: str) -> str:
    def number(match: re.Match[str]) -> str:
        digits = match[0].lstrip("0") or "0"
        return f"{min(len(digits), 99):02d}{digits}"

    return re.sub(r"[0-9]+", number, name.casefold())


def downgrade() -> None:
    op.drop_index("ix_annotations_project_id_image_id_created_at", "annotations")
    op.drop_index("ix_annotations_project_id_label_image_id", "annotations")
    op.execute(sa.text(f"DELETE FROM annotations WHERE project_id <> '{_DEFAULT}'"))
    with op.batch_alter_table("annotations") as annotations:
        annotations.drop_constraint("fk_annotations_project_id_project_images", type_="foreignkey")
        annotations.create_foreign_key(
            "fk_annotations_image_id_images", "images", ["image_id"], ["id"], ondelete="CASCADE"
        )
        for column in ("project_id", "attributes", "z"):
            annotations.drop_column(column)
    op.create_index("ix_annotations_image_id_created_at", "annotations", ["image_id", "created_at"])
    for table in ("import_files", "import_jobs", "project_images", "label_classes", "projects"):
        op.drop_table(table)
