"""Where the big bytes lie. A new kind of store is one file here and one line in `open_store`."""

from pathlib import Path

from ...addresses import Bucket
from .base import INCOMING, SIGNED_SECONDS, UPLOAD_TYPE, BlobStore, Stored
from .local import LocalBlobs
from .s3 import S3Blobs

BESIDE = "cache"  # beside the folder of blobs: what this machine has of a bucket


def open_store(folder: Path, bucket: Bucket | None = None, *, keeps: bool = True) -> BlobStore:
    """`folder`: of the blobs, unless they are in a bucket. `keeps`: on this machine, what is read of a bucket; not for
    who reads all of it once. Raises as `S3Blobs`."""
    return LocalBlobs(folder) if bucket is None else S3Blobs(folder.with_name(BESIDE), bucket, keeps=keeps)


__all__ = ["INCOMING", "SIGNED_SECONDS", "UPLOAD_TYPE", "BlobStore", "Stored", "open_store"]
