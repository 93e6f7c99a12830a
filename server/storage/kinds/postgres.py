"""PostgreSQL: a database of a server, reached by psycopg.

One transaction writes at a time, as with SQLite: it begins with an advisory lock, and what it reads after that nobody
else changes. A lock for each project would let several people's changes go to the disk together, but a unit of work
does not know its project before it has read, and accounts, jobs and images belong to none. What that costs is one
commit after the other.
"""

import logging
import time
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, Table, event, func, select
from sqlalchemy.orm import Session

from ...errors import DatabaseBusy, InvalidSetting, SamphireError, StorageFull, UnusableData
from ..tables import Base
from .base import UNSYNCED, WRITES, Kind

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger("samphire.storage")

_LOCK = 0x73616D7068697265  # any number that no other program takes in the same database
_CLAIM = 0x73616D70  # as above, of locks with two numbers
_CONNECT_SECONDS = "3"
_SILENCE = {  # seconds after which a line that carries nothing is looked at, and given up
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",  # milliseconds, for what was sent and is not acknowledged
}
_GONE_SECONDS = 12.0  # by then the connections of a process that is killed, or whose machine is, have ended
_LOOK_SECONDS = 0.2
_IDLE_MS = 6000  # a transaction that writes and is silent for so long is undone: its process may be cut off
_BUSY = (
    "55P03",  # a lock was waited for too long
    "40001",  # transactions that got into each other's way
    "40P01",
    "53300",  # too many connections
    "57014",  # the server's own limits on a statement's time, and on a transaction's
    "25P03",
)
_LOST = ("08", "57P")  # connections; an operator's shutdown
_REFUSED = ("28", "42501", "3D", "3F")  # passwords and roles; rights; no such database; no such schema
_LATER = ("too many", "remaining connection slots", "starting up", "shutting down", "recovery mode")
_UNREACHABLE = "The database server cannot be reached, so nothing was read or saved."
_REACH = "Try again in a moment; the server's log says more."
_MEND = "Check --database, and what the database server lets its user do."


