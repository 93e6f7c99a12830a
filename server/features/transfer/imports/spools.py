"""The folder where files that were sent wait for their import: taken in, kept, and removed when nobody needs them."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import IO

from ....domain.times import UNDO_DAYS
from ....errors import InvalidArchive, TooLarge
from ....runtime.pools import Pools
from ....storage.engine import Database
from ....storage.quarantine import Quarantine
from ....storage.rows import imports as rows
from ....storage.tables import now

log = logging.getLogger(__name__)

_PIECE_BYTES = 1 << 20
_GRACE_SECONDS = 24 * 3600.0  # a younger file may wait for its row
_SPOOL = re.compile(r"[0-9a-f]{16}")


class Spools:
    def __init__(self, folder: Path, most_bytes: int, db: Database, pools: Pools) -> None:
        """`most_bytes`: of one file."""
        self.folder, self._most_bytes, self._db, self._pools = folder, most_bytes, db, pools

    @contextmanager
    def receiving(self, stream: IO[bytes]) -> Iterator[Path]:
        """The bytes of a stream in a file of their own, which is gone at the end unless it was kept.

        However slowly they come, nothing else waits for them. Raises TooLarge, InvalidArchive."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.folder, prefix=".") as folder:
            path = Path(folder) / "received"
            self._write(stream, path)
            yield path

    def keep(self, path: Path) -> str:
        """A file that was received, under a name of its own."""
        name = token_hex(8)
        path.replace(self.folder / name)
        return name

    def size(self, name: str | None) -> int:
        """In bytes; 0 for what is not here."""
        try:
            return (self.folder / name).stat().st_size if name else 0
        except OSError:
            return 0

    def remove(self, name: str | None) -> None:
        if name:
            (self.folder / name).unlink(missing_ok=True)

    def leftovers(self) -> list[Path]:
        """Half-received files, and unpacked ones: a killed process's, before this one makes any."""
        return [path for path in self._there() if path.name.startswith(".") and path.is_dir()]

    def drop_old(self, quarantine: Quarantine) -> None:
        """Remove what was sent for imports that nobody went on with for 30 days; what no import knows is moved into
        quarantine, since the database may be an older copy."""
        there = [path for path in self._there() if _SPOOL.fullmatch(path.name)]
        with self._db.read() as session:
            known = rows.spools(session)
        for path in there:
            if path.name not in known:
                if path.stat().st_mtime < time.time() - _GRACE_SECONDS:
                    log.warning("No import knows the file %s: it goes into quarantine", path)
                    quarantine.take(path, f"imports/{path.name}")
            elif known[path.name] < now() - timedelta(days=UNDO_DAYS):
                log.info("Removed the file of an import that nobody went on with: %s", path)
                path.unlink(missing_ok=True)

    def _write(self, stream: IO[bytes], path: Path) -> None:
        size = 0
        with path.open("wb") as file:
            while piece := stream.read(_PIECE_BYTES):
                size += len(piece)
                if size > self._most_bytes:
                    raise TooLarge(
                        f"This file exceeds the limit of {self._most_bytes / 1e6:g} MB.",
                        hint="Upload several smaller ones, or start Samphire with a larger --max-import-mb.",
                    )
                self._pools.compute(file.write, piece)
        if size == 0:
            raise InvalidArchive("This file is empty.")

    def _there(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder.is_dir() else []
