"""Where the big bytes lie. A new kind of store is one file here and one line in `open_store`."""

from pathlib import Path

from .base import BlobStore, Stored
from .local import LocalBlobs


def open_store(folder: Path) -> BlobStore:
    return LocalBlobs(folder)


__all__ = ["BlobStore", "Stored", "open_store"]
