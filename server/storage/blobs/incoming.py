"""Files that come in before they are stored, each gone at the end: so far all stores agree."""

import contextlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ...runtime.afterwards import afterwards


class Incoming:
    """`coming`: the folder."""

    def __init__(self, coming: Path) -> None:
        self._coming = coming

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        self._coming.mkdir(parents=True, exist_ok=True)
        path = self._coming / secrets.token_hex(16)
        path.touch()
        try:
            yield path
        finally:
            with afterwards("deleting what came in"):
                path.unlink(missing_ok=True)

    def leftovers(self) -> list[str]:
        return [path.name for path in self._coming.iterdir()] if self._coming.is_dir() else []

    def discard(self, leftovers: Iterable[str]) -> None:
        for name in leftovers:
            with contextlib.suppress(OSError):
                (self._coming / name).unlink()
