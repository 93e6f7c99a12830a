"""What trainings keep on the disk: `<data>/trainings/<id>`, with the images they learn from and how far they are."""

import json
import logging
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import StorageFull
from ...storage.engine import Database
from ...storage.quarantine import Quarantine
from ...storage.rows.training import trainings as rows

log = logging.getLogger(__name__)

_SPARE_BYTES = 200_000_000
_GRACE_SECONDS = 24 * 3600.0  # a younger one may be of what is just beginning
_REQUEST, _SET, _REPORT, _FINISH = "request.json", "set", "report.html", "finish"
_PLAN, _CHECKPOINT, _IMAGES, _RESULT = "plan.json", "checkpoint.pt", "images.json", "result.json"
_KEPT = (_REQUEST, _RESULT, _REPORT, _IMAGES)


class Folders:
    """Blocks while it works on the disk."""

    def __init__(self, folder: Path, db: Database) -> None:
        self._folder, self._db = folder, db

    def path(self, run_id: str) -> Path:
        return self._folder / run_id

    def set_path(self, run_id: str) -> Path:
        return self.path(run_id) / _SET

    def report_path(self, run_id: str) -> Path:
        return self.path(run_id) / _REPORT

    def request(self, run_id: str, request: Mapping[str, Any], finishing: bool) -> None:
        """Say to the program that trains what is wanted; `finishing`: that it ends at once, with the best it has.
        Raises OSError."""
        folder = self.path(run_id)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{_REQUEST}.part"
        part.write_text(json.dumps(request), "utf-8")
        part.replace(folder / _REQUEST)
        (folder / _FINISH).touch() if finishing else (folder / _FINISH).unlink(missing_ok=True)

    def finish(self, run_id: str) -> None:
        """Say to the program, which may be training, to end now with the best it has. Raises OSError."""
        self.path(run_id).mkdir(parents=True, exist_ok=True)
        (self.path(run_id) / _FINISH).touch()

    def has_begun(self, run_id: str) -> bool:
        """Whether something has been trained, to go on with."""
        return (self.path(run_id) / _PLAN).exists()

    def check_room(self, needed_bytes: int) -> None:
        """Raises StorageFull."""
        free = shutil.disk_usage(next(path for path in self._folder.parents if path.is_dir())).free
        if free < needed_bytes + _SPARE_BYTES:
            raise StorageFull(
                f"Training needs {(needed_bytes + _SPARE_BYTES) / 1e9:.1f} GB of disk space for its images; "
                f"{free / 1e9:.1f} GB are free."
            )

    def clear_set(self, run_id: str, image_ids: Sequence[str]) -> Path:
        """Where to put a new set of these images; a half-written one is gone, and so is what was learnt from another.
        Raises OSError."""
        there, folder = self.path(run_id), self.set_path(run_id)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in (_PLAN, _CHECKPOINT):
            (there / name).unlink(missing_ok=True)
        part = there / f"{_IMAGES}.part"
        part.write_text(json.dumps(image_ids), "utf-8")
        part.replace(there / _IMAGES)
        return folder

    def keep_what_came_of_it(self, run_id: str) -> None:
        """It is done: what it took to go on is not needed any more."""
        there = self.path(run_id)
        for path in there.iterdir() if there.is_dir() else ():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in _KEPT:
                path.unlink(missing_ok=True)

    def showing_forgotten(self) -> list[str]:
        """Ids of trainings that show an image which their project has forgotten; of those that are under way once they
        have ended."""
        with self._db.read() as session:
            known = {run.id: (run.project_id, self._images(run.id)) for run in rows.resting(session)}
            return [run_id for run_id, told in known.items() if rows.forgotten(session, *told)]

    def forget_images(self, run_ids: Sequence[str]) -> None:
        """Remove what these trainings show of their images, last of all by what they are found. Raises OSError."""
        for run_id in run_ids:
            shutil.rmtree(self.set_path(run_id), ignore_errors=True)
            for name in (_REPORT, _RESULT, _IMAGES):
                (self.path(run_id) / name).unlink(missing_ok=True)

    def _images(self, run_id: str) -> list[str]:
        """Ids of those that its set and its report show."""
        try:
            return json.loads((self.path(run_id) / _IMAGES).read_text("utf-8"))
        except FileNotFoundError:
            return []

    def remove(self, run_id: str) -> None:
        shutil.rmtree(self.path(run_id), ignore_errors=True)

    def drop_old(self, quarantine: Quarantine) -> None:
        """Folders of no training go into quarantine, since the database may be an older copy. Raises OSError."""
        there = [path for path in self._folder.iterdir() if path.is_dir()] if self._folder.is_dir() else []
        with self._db.read() as session:
            known = rows.ids(session)
        for path in there:
            if path.name not in known and path.stat().st_mtime < time.time() - _GRACE_SECONDS:
                self.keep_what_came_of_it(path.name)
                log.warning("No training knows the folder %s: it goes into quarantine", path)
                quarantine.take(path, f"trainings/{path.name}")
