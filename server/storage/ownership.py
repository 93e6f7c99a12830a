"""Whose a store of blobs is: one database's alone. What that one does not know is cleaned away as nobody's, so two that
shared a bucket would take each other's files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..addresses import Bucket
from ..errors import Conflict
from ..runtime.afterwards import afterwards
from .blobs import BlobStore, open_store
from .engine import Database
from .facts import ID, agreed


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
