"""Triggers, kept as they are to be now, whatever a migration or an older version left of them."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection


class Trigger(NamedTuple):
    """`when`: as "AFTER INSERT ON annotations", and for PostgreSQL of which rows; `does`: a statement."""

    when: str
    does: str


def keep(connection: Connection, wanted: Mapping[str, Mapping[str, Trigger]]) -> None:
    """Have these, by dialect and name; part of the caller's transaction."""
    dialect = connection.dialect.name
    _KEEPERS[dialect](connection, wanted[dialect])


def _keep_in_sqlite(connection: Connection, wanted: Mapping[str, Trigger]) -> None:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    there = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    for name, (when, does) in wanted.items():
        made = f"CREATE TRIGGER {name} {when} BEGIN {does}; END"
        if there.get(name) == made:
            continue
        if name in there:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(made)


def _keep_in_postgres(connection: Connection, wanted: Mapping[str, Trigger]) -> None:
    query = (
        "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    there = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    for name, (when, does) in wanted.items():
        body = f" /* {when} */ BEGIN {does}; RETURN NULL; END "
        if there.get(name) == body:  # to make it again would wait for all who use the table
            continue
        if name in there:
            table = when.partition(" ON ")[2].split()[0]
            connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")


_KEEPERS = {"sqlite": _keep_in_sqlite, "postgresql": _keep_in_postgres}
