"""The database: one engine, two kinds of transactions, migrated to the newest schema when opened.

A transaction must not wait for anything but the database: the server is one native thread, so a greenlet
that held the write lock while waiting for something else would stop all the others. For a lock that another
process holds, nothing waits inside SQLite: it is asked for again and again with a sleep between, which under
gevent lets the other greenlets run.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session

from server.errors import DatabaseBusy, StorageFull
from server.storage import revisions

MIGRATIONS = Path(__file__).parent / "migrations"
COMMAND_PATIENCE_SECONDS = 30.0  # who typed a command would rather wait
REQUEST_PATIENCE_SECONDS = 3.0
_LOOK_SECONDS = 0.02
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


class Database:
    """Sessions on one SQLAlchemy URL. Objects stay readable after their session ends.

    `patience_seconds`: how long a transaction waits for a lock before it raises DatabaseBusy.
    """

    def __init__(self, url: str) -> None:
        self.patience_seconds = COMMAND_PATIENCE_SECONDS
        self.engine: Engine = create_engine(url, pool_timeout=REQUEST_PATIENCE_SECONDS)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", self._prepare_sqlite)
            event.listen(self.engine, "begin", self._begin_sqlite)
            event.listen(self.engine, "commit", self._commit_sqlite)
        self._writing = self.engine.execution_options(samphire_write=True)
        self._turn = threading.Lock()  # of those who write here: the others wait without a connection each

    @classmethod
    def open(cls, url: str) -> "Database":
        database = cls(url)
        database.migrate()
        return database

    def migrate(self) -> None:
        """Bring the schema to the newest version; one process at a time, all or nothing. Raises DatabaseBusy."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with _told(), self._writing.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            revisions.keep(connection)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view; nothing is written. Raises DatabaseBusy."""
        with _told(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: durable when the block ends, undone when it raises. Raises StorageFull, DatabaseBusy."""
        if not self._turn.acquire(timeout=self.patience_seconds):
            raise DatabaseBusy()
        try:
            with _told(), Session(self._writing, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            self._turn.release()

    def close(self) -> None:
        self.engine.dispose()

    def _prepare_sqlite(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the listeners below speak instead of the driver
        for pragma in (
            "busy_timeout=0",
            "journal_mode=WAL",
            "synchronous=FULL",  # an acknowledged commit survives a power cut
            "foreign_keys=ON",
        ):
            self._patiently(lambda statement=f"PRAGMA {pragma}": connection.execute(statement).close())

    def _begin_sqlite(self, connection: Connection) -> None:
        """Take at the start what lock a transaction needs, so that no later statement meets one.

        For writing the write lock: a transaction begun as a reader cannot always be promoted. For reading the view,
        which SQLite otherwise takes with the first statement.
        """
        driver: Any = connection.connection.dbapi_connection
        if connection.get_execution_options().get("samphire_write"):
            self._patiently(lambda: driver.execute("BEGIN IMMEDIATE"))
        else:
            self._patiently(lambda: _begin_reading(driver))

    def _commit_sqlite(self, connection: Connection) -> None:
        """In a folder that cannot have a write-ahead log (on some network drives) readers hold up a commit."""
        driver: Any = connection.connection.dbapi_connection
        self._patiently(lambda: driver.execute("COMMIT"))

    def _patiently(self, ask: Callable[[], object]) -> None:
        """Raises DatabaseBusy when there is still a lock after `patience_seconds`."""
        deadline = time.monotonic() + self.patience_seconds
        while True:
            try:
                ask()
                return
            except sqlite3.OperationalError as error:
                if not _is_locked(error):
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


@contextmanager
def _told() -> Iterator[None]:
    """What people are told of when the database cannot be used."""
    try:
        yield
    except NoConnectionLeft as error:
        raise DatabaseBusy() from error
    except (OperationalError, sqlite3.OperationalError) as error:
        original = error.orig if isinstance(error, OperationalError) else error
        if "disk is full" in str(error):
            raise StorageFull() from error
        if isinstance(original, sqlite3.OperationalError) and _is_locked(original):
            raise DatabaseBusy() from error
        raise


def _is_locked(error: sqlite3.OperationalError) -> bool:
    """`sqlite_errorcode`: the primary code is its lowest byte."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED
