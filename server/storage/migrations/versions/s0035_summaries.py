"""What is known of an image's objects stands with it, and indexes hold what lists, counts and histories ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

_OF_IMAGES = ("project_id", "removed_at")
_MADE = {
    "ix_project_images_by_state": ("project_images", (*_OF_IMAGES, "state", "sort_name", "image_id")),
    "ix_project_images_by_objects": ("project_images", (*_OF_IMAGES, "objects", "sort_name", "image_id")),
    "ix_project_images_by_certainty": ("project_images", (*_OF_IMAGES, "certainty", "sort_name", "image_id")),
    "ix_annotations_labelled": ("annotations", ("label_id", "image_id", "layer")),
    "ix_annotations_created": ("annotations", ("project_id", "created_by", "image_id", "layer")),
    "ix_annotations_updated": ("annotations", ("project_id", "updated_by", "image_id", "layer")),
}
_DROPPED = {
    "ix_project_images_project_id_removed_at_state": ("project_images", (*_OF_IMAGES, "state")),
    "ix_annotations_label_id_image_id": ("annotations", ("label_id", "image_id")),
    "ix_annotations_project_id_created_by_image_id": (
        "annotations",
        ("project_id", "created_by", "image_id"),
    ),
    "ix_annotations_project_id_updated_by_image_id": (
        "annotations",
        ("project_id", "updated_by", "image_id"),
    ),
}
_FEW = "ix_events_of_no_object"
_SUMMED_UP = """
UPDATE project_images SET (objects, lowest_iou, certainty) = (
  SELECT count(*), min(a.predicted_iou), coalesce(min({least}(
    coalesce(a.predicted_iou, 1000.0), coalesce(a.stability_score, 1000.0),
    coalesce((a.candidates_iou + 1) / 2, 1000.0), coalesce((n.iou + 1) / 2, 1000.0)
  )), 1000.0)
  FROM annotations a LEFT JOIN nearest_proposals n
  ON n.project_id = a.project_id AND n.annotation_id = a.id AND n.version = a.version
  WHERE a.project_id = project_images.project_id AND a.image_id = project_images.image_id AND a.layer IS NULL
)
"""
_TRIGGERS = {
    "annotations": ("annotations_insert", "annotations_update", "annotations_delete"),
    "nearest_proposals": ("nearest_insert", "nearest_update", "nearest_delete"),
}


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for column in (
        sa.Column("objects", whole, nullable=False, server_default="0"),
        sa.Column("lowest_iou", sa.Double(), nullable=True),
        sa.Column("certainty", sa.Double(), nullable=False, server_default="1000"),
    ):
        op.add_column("project_images", column)
    least = "least" if op.get_bind().dialect.name == "postgresql" else "min"
    op.execute(_SUMMED_UP.format(least=least))
    _exchange(_DROPPED, _MADE)
    few = sa.text("kind NOT IN ('annotation:changed', 'annotation:deleted')")
    op.create_index(_FEW, "events", ["project_id", "seq"], sqlite_where=few, postgresql_where=few)


def downgrade() -> None:
    for table, names in _TRIGGERS.items():
        where = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
        for name in names:
            op.execute(f"DROP TRIGGER IF EXISTS sum_up_{name}{where}")
    op.drop_index(_FEW, "events")
    _exchange(_MADE, _DROPPED)
    for name in ("objects", "lowest_iou", "certainty"):
        op.drop_column("project_images", name)


def _exchange(
    dropped: dict[str, tuple[str, tuple[str, ...]]], made: dict[str, tuple[str, tuple[str, ...]]]
) -> None:
    for name, (table, _) in dropped.items():
        op.drop_index(name, table)
    for name, (table, columns) in made.items():
        op.create_index(name, table, columns)
