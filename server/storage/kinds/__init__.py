"""The kinds of database that rows can be kept in. A further one is a file, and its line here."""

from collections.abc import Mapping

from sqlalchemy import make_url

from .base import Kind
from .postgres import Postgres
from .sqlite import Sqlite

KINDS: Mapping[str, type[Kind]] = {"sqlite": Sqlite, "postgresql": Postgres}
"""By the name of SQLAlchemy's dialect."""


def kind_of(url: str, name: str = "") -> Kind:
    """`name`: what errors call the database, where that is not what the URL says. Raises InvalidSetting."""
    parsed = make_url(url)
    return KINDS[parsed.get_backend_name()](parsed, name)
