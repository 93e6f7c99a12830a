"""Where the rows are: a database of its own, which is gone afterwards, never one that somebody uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from ..rows import Missing


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """A new database on the server that `url` names; "" for a file in the data folder. Dropped at the end. Raises
    Missing where the role may not create one."""
    if not url:
        yield ""
        return
    named, name = make_url(url), f"samphire_bench_{token_hex(6)}"
    engine = create_engine(named, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        except SQLAlchemyError as error:
            why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
            raise Missing(f"A database of its own cannot be created there ({why}).") from error
        try:
            yield named.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        engine.dispose()
