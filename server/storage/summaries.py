"""What is known of an image's common objects stands with the image, whatever statement changes them: by triggers, as
`revisions`. So images are listed in the order of it, and counted by it, without a look at objects.

A trigger sums all of them up again instead of adding to what stands there: so it cannot drift, and rows that are copied
into another database may come in any order.
"""

from sqlalchemy import Connection

from . import triggers
from .tables.projects import UNKNOWN_CERTAINTY
from .triggers import Trigger

_LEAST = {"sqlite": "min", "postgresql": "least"}
_SCORES = ("predicted_iou", "stability_score", "candidates_iou")
_TOLD = ("image_id", "layer", *_SCORES)  # of an annotation, what is summed up
_NEAREST = (
    "SELECT 1 FROM nearest_proposals n"
    " WHERE n.project_id = {0}.project_id AND n.annotation_id = {0}.id AND n.version = {0}.version"
)


def keep(connection: Connection) -> None:
    """Have the triggers; part of the caller's transaction."""
    wanted = {
        dialect: {f"sum_up_{name}": trigger for name, trigger in made.items()}
        for dialect, made in (("sqlite", _in_sqlite()), ("postgresql", _in_postgres()))
    }
    triggers.keep(connection, wanted)


def summing(dialect: str) -> str:
    """A statement that sums up the objects of all images, unless a condition follows."""
    predicted, stable, other = (f"a.{name}" for name in _SCORES)
    known = (predicted, stable, f"({other} + 1) / 2", "(n.iou + 1) / 2")
    least = ", ".join(f"coalesce({score}, {UNKNOWN_CERTAINTY})" for score in known)
    return (
        "UPDATE project_images SET (objects, lowest_iou, certainty) = ("
        f"SELECT count(*), min(a.predicted_iou), coalesce(min({_LEAST[dialect]}({least})), {UNKNOWN_CERTAINTY})"
        " FROM annotations a LEFT JOIN nearest_proposals n"
        " ON n.project_id = a.project_id AND n.annotation_id = a.id AND n.version = a.version"
        " WHERE a.project_id = project_images.project_id AND a.image_id = project_images.image_id"
        " AND a.layer IS NULL)"
    )


def _in_sqlite() -> dict[str, Trigger]:
    of = summing("sqlite") + " WHERE project_id = {0}.project_id AND image_id IN ({1})"
    new, old = of.format("NEW", "NEW.image_id"), of.format("OLD", "OLD.image_id")
    both = of.format("NEW", "OLD.image_id, NEW.image_id")
    image = "SELECT image_id FROM annotations WHERE id = {0}.annotation_id AND project_id = {0}.project_id"
    differs = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _TOLD)
    return {
        "annotations_insert": Trigger("AFTER INSERT ON annotations WHEN NEW.layer IS NULL", new),
        "annotations_update": Trigger(
            f"AFTER UPDATE ON annotations WHEN {differs} OR EXISTS ({_NEAREST.format('OLD')})", both
        ),
        "annotations_delete": Trigger("AFTER DELETE ON annotations WHEN OLD.layer IS NULL", old),
        **{
            f"nearest_{verb}": Trigger(
                f"AFTER {verb} ON nearest_proposals", of.format(row, image.format(row))
            )
            for verb, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))
        },
    }


def _in_postgres() -> dict[str, Trigger]:
    """Once a statement, as `revisions`."""
    of = summing("postgresql") + " WHERE (project_id, image_id) IN (SELECT {0})"
    new, old = (", ".join(f"{row}.{name}" for name in _TOLD) for row in ("changed", "was"))
    altered = (
        "changed.project_id, unnest(ARRAY[was.image_id, changed.image_id]) FROM changed"
        " JOIN was ON was.id = changed.id AND was.project_id = changed.project_id"
        f" WHERE ({new}) IS DISTINCT FROM ({old}) OR EXISTS ({_NEAREST.format('was')})"
    )
    common = "project_id, image_id FROM changed WHERE layer IS NULL"
    compared = (
        "a.project_id, a.image_id FROM changed JOIN annotations a"
        " ON a.id = changed.annotation_id AND a.project_id = changed.project_id"
    )
    rows = {
        "INSERT": "NEW TABLE AS changed",
        "UPDATE": "NEW TABLE AS changed",
        "DELETE": "OLD TABLE AS changed",
    }
    return {
        **{
            f"annotations_{verb.lower()}": _of_statement(
                f"{verb} ON annotations", rows[verb], of.format(common)
            )
            for verb in ("INSERT", "DELETE")
        },
        "annotations_update": _of_statement(
            "UPDATE ON annotations", "OLD TABLE AS was NEW TABLE AS changed", of.format(altered)
        ),
        **{
            f"nearest_{verb.lower()}": _of_statement(
                f"{verb} ON nearest_proposals", rows[verb], of.format(compared)
            )
            for verb in rows
        },
    }


def _of_statement(what: str, rows: str, does: str) -> Trigger:
    return Trigger(f"AFTER {what} REFERENCING {rows} FOR EACH STATEMENT", does)
