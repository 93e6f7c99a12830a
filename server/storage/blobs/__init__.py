"""Where the big bytes lie. A new kind of store is one file here and one line in `open_store`."""

from pathlib import Path

from server.storage.blobs.base import BlobStore, Stored
from server.storage.blobs.local import LocalBlobs


def open_store(folder: Path) -> BlobStore:
    return LocalBlobs(folder)


__all__ = ["BlobStore", "Stored", "open_store"]
