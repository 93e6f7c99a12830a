"""What SQLite reports, as errors that say what to do."""

import shutil
import sqlite3
from pathlib import Path

from ..errors import DatabaseBusy, SamphireError, StorageFull, UnusableData

RESTORE = (
    "Restore it from a backup; without one, move it away and run `samphire doctor --recover`, which builds a new one "
    "from the images."
)
_LEAST_BYTES = 200_000  # that SQLite needs beside a database to open it
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


def explain(error: BaseException | None, path: str) -> SamphireError | None:
    """None for what is no failure of the database's file, as a constraint that a row breaks."""
    code = _code(error)
    if code in _LOCKED:
        return DatabaseBusy()
    if code == sqlite3.SQLITE_FULL or (
        code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR) and _full(path)
    ):
        return StorageFull()
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return UnusableData(f"The database {path} is damaged ({error}).", hint=RESTORE)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return UnusableData(
            f"The database {path} cannot be opened for writing ({error}).",
            hint="Make it and its folder writable, or choose another folder with --data.",
        )
    if code == sqlite3.SQLITE_IOERR:
        return UnusableData(f"The disk failed while the database {path} was used ({error}).")
    return None


def newer(path: str) -> UnusableData:
    return UnusableData(
        f"The database {path} was created by a newer Samphire.",
        hint="Install that version, or choose another folder with --data.",
    )


def is_locked(error: sqlite3.Error) -> bool:
    return _code(error) in _LOCKED


def _code(error: BaseException | None) -> int:
    """The primary code, which is the lowest byte."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _full(path: str) -> bool:
    folder = Path(path).parent
    return folder.is_dir() and shutil.disk_usage(folder).free < _LEAST_BYTES
