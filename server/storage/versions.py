"""What an annotation was before it changed is kept, whatever statement changes it: by a trigger, as `revisions`.

A mask, and how it was made, is stored once for all versions that follow each other with it: by the last of them.
"""

from sqlalchemy import Connection

from . import triggers
from .tables import Versioned
from .triggers import Trigger

_NAME = "keep_annotation_versions"
_HEAVY = ("rle_counts", "prompts")  # None: as in the next version
CARRIED = ("id", "project_id", "image_id", "version", "label_id", "source_id", *Versioned.__annotations__)
"""What a version has as the annotation had it, besides what is heavy."""


def keep(connection: Connection) -> None:
    """Have the trigger, as it is to be now; part of the caller's transaction."""
    triggers.keep(connection, {"sqlite": {_NAME: _in_sqlite()}, "postgresql": {_NAME: _in_postgres()}})


def _in_sqlite() -> Trigger:
    heavy = {name: f"nullif(OLD.{name}, NEW.{name})" for name in _HEAVY}
    when = "AFTER UPDATE OF version ON annotations WHEN NEW.version > OLD.version"
    return Trigger(when, _insert(heavy))


def _in_postgres() -> Trigger:
    """JSON is compared as the text it is stored as."""
    heavy = {
        name: f"CASE WHEN OLD.{name}::text = NEW.{name}::text THEN NULL ELSE OLD.{name} END"
        for name in _HEAVY
    }
    when = "AFTER UPDATE OF version ON annotations FOR EACH ROW WHEN (NEW.version > OLD.version)"
    return Trigger(when, _insert(heavy))


def _insert(heavy: dict[str, str]) -> str:
    values = {name: f'OLD."{name}"' for name in CARRIED} | heavy
    values["label"] = "(SELECT name FROM label_classes WHERE id = OLD.label_id)"
    columns = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO annotation_versions ({columns}) SELECT {', '.join(values.values())}"
