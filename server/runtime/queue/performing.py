"""One job done by its handler, from its first attempt noted to its end: the same for every queue."""

import errno
import logging
import time
from collections.abc import Mapping
from typing import Any

import gevent
from gevent.event import Event

from ...errors import DatabaseBusy, GivenUp, SamphireError, StorageFull
from ..turns import Path
from .base import Job, JobStore, State, StoredJob, Urgency
from .handlers import Handler, Stopped

log = logging.getLogger(__name__)

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_TELL_SECONDS = 1.0  # between writings of how far a job is


class RunningJob:
    """See `Running`."""

    def __init__(self, stored: StoredJob, store: JobStore) -> None:
        self.id, self.job, self._store = stored.id, stored.job, store
        self.progress: Mapping[str, Any] | None = None
        self.cancelled = False
        self._told_at = 0.0

    def tell(self, **progress: Any) -> None:
        """At once to who asks the queue, now and then to the store."""
        self.progress = progress
        if not self.cancelled and time.monotonic() - self._told_at > _TELL_SECONDS:
            self._told_at = time.monotonic()
            try:
                self._store.tell(self.id, progress)
            except SamphireError as error:  # the database is locked: it is told the next time
                log.warning("How far a job is was not stored: %s", error)


class Entry:
    """A job that is queued or runs."""

    def __init__(self, stored: StoredJob, handler: Handler, urgency: Urgency, path: Path) -> None:
        self.id, self.job, self.handler = stored.id, stored.job, handler
        self.urgency, self.path = urgency, path
        self.running: RunningJob | None = None
        self.started_at = 0.0
        self.greenlet: gevent.Greenlet | None = None
        self.ended = Event()
        self.waiting = 0  # how many are in `wait` for it


def perform(running: RunningJob, handler: Handler) -> tuple[State, SamphireError | None]:
    """How it ended. Raises DatabaseBusy, to be done again, and GreenletExit (Cancelled too)."""
    try:
        handler.run(running)
    except DatabaseBusy:
        raise
    except Stopped as stopped:
        return "stopped", stopped.error
    except SamphireError as known:
        return "failed", known
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            return "failed", StorageFull()
        if not running.cancelled:  # of what nobody wants any more, nobody wants to hear
            log.exception("A job failed: %s", name_of(running.job))
        return "failed", handler.failure()
    return "done", None


def left_behind(stored: StoredJob, handler: Handler) -> tuple[State, SamphireError | None]:
    """What becomes of a job that an earlier process left queued or running."""
    if not handler.resumes(stored.job):
        return "stopped", None
    if stored.attempts >= handler.attempts:
        return "failed", GivenUp()
    return "queued", None


def name_of(job: Job) -> str:
    return f"{job.kind} {job.dedupe_key}"
