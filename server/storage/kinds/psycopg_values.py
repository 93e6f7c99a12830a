"""How psycopg is to turn values into what PostgreSQL has, and back, so that rows are as SQLite gives them."""

from typing import Any

from psycopg.adapt import Loader
from psycopg.types.string import StrDumper

from .base import INSTEAD, NUL


class Number(Loader):
    """Sums of integers are decimal numbers to PostgreSQL."""

    def load(self, data: Any) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


class Text(StrDumper):
    """A NUL, which its texts cannot have, is the character for what cannot be shown: so nothing that is looked for by
    one is found, and what a file brings with it is kept but for that."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace(NUL, INSTEAD) if NUL in obj else obj)
