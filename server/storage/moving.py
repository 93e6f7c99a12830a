"""All rows of one database into another, of the same kind or not: whole, checked, or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, delete, false, func, insert, inspect, select
from sqlalchemy.orm import Session

from ..errors import Conflict, UnusableData
from .engine import Database
from .kinds.base import INSTEAD, NUL
from .tables import DEFAULT_PROJECT, Base, Fact, Project, ProjectRevision

_AT_ONCE = 500  # rows of one statement


class Moved(NamedTuple):
    """What a table has, in both databases. `digest`: of its rows."""

    table: str
    rows: int
    digest: str


def copy(source: Database, target: Database, tell: Callable[[Moved], None]) -> None:
    """Of two databases of the newest schema. `tell` hears of each table, once its rows were read back. Raises Conflict
    where the target has anything already, UnusableData where what is read back is something else."""
    tables = _tables()
    with source.read() as reading, target.write() as writing:
        if any(_holds(writing, table) for table in tables):
            raise _not_empty(target)
        writing.execute(delete(Project))  # the one that each new database has
        writing.execute(delete(Fact))
        for table in tables:
            for rows in _some(reading, table):
                writing.execute(insert(table), [dict(row._mapping) for row in rows])
            target.count_on(writing, table)
            if table.name == Project.__tablename__:
                writing.execute(delete(ProjectRevision))  # which triggers have made
        for table in tables:
            there, here = (_moved(session, table) for session in (reading, writing))
            if there != here:
                raise UnusableData(
                    f"The rows of {table.name} are not the same in {target.name}, so nothing was copied.",
                    hint="Tell us, and stay with the database that you have.",
                )
            tell(here)


def check_empty(database: Database) -> None:
    """Of any schema, or none, which stays as it is. Raises Conflict where it has anything already."""
    with database.read() as session:
        there = inspect(session.connection())
        names = set(there.get_table_names())
        for table in _tables():
            if table.name not in names:
                continue
            columns = {each["name"] for each in there.get_columns(table.name)}
            if _holds(session, table, has_events="last_seq" in columns):
                raise _not_empty(database)


def _not_empty(database: Database) -> Conflict:
    return Conflict(f"The database {database.name} is not empty.", hint="Name one that nobody has used yet.")


def _tables() -> Sequence[Table]:
    """What is referred to first; last what triggers change while others are filled."""
    last = Base.metadata.tables[ProjectRevision.__tablename__]
    return [*(each for each in Base.metadata.sorted_tables if each is not last), last]


def _holds(session: Session, table: Table, *, has_events: bool = True) -> bool:
    """`has_events`: whether projects say how many events they had, which they did not always."""
    query = select(func.count()).select_from(table)
    if table.name == Project.__tablename__:
        used = table.c.last_seq > 0 if has_events else false()
        query = query.where((table.c.id != DEFAULT_PROJECT) | used)
    elif table.name in (ProjectRevision.__tablename__, Fact.__tablename__):
        return False
    return session.execute(query).scalar_one() > 0


def _some(session: Session, table: Table) -> Iterator[Sequence[Row[Any]]]:
    query = select(table).order_by(*table.primary_key.columns)
    return session.execute(query.execution_options(yield_per=_AT_ONCE)).partitions()


def _moved(session: Session, table: Table) -> Moved:
    digest, count = hashlib.sha256(), 0
    for rows in _some(session, table):
        for row in rows:
            values = [each.replace(NUL, INSTEAD) if isinstance(each, str) else each for each in row]
            digest.update(json.dumps(values, default=str).encode())
            count += 1
    return Moved(table.name, count, digest.hexdigest())
