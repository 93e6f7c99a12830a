"""SQLite: a file in the data folder.

For a lock that another process holds, nothing waits inside SQLite: it is asked for again and again with a sleep
between, which under gevent lets the other greenlets run.
"""

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from ...errors import DatabaseBusy, SamphireError, StorageFull, UnusableData
from ..private import make_database
from .base import UNSYNCED, WRITES, Kind

RESTORE = (
    "Restore it from a backup; without one, move it away and run `samphire doctor --recover`, which builds a new one "
    "from the images."
)
_LOOK_SECONDS = 0.02
_LEAST_BYTES = 200_000  # that SQLite needs beside a database to open it
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


class Sqlite(Kind):
    failures = sqlite3.DatabaseError

    def called(self) -> str:
        return self.url.database or ""

    @property
    def _reads_only(self) -> bool:
        return "mode" in self.url.query

    def make(self) -> None:
        if self.url.database and not self._reads_only:
            make_database(Path(self.url.database))

    def listen(self, engine: Engine, patience_seconds: Callable[[], float]) -> None:
        self._patience_seconds = patience_seconds
        event.listen(engine, "connect", self._prepare)
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._commit)

    def explain(self, error: BaseException | None) -> SamphireError | None:
        code, path = _code(error), self.name
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

    def shorten_log(self, engine: Engine) -> None:
        """What waits in SQLite's log goes into the database while there is room for both, so that the log is written
        from its beginning again."""
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(engine.raw_connection()) as connection,
        ):
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def _prepare(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the listeners below speak instead of the driver
        pragmas = (
            "busy_timeout=0",
            "foreign_keys=ON",
            "synchronous=FULL",  # an acknowledged commit survives a power cut, unless `write` says otherwise
            "journal_mode=WAL",
        )
        for pragma in pragmas[:2] if self._reads_only else pragmas:
            self._patiently(lambda statement=f"PRAGMA {pragma}": connection.execute(statement).close())

    def _begin(self, connection: Connection) -> None:
        """Take at the start what lock a transaction needs, so that no later statement meets one.

        For writing the write lock: a transaction begun as a reader cannot always be promoted. For reading the view,
        which SQLite otherwise takes with the first statement.
        """
        driver: Any = connection.connection.dbapi_connection
        options = connection.get_execution_options()
        if options.get(WRITES):
            level = "NORMAL" if options.get(UNSYNCED) else "FULL"
            if connection.info.get("synchronous", "FULL") != level:
                driver.execute(f"PRAGMA synchronous={level}").close()
                connection.info["synchronous"] = level
            self._patiently(lambda: driver.execute("BEGIN IMMEDIATE"))
        else:
            self._patiently(lambda: _begin_reading(driver))

    def _commit(self, connection: Connection) -> None:
        """In a folder that cannot have a write-ahead log (on some network drives) readers hold up a commit."""
        driver: Any = connection.connection.dbapi_connection
        self._patiently(lambda: driver.execute("COMMIT"))

    def _patiently(self, ask: Callable[[], object]) -> None:
        """Raises DatabaseBusy when there is still a lock after the time of patience."""
        deadline = time.monotonic() + self._patience_seconds()
        while True:
            try:
                ask()
                return
            except sqlite3.OperationalError as error:
                if _code(error) not in _LOCKED:
                    raise
                if time.monotonic() >= deadline:
                    raise DatabaseBusy() from error
            time.sleep(_LOOK_SECONDS)


def _begin_reading(driver: Any) -> None:
    driver.execute("BEGIN")
    try:
        driver.execute("SELECT 1 FROM sqlite_master LIMIT 1").close()
    except sqlite3.Error:
        with contextlib.suppress(sqlite3.Error):
            driver.execute("ROLLBACK")
        raise


def _code(error: BaseException | None) -> int:
    """The primary code, which is the lowest byte."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _full(path: str) -> bool:
    folder = Path(path).parent
    return folder.is_dir() and shutil.disk_usage(folder).free < _LEAST_BYTES
