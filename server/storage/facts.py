"""What all processes of one database have in common, made by the first that asks."""

from secrets import token_hex

from sqlalchemy.exc import IntegrityError

from .engine import Database
from .tables import Fact

ID = "id"  # what no other database has
SEAL = "seal of sign-ins"  # what proves that a server of this database wrote something


def agreed(database: Database, name: str) -> str:
    """Random, and nobody's to guess."""
    with database.read() as session:
        found = session.get(Fact, name)
    if found is not None:
        return found.value
    try:
        with database.write() as session:
            session.add(made := Fact(name=name, value=token_hex(32)))
        return made.value
    except IntegrityError:  # another process was faster
        return agreed(database, name)


def forget_id(database: Database) -> None:
    """Of one that is to live beside the other, or of what was moved elsewhere."""
    with database.write() as session:
        found = session.get(Fact, ID)
        if found is not None:
            session.delete(found)
