"""A database for those who only read: beside a server, in a folder that cannot be written, of an older schema."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError

from ..errors import SamphireError, UnusableData
from .engine import MIGRATIONS, Database


def open_reading(url: str) -> AbstractContextManager[Database]:
    """The database as it is, its schema too. Without one it is empty, as a new one is, but for a server's. Raises
    UnusableData, InvalidSetting."""
    return _OPENING[make_url(url).get_backend_name()](url)


@contextmanager
def _file(url: str) -> Iterator[Database]:
    """What cannot be read in place is read from a temporary copy."""
    path = Path(make_url(url).database or "")
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with TemporaryDirectory(prefix="samphire-", ignore_cleanup_errors=True) as folder:
        database = Database(f"sqlite:///{uri}&uri=true", name=str(path))
        if _schema(database) != newest_schema():
            database.close()
            copy = Path(folder) / path.name
            if path.exists():
                _copy(path, uri, copy)
            database = Database.open(f"sqlite:///{copy}", name=str(path))
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _on_server(url: str) -> Iterator[Database]:
    """Nobody copies that, and whoever only reads changes no schema."""
    database = Database(url)
    try:
        if database.schema() != newest_schema():
            raise UnusableData(
                f"The database {database.name} has not the schema of this Samphire.",
                hint="Start the server of this version once: that brings it to the newest.",
            )
        yield database
    finally:
        database.close()


_OPENING = {"sqlite": _file, "postgresql": _on_server}


def newest_schema() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _schema(database: Database) -> str | None:
    """None when it has none, or cannot be read where it lies."""
    try:
        return database.schema()
    except (SamphireError, DatabaseError, sqlite3.Error):
        return None


def _copy(path: Path, uri: str, copy: Path) -> None:
    try:
        with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            return
    except sqlite3.Error:  # SQLite writes beside what it reads: nobody does so here
        pass
    try:
        for name in (path.name, f"{path.name}-wal", f"{path.name}-journal"):
            if (source_file := path.with_name(name)).exists():
                shutil.copyfile(source_file, copy.with_name(name))
    except OSError as error:
        raise UnusableData(f"The database {path} cannot be read ({error.strerror or error}).") from None
