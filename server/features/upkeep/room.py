"""How much room the disk of the data folder has left, and what can go there: what that is, how many bytes, and what is
lost with it. `samphire doctor --free` lets it go."""

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from ...addresses import Bucket
from ...storage.engine import Database
from ...storage.quarantine import Quarantine
from ...storage.rows import embeddings, images, imports
from .schema import WHAT, CanGo, Storage


class Room:
    """`folder`: the data folder. `bucket`: where blobs are, unless in it: then they take none of its room. Measuring
    reads folders: in a native thread of a server."""

    def __init__(self, folder: Path, db: Database, bucket: Bucket | None = None) -> None:
        self._folder, self._db, self._blobs_here = folder, db, bucket is None

    def describe(self) -> Storage:
        usage = shutil.disk_usage(self._folder)
        return Storage(usage.free, usage.total, self.can_go())

    def can_go(self) -> list[CanGo]:
        with self._db.read() as session:
            waiting = imports.spools_of_unfinished(session)
            of_embeddings = embeddings.total_bytes(session) if self._blobs_here else 0
            of_deleted = images.deleted_bytes(session) if self._blobs_here else 0
        sizes = {
            "exports": _total((self._folder / "exports").glob("*")),
            "imports": _total(self._folder / "imports" / spool for spool in waiting.values()),
            "downloads": _total((self._folder / "downloads").rglob("*")),
            "embeddings": of_embeddings,
            "deleted": of_deleted,
            "quarantine": _total(Quarantine(self._folder / "quarantine").files().values()),
        }
        return [CanGo(what, sizes[what]) for what in WHAT]


def _total(paths: Iterable[Path]) -> int:
    """In bytes, of those that are files, and still there."""
    total = 0
    for path in paths:
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
