"""What `Database` leaves to each kind of database."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table
from sqlalchemy.orm import Session

from ...errors import DatabaseBusy, SamphireError

WRITES = "samphire_write"  # execution option of a connection: its transactions write
UNSYNCED = "samphire_unsynced"  # they need not survive a power cut
NUL, INSTEAD = "\0", "\ufffd"  # a character that not every kind can keep, and what is kept for it


class Kind(ABC):
    """One for each `Database`. `options`: of its engine; `reading`: execution options of what only reads; `failures`:
    of its driver, which SQLAlchemy does not always wrap. `name`: what errors call the database, without a password."""

    options: Mapping[str, Any] = {}
    reading: Mapping[str, Any] = {}
    failures: type[Exception]

    def __init__(self, url: URL, name: str = "") -> None:
        self.url = url
        self.name = name or self.called()

    @abstractmethod
    def called(self) -> str:
        """The database, as the URL says, without a password."""

    @abstractmethod
    def listen(self, engine: Engine, patience_seconds: Callable[[], float]) -> None:
        """Have connections prepared, and transactions begun as `Database` promises: one that writes alone writes, one
        that reads sees one state. Whoever waits for longer than `patience_seconds` is to get DatabaseBusy."""

    def busy(self) -> DatabaseBusy:
        """What is raised when somebody has waited long enough."""
        return DatabaseBusy()

    @abstractmethod
    def explain(self, error: BaseException | None) -> SamphireError | None:
        """None for what is no failure of the database itself, as a constraint that a row breaks."""

    def make(self) -> None:
        """Where it is a file: make one that nobody else reads, unless there is one."""
        return None

    def claim(self, engine: Engine, name: str) -> bool:
        """Have the connections from now on say whose they are, by this name, until they end; whether all that others
        have say the same."""
        return True

    def keep(self, connection: Connection) -> None:
        """Have the tables of the newest schema as Samphire means them, whatever the migrations say; part of the
        caller's transaction, before there are triggers on them."""
        return None

    def count_on(self, session: Session, table: Table) -> None:
        """Have the numbers that the database gives to a table's rows go on after those it has."""
        return None

    def shorten_log(self, engine: Engine) -> None:
        """Where it keeps a log on the disk of the data folder: give that room back."""
        return None
