"""What a blob store promises: a key names bytes that are complete or not there at all."""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

SIGNED_SECONDS = 1800
INCOMING = "incoming/"  # what keys of uploads begin with: they are not stored yet
UPLOAD_TYPE = "application/octet-stream"  # of what browsers put
_KEY = re.compile(r"[a-z]{1,32}(/[A-Za-z0-9_-]{1,80}){1,3}(\.[a-z0-9]{1,8}){0,2}")


def check_key(key: str) -> str:
    """A key is a few plain words with slashes between them; anything else is a programming error."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a blob key: {key[:80]!r}")
    return key


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


class Stored(NamedTuple):
    """A blob that is there. `modified`: seconds since 1970. `md5`: in hexadecimal, where the store says so at once;
    of one that encrypts, it may be another number."""

    key: str
    bytes: int
    modified: float
    md5: str = ""


class BlobStore(Protocol):
    """Where blobs lie is the store's own affair: others have their keys, and a path only inside `local` and `incoming`.

    Calls may take as long as a disk does: give big ones to `Pools.compute`. All may be called from any thread.
    """

    def open(self, key: str) -> BinaryIO:
        """The bytes, to be read. Raises FileNotFoundError."""
        ...

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The bytes as a file, for those who need one; it is only to be read. Raises FileNotFoundError."""
        ...

    def url(self, key: str, content_type: str) -> str | None:
        """Where a browser can fetch it as this type from the store itself, for `SIGNED_SECONDS` at least; None: only
        through this server."""
        ...

    def upload_url(self, key: str, size: int) -> str | None:
        """Where a browser can put so many bytes of UPLOAD_TYPE into the store itself, under a key of `INCOMING`; None:
        only through this server. What is left there is deleted in time."""
        ...

    def uploaded(self, key: str, most_bytes: int) -> AbstractContextManager[Path]:
        """What a browser put there, as a file for `put`, which need not send it again; gone at the end. Of what is
        longer, it holds more than `most_bytes`, but not all. Raises FileNotFoundError."""
        ...

    def drop_uploads(self) -> int:
        """Delete what browsers put there long ago; returns how many there were."""
        ...

    def put(self, key: str, data: bytes | Path) -> None:
        """Store bytes, or take over a file, replacing what was there; whole and durable when it returns."""
        ...

    def owner(self) -> str:
        """Whose the store is, as `claim` was told; "" while it is nobody's."""
        ...

    def claim(self, owner: str) -> None:
        """ "": it is nobody's again."""
        ...

    def incoming(self) -> AbstractContextManager[Path]:
        """A new empty file to stream into, for `put` to take over; gone at the end."""
        ...

    def move_out(self, key: str, target: Path) -> None:
        """Out of the store into a file. Raises FileNotFoundError; PermissionError on Windows, while it is read."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove; keys that are not there are no error."""
        ...

    def size(self, key: str) -> int | None:
        """Its bytes; None when it is not there."""
        ...

    def stored(self) -> Iterator[Stored]:
        """All there are, in no order; not what comes in."""
        ...

    def leftovers(self) -> list[str]:
        """What came in and was never stored: a killed process's, before this one takes any in."""
        ...

    def discard(self, leftovers: Iterable[str]) -> None:
        """Remove these."""
        ...
