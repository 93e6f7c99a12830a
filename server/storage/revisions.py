"""A project's revision: a value that changes with everything an export of the project may hold.

It is random instead of counted: a database restored from a copy must not use a value again that stood for something
else. Triggers renew it, so that whoever writes, and by whatever statement, cannot forget to. They are made whenever
the database is opened, because migrations that rebuild a table drop those on it.
"""

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from . import triggers
from .tables import ProjectRevision
from .triggers import Trigger

_IN_PROJECTS = ("annotations", "label_classes", "project_images", "assignments")
_OF_IMAGES = "SELECT project_id FROM project_images WHERE image_id"


def keep(connection: Connection) -> None:
    """Have the triggers; part of the caller's transaction."""
    wanted = {
        dialect: {f"revise_{name}": trigger for name, trigger in made.items()}
        for dialect, made in (("sqlite", _in_sqlite()), ("postgresql", _in_postgres()))
    }
    triggers.keep(connection, wanted)


def _in_sqlite() -> dict[str, Trigger]:
    value = "lower(hex(randomblob(8)))"
    renew = f"UPDATE project_revisions SET value = {value} WHERE project_id"
    return {
        "projects_insert": Trigger(
            "AFTER INSERT ON projects",
            f"INSERT INTO project_revisions (project_id, value) VALUES (NEW.id, {value})",
        ),
        "projects_update": Trigger("AFTER UPDATE OF name, settings ON projects", f"{renew} = NEW.id"),
        "images_update": Trigger("AFTER UPDATE ON images", f"{renew} IN ({_OF_IMAGES} = NEW.id)"),
        **{
            f"{table}_{verb}": Trigger(f"AFTER {verb} ON {table}", f"{renew} = {row}.project_id")
            for table in _IN_PROJECTS
            for verb, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))
        },
    }


def _in_postgres() -> dict[str, Trigger]:
    """Once a statement where many rows change at once: of each change of a row a transaction leaves one behind, which
    the next one passes by."""
    value = "substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)"
    renew = f"UPDATE project_revisions SET value = {value} WHERE project_id"
    return {
        "projects_insert": Trigger(
            "AFTER INSERT ON projects FOR EACH ROW",
            f"INSERT INTO project_revisions (project_id, value) VALUES (NEW.id, {value})",
        ),
        "projects_update": Trigger(
            "AFTER UPDATE OF name, settings ON projects FOR EACH ROW", f"{renew} = NEW.id"
        ),
        "images_update": Trigger(
            "AFTER UPDATE ON images REFERENCING NEW TABLE AS changed FOR EACH STATEMENT",
            f"{renew} IN ({_OF_IMAGES} IN (SELECT id FROM changed))",
        ),
        **{
            f"{table}_{verb}": Trigger(
                f"AFTER {verb} ON {table} REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT",
                f"{renew} IN (SELECT project_id FROM changed)",
            )
            for table in _IN_PROJECTS
            for verb, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))
        },
    }


def of_project(session: Session, project_id: str) -> str | None:
    """None when there is no such project."""
    found = session.get(ProjectRevision, project_id)
    return None if found is None else found.value
