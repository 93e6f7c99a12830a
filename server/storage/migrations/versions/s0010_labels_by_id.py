"""Annotations refer to their label by its id; their colour is their label's."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_BY_NAME, _BY_ID = "ix_annotations_project_id_label_image_id", "ix_annotations_label_id_image_id"


def upgrade() -> None:
    _have_every_label(op.get_bind())
    op.add_column("annotations", sa.Column("label_id", sa.String(36), nullable=True))
    op.execute(
        "UPDATE annotations SET label_id = (SELECT label_classes.id FROM label_classes"
        " WHERE label_classes.project_id = annotations.project_id AND label_classes.name = annotations.label)"
    )
    op.drop_index(_BY_NAME, "annotations")
    with op.batch_alter_table("annotations") as annotations:
        annotations.alter_column("label_id", existing_type=sa.String(36), nullable=False)
        annotations.drop_column("label")
        annotations.drop_column("color")
        annotations.create_foreign_key(
            "fk_annotations_label_id_label_classes",
            "label_classes",
            ["label_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
    op.create_index(_BY_ID, "annotations", ["label_id", "image_id"])


def _have_every_label(connection: sa.Connection) -> None:
    """A class for each label that annotations have and their project's list lacks."""
    missing = connection.execute(
        sa.text(
            "SELECT annotations.project_id, label, min(annotations.color) FROM annotations"
            " LEFT JOIN label_classes ON label_classes.project_id = annotations.project_id AND name = label"
            " WHERE label_classes.id IS NULL GROUP BY annotations.project_id, label"
            " ORDER BY annotations.project_id, min(annotations.created_at), label"
        )
    ).all()
    for project_id, label, color in missing:
        connection.execute(
            sa.text(
                "INSERT INTO label_classes (id, project_id, name, color, description, position, attributes)"
                " SELECT :id, :project, :name, :color, '', coalesce(max(position) + 1, 0), '[]'"
                " FROM label_classes WHERE project_id = :project"
            ),
            {"id": str(uuid.uuid4()), "project": project_id, "name": label, "color": color},
        )


def downgrade() -> None:
    op.add_column("annotations", sa.Column("label", sa.String(200), nullable=True))
    op.add_column("annotations", sa.Column("color", sa.String(7), nullable=True))
    for column, of_class in (("label", "name"), ("color", "color")):
        op.execute(
            f"UPDATE annotations SET {column} ="
            f" (SELECT label_classes.{of_class} FROM label_classes WHERE label_classes.id = annotations.label_id)"
        )
    op.drop_index(_BY_ID, "annotations")
    with op.batch_alter_table("annotations") as annotations:
        annotations.drop_constraint("fk_annotations_label_id_label_classes", type_="foreignkey")
        annotations.alter_column("label", existing_type=sa.String(200), nullable=False)
        annotations.alter_column("color", existing_type=sa.String(7), nullable=False)
        annotations.drop_column("label_id")
    op.create_index(_BY_NAME, "annotations", ["project_id", "label", "image_id"])
