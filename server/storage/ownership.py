"""Whose a database is, and whose a store of blobs: a database is one data folder's at a time, as images that others put
elsewhere could not be found; a store is one database's alone, since what that does not know is cleaned away as
nobody's, so two that shared a bucket would take each other's files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from ..addresses import Bucket
from ..config import Settings
from ..errors import Conflict
from ..runtime.afterwards import afterwards
from .blobs import BlobStore, open_store
from .data_lock import id_of
from .engine import Database
from .facts import ID, agreed
from .reserve import Reserve


def open_database(settings: Settings) -> Database:
    """Raises as `Database.open`, and Conflict where a database server's is in use: it is one process's, or that of
    processes with the same folder that hear of each other. A file is kept by the folder's lock."""
    if not settings.database:
        return Database.open(settings.database_url, Reserve(settings.data_path / "reserve"))
    database = Database(settings.database_url)  # that server has a disk of its own
    try:
        if not database.claim(id_of(settings.data_path) if settings.redis else token_hex(8)):
            raise Conflict(
                f"Another Samphire is using the database {database.name}.",
                hint="Stop it, or name another database. Processes that share one need the same --redis and --data.",
            )
        database.migrate()
    except BaseException:
        database.close()
        raise
    return database


def open_own(folder: Path, bucket: Bucket | None, database: Database) -> BlobStore:
    """As `open_store`, for whoever stores and deletes. Raises Conflict where it is another database's."""
    blobs = open_store(folder, bucket)
    if bucket is not None:
        claim(blobs, bucket, database)
    return blobs


def claim(blobs: BlobStore, bucket: Bucket, database: Database) -> None:
    """Have it be this database's, if it is nobody's. Raises Conflict."""
    if not blobs.owner():
        blobs.claim(agreed(database, ID))
    if blobs.owner() != agreed(
        database, ID
    ):  # asked again: of two that claim it at once, the later one has it
        raise others(bucket)


@contextmanager
def claimed(blobs: BlobStore, bucket: Bucket | None, database: Database) -> Iterator[None]:
    """`claim`, of which nothing is left where what follows fails, so that it can be tried again."""
    if bucket is None:
        yield
        return
    claim(blobs, bucket, database)
    try:
        yield
    except BaseException:
        with afterwards(f"giving {bucket.shown} up"):
            blobs.claim("")
        raise


def others(bucket: Bucket) -> Conflict:
    return Conflict(
        f"{bucket.shown} belongs to another Samphire, whose images would be lost.",
        hint=f"Add a prefix of your own, or if that one is gone, delete the object {bucket.prefix}owner.",
    )