class Postgres(Kind):
    options = {  # noqa: RUF012 - the level is that of what writes, whatever the server's own default
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 10,
        "isolation_level": "READ COMMITTED",
    }
    reading = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}  # noqa: RUF012

    def __init__(self, url: URL, name: str = "") -> None:
        super().__init__(url, name)
        self._claim: int | None = None  # a number of the name that it is claimed by
        try:
            import psycopg
        except ImportError:
            raise InvalidSetting(
                "--database needs psycopg to reach PostgreSQL.", hint='`pip install "samphire[postgres]"`'
            ) from None
        self.failures = psycopg.Error

    def called(self) -> str:
        host = f"{self.url.host or ''}:{self.url.port}" if self.url.port else self.url.host or ""
        return f"postgresql://{host}/{self.url.database}"

    def listen(self, engine: Engine, patience_seconds: Callable[[], float]) -> None:
        self._patience_seconds = patience_seconds
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", self._prepare)
        event.listen(engine, "begin", self._begin)

    def busy(self) -> DatabaseBusy:
        return DatabaseBusy(hint="Try again in a moment.")

    def explain(self, error: BaseException | None) -> SamphireError | None:
        import psycopg

        if not isinstance(error, psycopg.Error):
            return None
        state, said = error.sqlstate or "", str(error).strip().split("\n")[0]
        if state in _BUSY:
            return self.busy()
        if state == "53100":
            return StorageFull(
                "The disk of the database server is full, so nothing was saved.",
                hint="Free some space there, then try again.",
            )
        if state == "25006":
            return UnusableData(f"The database {self.name} can only be read ({said}).", hint=_MEND)
        unknown = not state and isinstance(error, psycopg.ProgrammingError)  # as a parameter in the address
        if state.startswith(_REFUSED) or unknown or (not state and _is_refusal(error)):
            return UnusableData(f"The database {self.name} cannot be used ({said}).", hint=_MEND)
        if state.startswith(_LOST) or (not state and isinstance(error, psycopg.OperationalError)):
            log.error("The database %s cannot be reached: %s", self.name, said)
            return DatabaseBusy(_UNREACHABLE, hint=_REACH)
        return None

    def keep(self, connection: Connection) -> None:
        """Have numbers as wide as SQLite's, and texts compared as SQLite compares them, by code points: whatever the
        language of the database, it sorts alike, and a page of a list goes on where the last one ended."""
        tables: dict[str, list[str]] = {}
        for table, column, kind, sequence in connection.exec_driver_sql(_OF_OTHER_TYPES):
            if table not in Base.metadata.tables:
                continue
            becomes = "bigint" if kind == "integer" else f'{kind} COLLATE "C"'
            tables.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {becomes}')
            if sequence is not None:
                connection.exec_driver_sql(f"ALTER SEQUENCE {sequence} AS bigint")
        for table, changes in tables.items():
            connection.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(changes)}')

    def claim(self, engine: Engine, name: str) -> bool:
        """Each connection of the pool holds a lock that those of the same name share."""
        self._claim = int.from_bytes(sha256(name.encode()).digest()[:4]) >> 1
        engine.dispose()  # connections that say nothing yet
        deadline = time.monotonic() + _GONE_SECONDS
        while True:
            with engine.connect() as connection:
                alone = connection.exec_driver_sql(_OF_OTHERS % (_CLAIM, self._claim)).scalar() == 0
            if alone or time.monotonic() > deadline:
                return alone
            time.sleep(_LOOK_SECONDS)

    def count_on(self, session: Session, table: Table) -> None:
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            last = select(func.max(column)).scalar_subquery()
            session.execute(select(func.setval(sequence, last)).where(last.is_not(None)))

    def _connect(self, _dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        for name, value in {
            "application_name": "samphire",
            "connect_timeout": _CONNECT_SECONDS,
            **_SILENCE,
        }.items():
            parameters.setdefault(name, value)

    def _prepare(self, connection: "psycopg.Connection[Any]", _record: Any) -> None:
        from .psycopg_values import Number, Text

        connection.adapters.register_loader("numeric", Number)
        connection.adapters.register_dumper(str, Text)
        connection.execute("SET jit = off")  # it takes longer to compile a query than any of ours takes
        connection.execute("SET TIME ZONE 'UTC'")  # times are stored without an offset
        if self._claim is not None:
            connection.execute(_HOLD, (_CLAIM, self._claim))
        connection.commit()

    def _begin(self, connection: Connection) -> None:
        """Where it writes: in its turn, from which on each statement sees what was committed before it. What is read is
        seen as it is with the first statement."""
        options = connection.get_execution_options()
        if not options.get(WRITES):
            return
        patience_ms = max(1, round(1000 * self._patience_seconds()))
        connection.exec_driver_sql(
            _TAKE_TURN % (patience_ms, _IDLE_MS, "off" if options.get(UNSYNCED) else "on", _LOCK)
        )


_TAKE_TURN = (
    "SELECT set_config('lock_timeout', '%dms', true),"
    " set_config('idle_in_transaction_session_timeout', '%dms', true), set_config('synchronous_commit', '%s', true),"
    " pg_advisory_xact_lock(%d)"
)
_HOLD = (
    "SELECT set_config('tcp_keepalives_idle', '4', false), set_config('tcp_keepalives_interval', '2', false),"
    " set_config('tcp_keepalives_count', '2', false), pg_advisory_lock_shared(%s::int, %s::int)"
)
_OF_OTHERS = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid = %d AND objid <> %d
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_OF_OTHER_TYPES = """
SELECT relname, attname, format_type(atttypid, atttypmod), pg_get_serial_sequence(quote_ident(relname), attname)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
AND (atttypid = 'int4'::regtype OR (attcollation <> 0 AND attcollation <> '"C"'::regcollation))
ORDER BY relname, attnum
"""


def _is_refusal(error: "psycopg.Error") -> bool:
    """Of a connection that could not be made, for which there is no code: whether a server answered, and said what will
    not pass by itself."""
    said = str(error)
    return "FATAL:" in said and not any(each in said for each in _LATER)
