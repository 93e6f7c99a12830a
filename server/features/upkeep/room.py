"""How much room the disk of the data folder has left, and what can go there: what that is, how many bytes, and what is
lost with it. `samphire doctor --free` lets it go."""

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ...storage.engine import Database
from ...storage.quarantine import Quarantine
from ...storage.rows import embeddings, images, imports

WHAT = {
    "exports": "exported files, which are recreated when needed",
    "imports": "files of failed or stopped imports, which then cannot be resumed",
    "downloads": "unfinished downloads of segmenters",
    "embeddings": "embeddings, which are recreated when needed",
    "deleted": "deleted images, which then cannot be restored",
    "quarantine": "files that are not in the database, which then cannot be recovered",
}


class Share(NamedTuple):
    """One line of what can go; `what` is one of `WHAT`."""

    what: str
    bytes: int


class Room:
    """`folder`: the data folder. Measuring reads folders: in a native thread of a server."""

    def __init__(self, folder: Path, db: Database) -> None:
        self._folder, self._db = folder, db

    def describe(self) -> dict[str, Any]:
        """As the API gives it."""
        usage = shutil.disk_usage(self._folder)
        return {
            "free_bytes": usage.free,
            "total_bytes": usage.total,
            "can_go": [each._asdict() for each in self.can_go()],
        }

    def can_go(self) -> list[Share]:
        with self._db.read() as session:
            waiting = imports.spools_of_unfinished(session)
            of_embeddings = embeddings.total_bytes(session)
            of_deleted = images.deleted_bytes(session)
        sizes = {
            "exports": _total((self._folder / "exports").glob("*")),
            "imports": _total(self._folder / "imports" / spool for spool in waiting.values()),
            "downloads": _total((self._folder / "downloads").rglob("*")),
            "embeddings": of_embeddings,
            "deleted": of_deleted,
            "quarantine": _total(Quarantine(self._folder / "quarantine").files().values()),
        }
        return [Share(what, sizes[what]) for what in WHAT]


def _total(paths: Iterable[Path]) -> int:
    """In bytes, of those that are files, and still there."""
    total = 0
    for path in paths:
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
