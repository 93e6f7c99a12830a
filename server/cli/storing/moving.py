"""`samphire migrate-to`: the rows of the database that is used into another one, or all blobs into another store, which
is to be used from then on."""

import argparse
from contextlib import closing

from ...addresses import read_database
from ...config import Settings
from ...errors import InvalidSetting, UnusableData
from ...paths import moved
from .moving_blobs import move_blobs

_FILE = "sqlite"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target",
        nargs="?",
        metavar="DATABASE",
        help="An empty PostgreSQL database, as --database names it, or sqlite: the data folder's file, which must not "
        "exist. What is copied is the database that --database names, or the file. - reads the name from the terminal.",
    )
    parser.add_argument(
        "--blobs",
        dest="to_blobs",
        metavar="STORE",
        help="Copy images and embeddings instead: to s3://bucket/prefix, or to folder, that of the data folder. "
        "What is copied is what SAMPHIRE_BLOBS names, or the folder.",
    )


def migrate_to(settings: Settings, arguments: argparse.Namespace) -> int:
    """One of both, for each takes as long as it takes, and says what to do next."""
    if (arguments.target is None) == (arguments.to_blobs is None):
        raise InvalidSetting("Name a database, or with --blobs a store.", hint="One of both at a time.")
    if arguments.to_blobs is not None:
        return move_blobs(settings, arguments.to_blobs)
    return _rows(settings, arguments.target)


def _rows(settings: Settings, given: str) -> int:
    from ...storage.data_lock import DataLock
    from ...storage.engine import Database
    from ...storage.facts import forget_id
    from ...storage.moving import Moved, check_empty, copy

    target = _url(settings, given)
    if not settings.database and not settings.database_path.is_file():
        raise UnusableData(
            f"There is no database {settings.database_path}.", hint="Name the folder with --data."
        )
    if target == settings.database_url:
        raise InvalidSetting("That is the database that is used already.")
    if target.startswith(f"{_FILE}:") and settings.database_path.exists():
        raise InvalidSetting(
            f"{settings.database_path} is there already.", hint="Move it away if it is not needed any more."
        )

    def tell(table: Moved) -> None:
        if table.rows:
            print(f"{table.table:<24} {table.rows:>9,} rows  {table.digest[:16]}")

    file, unfinished = settings.database_path, settings.database_path.with_suffix(".part")
    into_file = target.startswith(f"{_FILE}:")
    with DataLock(settings.data_path):
        unfinished.unlink(missing_ok=True)
        with closing(Database.open(settings.database_url)) as source:
            made = f"{_FILE}:///{unfinished}" if into_file else target
            if not into_file:
                with closing(Database(target)) as asked:
                    check_empty(asked)
            with closing(Database.open(made, name=str(file) if into_file else "")) as new:
                copy(source, new, tell)
                names = source.name, new.name
            if into_file:
                unfinished.rename(file)
            forget_id(source)  # a server that goes on with it by mistake does not get at the bucket
        if not into_file and not settings.database:
            file.rename(moved(file))  # so that nobody goes on with it by mistake
    print(f"All of {names[0]} is in {names[1]}; start the server with that one.")
    return 0


def _url(settings: Settings, given: str) -> str:
    if given == "-":
        from getpass import getpass

        given = getpass("Database: ")
    if given == _FILE:
        return f"{_FILE}:///{settings.database_path}"
    try:
        read = read_database(given)
    except ValueError as error:
        raise InvalidSetting(f"The database {error}, or {_FILE}.") from None
    if not read:
        raise InvalidSetting("The database must have a name.")
    return read
