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
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session

from ..errors import DatabaseBusy, StorageFull, UnusableData
from . import revisions, versions
from .failures import explain, is_locked, newer
from .reserve import Reserve

MIGRATIONS = Path(__file__).parent / "migrations"
COMMAND_PATIENCE_SECONDS = 30.0  # who typed a command would rather wait
REQUEST_PATIENCE_SECONDS = 3.0
_LOOK_SECONDS = 0.02


class Database:
    """Sessions on one SQLAlchemy URL. Objects stay readable after their session ends.

    `patience_seconds`: how long a transaction waits for a lock before it raises DatabaseBusy. `reserve`: room kept for
    deleting on a full disk. `name`: what errors call it, where that is not its file. All its methods may raise
    UnusableData, for a file that is damaged or cannot be used.
    """

    def __init__(self, url: str, reserve: Reserve | None = None, name: str = "") -> None:
        self.patience_seconds = COMMAND_PATIENCE_SECONDS
        self.engine: Engine = create_engine(url, pool_timeout=REQUEST_PATIENCE_SECONDS)
        self._reserve = reserve
        self._name = name or self.engine.url.database or ""
        self._reads_only = "mode" in self.engine.url.query
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", self._prepare_sqlite)
            event.listen(self.engine, "begin", self._begin_sqlite)
            event.listen(self.engine, "commit", self._commit_sqlite)
        self._writing = self.engine.execution_options(samphire_write=True)
        self._unsynced = self.engine.execution_options(samphire_write=True, samphire_unsynced=True)
        self._turn = threading.Lock()  # of those who write here: the others wait without a connection each

    @classmethod
    def open(cls, url: str, reserve: Reserve | None = None, name: str = "") -> "Database":
        """Made where there is none, and brought to the newest schema. Raises StorageFull, DatabaseBusy."""
        if reserve is not None:
            reserve.spend_if_full()  # opening needs some room too
        database = cls(url, reserve, name)
        try:
            database.migrate()
        except BaseException:
            database.close()
            raise
        return database

    def migrate(self) -> None:
        """Bring the schema to the newest version; one process at a time, all or nothing. Raises as `open`."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            with self._told(), self._writing.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                revisions.keep(connection)
                versions.keep(connection)
        except CommandError:
            raise newer(self._name) from None
        except DatabaseError as error:  # of another program, whose tables are in the way
            raise UnusableData(f"The database {self._name} cannot be used ({error.orig}).") from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view; nothing is written. Raises DatabaseBusy."""
        with self._told(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, *, reserved: bool = False, synced: bool = True) -> Iterator[Session]:
        """One transaction: durable when the block ends, undone when it raises. Raises StorageFull, DatabaseBusy.

        `synced`: whether it is to survive a power cut, or only the death of the process, which takes an eighth of the
        time. `reserved`: may use the room that is kept for it: what takes something away, so that it can be done on a
        full disk, and the few values that say that the disk was full."""
        if not self._turn.acquire(timeout=self.patience_seconds):
            raise DatabaseBusy()
        try:
            if not reserved:
                self.check_room()
            elif self._reserve is not None and self._reserve.spend_if_full():
                self._shorten_log()
            engine = self._writing if synced else self._unsynced
            with self._told(), Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            self._turn.release()

    def check_room(self) -> None:
        """Raises StorageFull when the disk has no room for anything but deleting."""
        if self._reserve is not None and not self._reserve.make():
            raise StorageFull()

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What people are told of when the database cannot be used."""
        try:
            yield
        except NoConnectionLeft as error:
            raise DatabaseBusy() from error
        except (DatabaseError, sqlite3.DatabaseError) as error:
            original = error.orig if isinstance(error, DatabaseError) else error
            told = explain(original, self._name)
            if isinstance(told, StorageFull) and self._reserve is not None:
                self._reserve.spend()  # a quota is used up, though the disk has room
            if told is not None:
                raise told from error
            raise

    def _shorten_log(self) -> None:
        """What waits in SQLite's log goes into the database while there is room for both, so that the log is written
        from its beginning again."""
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(self.engine.raw_connection()) as connection,
        ):
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def _prepare_sqlite(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the listeners below speak instead of the driver
        pragmas = (
            "busy_timeout=0",
            "foreign_keys=ON",
            "synchronous=FULL",  # an acknowledged commit survives a power cut, unless `write` says otherwise
            "journal_mode=WAL",
        )
        for pragma in pragmas[:2] if self._reads_only else pragmas:
            self._patiently(lambda statement=f"PRAGMA {pragma}": connection.execute(statement).close())

    def _begin_sqlite(self, connection: Connection) -> None:
        """Take at the start what lock a transaction needs, so that no later statement meets one.

        For writing the write lock: a transaction begun as a reader cannot always be promoted. For reading the view,
        which SQLite otherwise takes with the first statement.
        """
        driver: Any = connection.connection.dbapi_connection
        options = connection.get_execution_options()
        if options.get("samphire_write"):
            level = "NORMAL" if options.get("samphire_unsynced") else "FULL"
            if connection.info.get("synchronous", "FULL") != level:
                driver.execute(f"PRAGMA synchronous={level}").close()
                connection.info["synchronous"] = level
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
                if not is_locked(error):
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
