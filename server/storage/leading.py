"""Which of the processes that share a PostgreSQL database does what only one may: the one that holds an advisory lock.

The lock lasts as long as its connection: a process that is killed loses it at once, a machine that is cut off within
seconds. Nothing has to be renewed or to expire, and nobody else's clock counts.
"""

import logging

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

_LOCK = 0x73616D7068006C64  # another than that of transactions, which is in `kinds.postgres`
_ALIVE = {"tcp_keepalives_idle": 2, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 2}
_OF_CLIENT = {
    "application_name": "samphire",
    "connect_timeout": "3",
    "keepalives_idle": "2",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "tcp_user_timeout": "5000",
}


class Leading:
    """Has a connection of its own to the database at a URL, once it is asked."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=_OF_CLIENT
        )
        self._connection: Connection | None = None
        self._leads = False

    def leads(self) -> bool:
        """Whether the lock is this process's, which takes it where nobody has it. Not while the database cannot be
        reached."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
                for name, seconds in _ALIVE.items():
                    self._connection.exec_driver_sql(f"SET {name} = {seconds}")
            if self._leads:
                self._connection.exec_driver_sql("SELECT 1")
            else:
                take = f"SELECT pg_try_advisory_lock({_LOCK})"
                self._leads = bool(self._connection.exec_driver_sql(take).scalar())
        except DBAPIError as error:
            log.warning("Whose the work in the background is cannot be asked: %s", error.orig)
            self.leave()
        return self._leads

    def leave(self) -> None:
        connection, self._connection, self._leads = self._connection, None, False
        if connection is not None:
            try:
                connection.invalidate()  # ends it, without a word to a server that may not answer
            finally:
                connection.close()
