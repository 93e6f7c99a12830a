"""A project's revision: a value that changes with everything an export of the project may hold.

It is random instead of counted: a database restored from a copy must not use a value again that stood for something
else. Triggers renew it, so that whoever writes, and by whatever statement, cannot forget to. They are made whenever
the database is opened, because migrations that rebuild a table drop those on it.
"""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from .tables import ProjectRevision

_RANDOM = "lower(hex(randomblob(8)))"
_RENEW = f"UPDATE project_revisions SET value = {_RANDOM} WHERE project_id"
_IN_PROJECTS = ("annotations", "label_classes", "project_images", "assignments")
_TRIGGERS = {
    "projects_insert": (
        "INSERT ON projects",
        f"INSERT INTO project_revisions (project_id, value) VALUES (NEW.id, {_RANDOM})",
    ),
    "projects_update": ("UPDATE OF name, settings ON projects", f"{_RENEW} = NEW.id"),
    "images_update": (
        "UPDATE ON images",
        f"{_RENEW} IN (SELECT project_id FROM project_images WHERE image_id = NEW.id)",
    ),
    **{
        f"{table}_{verb}": (f"{verb} ON {table}", f"{_RENEW} = {row}.project_id")
        for table in _IN_PROJECTS
        for verb, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))
    },
}


def keep(connection: Connection) -> None:
    """Have the triggers; part of the caller's transaction."""
    for name, (when, statement) in _TRIGGERS.items():
        connection.execute(
            text(f"CREATE TRIGGER IF NOT EXISTS revise_{name} AFTER {when} BEGIN {statement}; END")
        )


def of_project(session: Session, project_id: str) -> str | None:
    """None when there is no such project."""
    found = session.get(ProjectRevision, project_id)
    return None if found is None else found.value
