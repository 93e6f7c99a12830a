"""What an annotation was before it changed is kept, whatever statement changes it: by a trigger, as `revisions`.

A mask, and how it was made, is stored once for all versions that follow each other with it: by the last of them.
"""

from sqlalchemy import Connection, text

from .tables import Versioned

_NAME = "keep_annotation_versions"
_HEAVY = ("rle_counts", "prompts")  # None: as in the next version
CARRIED = ("id", "project_id", "image_id", "version", "label_id", "source_id", *Versioned.__annotations__)
"""What a version has as the annotation had it, besides what is heavy."""


def keep(connection: Connection) -> None:
    """Have the trigger, as it is to be now; part of the caller's transaction."""
    wanted = _trigger()
    query = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    if connection.scalar(query, {"name": _NAME}) != wanted:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {_NAME}"))
        connection.exec_driver_sql(wanted)


def _trigger() -> str:
    values = {name: f"OLD.{name}" for name in CARRIED}
    values |= {name: f"nullif(OLD.{name}, NEW.{name})" for name in _HEAVY}
    values["label"] = "(SELECT name FROM label_classes WHERE id = OLD.label_id)"
    return (
        f"CREATE TRIGGER {_NAME} AFTER UPDATE OF version ON annotations WHEN NEW.version > OLD.version BEGIN "
        f"INSERT INTO annotation_versions ({', '.join(values)}) SELECT {', '.join(values.values())}; END"
    )
