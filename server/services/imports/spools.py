"""The folder where files that were sent wait for their import: which are half-made, and which nobody needs any more."""

import logging
import re
import time
from datetime import timedelta
from pathlib import Path

from server.services.images import UNDO_DAYS
from server.storage import imports as rows
from server.storage.engine import Database
from server.storage.quarantine import Quarantine
from server.storage.tables import now

log = logging.getLogger(__name__)

_GRACE_SECONDS = 24 * 3600.0  # a younger file may wait for its row
_SPOOL = re.compile(r"[0-9a-f]{16}")
_HALF = re.compile(r"\.[a-z0-9_]{8}")  # as `tempfile` names folders


class Spools:
    def __init__(self, folder: Path, db: Database) -> None:
        self.folder, self._db = folder, db

    def leftovers(self) -> list[Path]:
        """Half-received files, and unpacked ones: a killed process's, before this one makes any."""
        return [path for path in self._there() if _HALF.fullmatch(path.name)]

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

    def _there(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder.is_dir() else []
