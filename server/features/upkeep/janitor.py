"""Cleans the data folder, and is alone in doing so: begun by a running server, now and then.

What the database does not know is not removed but moved into quarantine, when it is too old to be under way: the
database may be an older copy, or a new one in the place of one that was lost. What it knows again comes back.
"""

import contextlib
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from ...domain.times import INBOX_DAYS, UNDO_DAYS
from ...errors import SamphireError
from ...runtime import greenlets
from ...runtime.pools import Pools
from ...storage import quarantine
from ...storage.blobs import BlobStore, Stored
from ...storage.engine import Database
from ...storage.quarantine import Quarantine
from ...storage.rows import comments, embeddings, events, images, jobs, project_images, projects
from ...storage.rows.agreement import consensus
from ...storage.rows.automatic import runs
from ...storage.rows.training import trainings
from ...storage.rows.visits import sandboxes
from ...storage.tables import now
from ..training.folders import Folders
from ..transfer.exports.exports import Exports
from ..transfer.imports.spools import Spools

log = logging.getLogger(__name__)

_BLOBS = "blobs/"  # before the key of a blob in quarantine
_FIRST_SECONDS = 60.0  # after the start: whoever waited for it comes first
_EVERY_SECONDS = 3600.0
_GRACE_SECONDS = 24 * 3600.0  # a younger file may belong to what is under way
_LEFT_SECONDS = 3 * 24 * 3600.0
_JOBS_DAYS = 7  # so long is known how a job ended
_AT_ONCE = 100  # images
_SANDBOXES_AT_ONCE = 50
_KEYS_AT_ONCE = 500


class Janitor:
    """In a greenlet between `start` and `stop`, in one process at a time."""

    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        quarantine: Quarantine,
        spools: Spools,
        exports: Exports,
        trainings: Folders,
        pools: Pools,
    ) -> None:
        self._db, self._blobs, self._quarantine, self._pools = db, blobs, quarantine, pools
        self._spools, self._exports, self._trainings = spools, exports, trainings
        self._greenlet: greenlets.Greenlet | None = None
        self._left: dict[str | Path, float] = {}  # half-made files: when each was seen first

    def begin(self, others_there: Callable[[], bool] = lambda: False) -> None:
        """In each process before its first request: what half-made files there are then are a killed process's, unless
        others are at work, who were there before. `others_there` may take a while: nothing newer is removed."""
        came_in, files = self._leftovers()
        if came_in or files:
            greenlets.spawn(self._discard_unless, others_there, came_in, files)

    def start(self) -> None:
        self._greenlet = greenlets.spawn(self._run)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()

    def clean(self) -> None:
        """All of it once. What fails is logged, and the rest is done all the same."""
        for step in (
            self._bring_back,
            self.end_sandboxes,
            self.purge,
            self._thin_events,
            lambda: self._pools.store(self._blobs.drop_uploads),
            lambda: self._pools.store(self._set_aside),
            lambda: self._pools.compute(self._expire),
            lambda: self._spools.drop_old(self._quarantine),
            lambda: self._pools.compute(self._exports.drop_old),
            lambda: self._pools.compute(self._trainings.drop_old, self._quarantine),
            self._forget_jobs,
            self._drop_left,
        ):
            _tried(step)

    def purge(self) -> int:
        """Forget for good what was deleted more than 30 days ago, and images of no project; their originals go into
        quarantine, for clocks are wrong at times. Returns how many images."""
        return self._forget(now() - timedelta(days=UNDO_DAYS), self._quarantine_all)

    def forget_deleted(self) -> int:
        """As `purge`, at once and without quarantine: somebody asked for it."""
        return self._forget(now(), lambda originals: None)

    def end_sandboxes(self) -> int:
        """Delete what visitors brought whose visits are over, at once and for good. Returns how many visits."""
        ended = 0
        while True:
            with self._db.write(reserved=True) as session:
                over = sandboxes.over(session, now(), _SANDBOXES_AT_ONCE)
                image_ids = [each for sandbox in over for each in sandboxes.images(session, sandbox.id)]
                for sandbox in over:
                    sandboxes.end(session, sandbox.id)
                    projects.remove(session, sandbox.id)
                unused = images.unused(session, len(image_ids), image_ids)
                keys = {key for image in unused for key in images.remove(session, image)}
            if not over:
                return ended
            self._pools.store(self._blobs.delete, keys)
            ended += len(over)

    def _forget(self, moment: datetime, keep: Callable[[list[str]], None]) -> int:
        forgotten, runs_of_them = 0, list[str]()
        with self._db.write(reserved=True) as session:
            for project_id in projects.deleted_before(session, moment):
                log.info("Forgot the project %s, which was deleted before %s", project_id, moment)
                runs_of_them += trainings.ids(session, project_id)
                projects.remove(session, project_id)
            project_images.purge(session, moment)
        for run_id in runs_of_them:
            self._pools.compute(self._trainings.remove, run_id)
        shown = self._pools.compute(self._trainings.showing_forgotten)
        if shown:
            with self._db.write(reserved=True) as session:
                trainings.forget_names(session, shown)
            self._pools.compute(self._trainings.forget_images, shown)
            log.info("Forgot what %d trainings showed of images that are deleted", len(shown))
        while True:
            with self._db.write(reserved=True) as session:
                unused = images.unused(session, _AT_ONCE)
                keys = {key for image in unused for key in images.remove(session, image)}
            if not unused:
                return forgotten
            self._pools.store(keep, [image.original_key for image in unused])
            self._pools.store(self._blobs.delete, keys)
            forgotten += len(unused)
            log.info("Forgot %d images that were deleted before %s", len(unused), moment)

    def _thin_events(self) -> None:
        with self._db.write(reserved=True) as session:
            events.thin(session, now() - timedelta(days=UNDO_DAYS))
            consensus.drop_old(session, now() - timedelta(days=UNDO_DAYS))
            runs.drop_old(session, now() - timedelta(days=UNDO_DAYS))
            comments.prune_inboxes(session, now() - timedelta(days=INBOX_DAYS))

    def _bring_back(self) -> None:
        self._pools.store(bring_back, self._db, self._blobs, self._quarantine)

    def _leftovers(self) -> tuple[list[str], list[Path]]:
        return self._blobs.leftovers(), [*self._spools.leftovers(), *self._exports.leftovers()]

    def _drop_left(self) -> None:
        """Half-made files of processes that were killed while others went on: nothing takes as long as that."""
        came_in, files = self._leftovers()
        moment = time.monotonic()
        self._left = {each: self._left.get(each, moment) for each in (*came_in, *files)}
        old = {each for each, since in self._left.items() if moment - since > _LEFT_SECONDS}
        if old:
            self._discard([each for each in came_in if each in old], [each for each in files if each in old])

    def _discard_unless(
        self, others_there: Callable[[], bool], came_in: list[str], files: list[Path]
    ) -> None:
        if not others_there():
            self._discard(came_in, files)

    def _discard(self, came_in: list[str], files: list[Path]) -> None:
        self._pools.store(self._blobs.discard, came_in)
        self._pools.compute(_remove_files, files)
        log.info("Removed %d half-made files of an earlier run", len(came_in) + len(files))

    def _run(self) -> None:
        _tried(self._bring_back)
        greenlets.sleep(_FIRST_SECONDS)
        while True:
            self.clean()
            greenlets.sleep(_EVERY_SECONDS)

    def _set_aside(self) -> None:
        oldest = time.time() - _GRACE_SECONDS
        unknown = [each.key for each in unknown_blobs(self._db, self._blobs) if each.modified < oldest]
        if unknown:
            self._quarantine_all(unknown)
            log.warning(
                "Moved %d files that the database does not know to %s, where they stay for %d days. If it is an older "
                "copy, put the right one back; `samphire doctor --recover` makes images of them again.",
                len(unknown),
                self._quarantine.folder,
                quarantine.DAYS,
            )

    def _quarantine_all(self, keys: list[str]) -> None:
        for key in keys:
            with contextlib.suppress(FileNotFoundError, PermissionError):  # gone; on Windows, being read
                self._blobs.move_out(key, self._quarantine.place(_BLOBS + key))

    def _forget_jobs(self) -> None:
        with self._db.write(reserved=True) as session:
            jobs.remove_ended(session, now() - timedelta(days=_JOBS_DAYS))

    def _expire(self) -> None:
        removed = self._quarantine.expire()
        if removed:
            log.warning("Removed %d files that were in quarantine for %d days", removed, quarantine.DAYS)


