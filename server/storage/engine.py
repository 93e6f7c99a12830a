"""The database: one engine, two kinds of transactions, migrated to the newest schema when opened.

A transaction must not wait for anything but the database: the server is one native thread, so a greenlet
that held the write lock while waiting for something else would stop all the others. What is a database's own is in
`kinds`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Engine, Table, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session

from ..errors import StorageFull, UnusableData
from . import revisions, summaries, versions
from .kinds import kind_of
from .kinds.base import UNSYNCED, WRITES
from .reserve import Reserve

MIGRATIONS = Path(__file__).parent / "migrations"
COMMAND_PATIENCE_SECONDS = 30.0  # who typed a command would rather wait
REQUEST_PATIENCE_SECONDS = 3.0


class Database:
    """Sessions on one SQLAlchemy URL. Objects stay readable after their session ends.

    `patience_seconds`: how long a transaction waits for a lock before it raises DatabaseBusy. `reserve`: room kept for
    deleting on a full disk. `name`: what errors call it, where that is not its file. All its methods may raise
    UnusableData, for a file that is damaged or cannot be used.
    """

    def __init__(self, url: str, reserve: Reserve | None = None, name: str = "") -> None:
        self.patience_seconds = COMMAND_PATIENCE_SECONDS
        self._kind = kind_of(url, name)
        self.engine: Engine = create_engine(
            url, pool_timeout=REQUEST_PATIENCE_SECONDS, hide_parameters=True, **self._kind.options
        )  # an error's text holds no row's values
        self._kind.listen(self.engine, lambda: self.patience_seconds)
        self._reserve = reserve
        self._reading = self.engine.execution_options(**self._kind.reading)
        self._writing = self.engine.execution_options(**{WRITES: True})
        self._unsynced = self.engine.execution_options(**{WRITES: True, UNSYNCED: True})
        self._migrated_to: str | None = None
        self.writes = 0  # how many transactions were committed here, where nobody else writes meanwhile
        self._turn = threading.Lock()  # of those who write here: the others wait without a connection each

    @classmethod
    def open(cls, url: str, reserve: Reserve | None = None, name: str = "") -> "Database":
        """Made where there is none, and brought to the newest schema. Raises StorageFull, DatabaseBusy."""
        if reserve is not None:
            reserve.spend_if_full()  # opening needs some room too
        database = cls(url, reserve, name)
        database._kind.make()
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
                self._kind.keep(connection)
                revisions.keep(connection)
                versions.keep(connection)
                summaries.keep(connection)
                self._migrated_to = MigrationContext.configure(connection).get_current_revision()
        except CommandError:
            raise self._newer() from None
        except DatabaseError as error:  # of another program, whose tables are in the way
            raise UnusableData(f"The database {self.name} cannot be used ({error.orig}).") from error

    def claim(self, name: str) -> bool:
        """Be one of those of this name as long as it is open; whether nobody else has the database open by another.
        It takes some seconds to say that somebody has: what was killed may seem to be there for so long."""
        with self._told():
            return self._kind.claim(self.engine, name)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view; nothing is written. Raises DatabaseBusy."""
        with self._told(), Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, *, reserved: bool = False, synced: bool = True) -> Iterator[Session]:
        """One transaction: durable when the block ends, undone when it raises. Raises StorageFull, DatabaseBusy.

        `synced`: whether it is to survive a power cut, or only the death of the process, which takes an eighth of the
        time. `reserved`: may use the room that is kept for it: what takes something away, so that it can be done on a
        full disk, and the few values that say that the disk was full."""
        if not self._turn.acquire(timeout=self.patience_seconds):
            raise self._kind.busy()
        try:
            if not reserved:
                self.check_room()
            elif self._reserve is not None and self._reserve.spend_if_full():
                self._kind.shorten_log(self.engine)
            engine = self._writing if synced else self._unsynced
            with self._told(), Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
            self.writes += 1
        finally:
            self._turn.release()

    def check_room(self) -> None:
        """Raises StorageFull when the disk has no room for anything but deleting."""
        if self._reserve is not None and not self._reserve.make():
            raise StorageFull()

    @property
    def name(self) -> str:
        """What errors call it; without a password."""
        return self._kind.name

    def schema(self) -> str | None:
        """Which it has; None: none yet."""
        with self._told(), self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def check_schema(self) -> None:
        """That it answers, with the schema that this program has given it: another may have migrated it since. Raises
        DatabaseBusy."""
        if self.schema() != self._migrated_to:
            raise UnusableData(f"The database {self.name} does not have this program's schema.")

    def count_on(self, session: Session, table: Table) -> None:
        """In a transaction that gave rows their numbers itself: have the next row's be after those."""
        self._kind.count_on(session, table)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What people are told of when the database cannot be used."""
        try:
            yield
        except NoConnectionLeft as error:
            raise self._kind.busy() from error
        except (DatabaseError, self._kind.failures) as error:
            told = self._kind.explain(error.orig if isinstance(error, DatabaseError) else error)
            if isinstance(told, StorageFull) and self._reserve is not None:
                self._reserve.spend()  # a quota is used up, though the disk has room
            if told is not None:
                raise told from error
            raise

    def _newer(self) -> UnusableData:
        return UnusableData(
            f"The database {self.name} was created by a newer Samphire.",
            hint="Install that version, or choose another folder with --data.",
        )
