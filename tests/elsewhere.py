"""The tests' databases in PostgreSQL, where SAMPHIRE_TEST_DATABASE names a database of a server:

    SAMPHIRE_TEST_DATABASE=postgresql+psycopg://samphire@127.0.0.1/postgres pytest tests/unit tests/web

Whoever opens the SQLite file at some path then gets a database of that server, one for each path: a copy of one that
was migrated once. The role must be allowed to create databases."""

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from server.storage import reading
from server.storage.engine import Database

VARIABLE = "SAMPHIRE_TEST_DATABASE"
_FILES = "sqlite:///"
_EMPTY = (
    "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"  # which sorts as people do, not as SQLite
)


class Elsewhere:
    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._prefix = f"samphire_test_{os.getpid()}"
        self._template = self._prefix
        self._made: dict[str, str] = {}
        self._count = 0
        self._do(f"CREATE DATABASE {self._template} {_EMPTY}")
        Database.open(self._url_of(self._template)).close()

    def take_over(self, patch: pytest.MonkeyPatch) -> None:
        """Have files of SQLite be databases here."""
        make = Database.__init__

        def made(database: Database, url: str, *arguments, **named) -> None:
            path = url.removeprefix(_FILES)
            make(database, url if path == url else self.url_at(path), *arguments, **named)

        patch.setattr(Database, "__init__", made)
        patch.setitem(
            reading._OPENING, "sqlite", lambda url: reading._on_server(self.url_at(url.removeprefix(_FILES)))
        )

    def url_at(self, path: str) -> str:
        return self._url_of(self._made.get(path) or self._make(path, f"TEMPLATE {self._template}"))

    def empty(self, path: str) -> str:
        """The address of a database without tables."""
        return self._url_of(self._make(path, _EMPTY))

    def _make(self, path: str, options: str) -> str:
        self._count += 1
        name = self._made[path] = f"{self._prefix}_{self._count}"
        self._do(f"CREATE DATABASE {name} {options}")
        return name

    def drop(self, folder: Path) -> None:
        """The databases of files in a folder."""
        for path in [each for each in self._made if Path(each).is_relative_to(folder)]:
            self._do(f"DROP DATABASE {self._made.pop(path)} WITH (FORCE)")

    def close(self) -> None:
        for name in (*self._made.values(), self._template):
            self._do(f"DROP DATABASE {name} WITH (FORCE)")
        self._engine.dispose()

    def _url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _do(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)