def _tried(step: Callable[[], object]) -> None:
    try:
        step()
    except SamphireError as error:  # the database is locked, say: it is tried again in an hour
        log.warning("Cleaning the data folder waits: %s", error)
    except Exception:
        log.exception("Cleaning the data folder failed")


def unknown_blobs(db: Database, blobs: BlobStore) -> Iterator[Stored]:
    """Blobs of no image and of no embedding."""
    stored = blobs.stored()
    while some := list(
        islice(stored, _KEYS_AT_ONCE)
    ):  # before their rows are read: no newer blob is among them
        known = _known(db, [each.key for each in some])
        yield from (each for each in some if each.key not in known)


def bring_back(db: Database, blobs: BlobStore, quarantine: Quarantine) -> int:
    """Out of quarantine what an image misses: a database that knows it was put back. Returns how many files."""
    aside = blobs_in(quarantine)
    keys, brought = iter(aside), 0
    while some := list(islice(keys, _KEYS_AT_ONCE)):
        for key in _known(db, some):
            if not blobs.exists(key):
                blobs.put(key, aside[key])
                brought += 1
    if brought:
        log.warning("Brought %d files back from quarantine, which the database knows again", brought)
    return brought


def blobs_in(quarantine: Quarantine) -> dict[str, Path]:
    """Where they lie, by key."""
    files = quarantine.files()
    return {name.removeprefix(_BLOBS): path for name, path in files.items() if name.startswith(_BLOBS)}


def _known(db: Database, keys: list[str]) -> set[str]:
    """Those of the keys that a row names."""
    ids = {key.split("/")[2] for key in keys if key.count("/") >= 2}  # of images, in keys of either kind
    with db.read() as session:
        return set(keys) & (images.blob_keys(session, ids) | embeddings.blob_keys(session, ids))


def _remove_files(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()
