"""SQL that each kind of database spells in its own way, under one name. No query of `rows` asks which kind it is for.

What SQLite and PostgreSQL both understand needs no name here, as JSON's paths and lengths.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Double,
    FunctionElement,
    SQLColumnExpression,
    TableValuedAlias,
    Text,
    column,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session

_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_for(session: Session, table: type[DeclarativeBase]) -> Any:
    """An insertion that knows `on_conflict_do_update`, which both spell alike."""
    return _INSERTS[session.get_bind().dialect.name](table)


def elements(array: SQLColumnExpression[Any]) -> TableValuedAlias:
    """A row for each element of a JSON array, in its column `value`, as JSON; none for what is no array."""
    return _Elements(array).table_valued(column("value", JSON))


def words(array: SQLColumnExpression[Any]) -> TableValuedAlias:
    """The same of an array of strings, as texts."""
    return _Words(array).table_valued(column("value", Text))


def has_part(text: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether a text has this in it, letter by letter: LIKE is not so exact everywhere."""
    return _HasPart(text, literal(part, Text))


def lowest(*values: ColumnElement[Any]) -> ColumnElement[float]:
    """Of several numbers of one row, of which none is NULL."""
    return _Lowest(*values)


def json_of(**values: ColumnElement[Any]) -> ColumnElement[Any]:
    """A JSON object."""
    return _JsonOf(*(each for name, value in values.items() for each in (literal(name, Text), value)))


def seconds_now() -> ColumnElement[float]:
    """The database's own clock, in seconds since 1970: as it is then, not when the transaction began."""
    return _SecondsNow()


class _Elements(FunctionElement[Any]):
    type, inherit_cache = JSON(), True


class _Words(FunctionElement[Any]):
    type, inherit_cache = Text(), True


class _HasPart(FunctionElement[bool]):
    type, inherit_cache = Boolean(), True


class _Lowest(FunctionElement[float]):
    type, inherit_cache = Double(), True


class _JsonOf(FunctionElement[Any]):
    type, inherit_cache = JSON(), True


class _SecondsNow(FunctionElement[float]):
    type, inherit_cache = Double(), True


_SPELLED: Mapping[type[FunctionElement[Any]], Mapping[str, str]] = {
    _Elements: {
        "sqlite": "json_each({0})",
        "postgresql": "json_array_elements(CASE json_typeof({0}) WHEN 'array' THEN {0} END)",
    },
    _Words: {
        "sqlite": "json_each({0})",
        "postgresql": "json_array_elements_text(CASE json_typeof({0}) WHEN 'array' THEN {0} END)",
    },
    _HasPart: {"sqlite": "(instr({0}) > 0)", "postgresql": "(strpos({0}) > 0)"},
    _Lowest: {"sqlite": "min({0})", "postgresql": "least({0})"},
    _SecondsNow: {
        "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
        "postgresql": "extract(epoch FROM clock_timestamp())::double precision",
    },
    _JsonOf: {"sqlite": "json_object({0})", "postgresql": "json_build_object({0})"},
}
"""How each is written, around its arguments."""


def _spell(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
    arguments = compiler.process(element.clauses, **options)
    return _SPELLED[type(element)][compiler.dialect.name].format(arguments)


for _spelled in _SPELLED:
    compiles(_spelled)(_spell)
