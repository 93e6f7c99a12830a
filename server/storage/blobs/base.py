"""What a blob store promises: a key names bytes that are complete or not there at all."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

_KEY = re.compile(r"[a-z]{1,32}(/[A-Za-z0-9_-]{1,80}){1,3}(\.[a-z0-9]{1,8}){0,2}")


def check_key(key: str) -> str:
    """A key is a few plain words with slashes between them; anything else is a programming error."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a blob key: {key[:80]!r}")
    return key


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


class Stored(NamedTuple):
    """A blob that is there. `modified`: seconds since 1970."""

    key: str
    bytes: int
    modified: float


class BlobStore(Protocol):
    """Calls may take as long as a disk does: give big ones to `Pools.compute`. All may be called from any
    thread.
    """

    def put(self, key: str, data: bytes) -> None:
        """Store, replacing what was there; durable when it returns."""
        ...

    def put_file(self, key: str, source: Path) -> None:
        """Take over a file that `temporary` made; it is gone from there afterwards."""
        ...

    def temporary(self) -> Path:
        """A new empty file to stream into; to be given to `put_file` or unlinked."""
        ...

    def read(self, key: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        ...

    def path(self, key: str) -> Path:
        """Where the bytes can be read as a file. Raises FileNotFoundError."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove; keys that are not there are no error."""
        ...

    def size(self, key: str) -> int | None:
        """Its bytes; None when it is not there."""
        ...

    def stored(self) -> Iterator[Stored]:
        """All there are, in no order; not the temporary files."""
        ...

    def leftovers(self) -> list[Path]:
        """Temporary files: a killed process's, before this one makes any."""
        ...
