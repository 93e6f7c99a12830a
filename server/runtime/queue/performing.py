"""One job done by its handler, from its first attempt noted to its end: the same for every queue."""

import errno
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from gevent.event import Event

from ...errors import STORES_AWAY, GivenUp, SamphireError, StorageFull
from .. import logs
from ..metrics import JOBS
from ..turns import Path
from .base import Job, JobStore, State, StoredJob, Urgency
from .handlers import GivesWay, Handler, Handlers, Stopped

log = logging.getLogger(__name__)

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_TELL_SECONDS = 1.0  # between writings of how far a job is


class RunningJob:
    """See `Running`. `others`: whether others wait for its place. `progress`: of its turns before."""

    def __init__(
        self,
        stored: StoredJob,
        store: JobStore,
        others: Callable[[], bool] = lambda: False,
        progress: Mapping[str, Any] | None = None,
    ) -> None:
        self.id, self.job, self._store, self._others = stored.id, stored.job, store, others
        self.progress = progress
        self.cancelled = self.gives_way = False
        self.lost = False  # another process may do it
        self.over = False  # its handler has returned: what is asked for from now on, it has not seen
        self.run: str | None = None  # as the store knows it
        self.begun_at: float | None = None  # when the store was seen to have it as this run's
        self._told_at = 0.0

    def begin(self) -> bool:
        """Note an attempt, once more after the store could not be used. Raises as `JobStore.begin`, which see."""
        self.begun_at, self.run = None, self._store.new_run()
        if not self._store.begin(self.id, self.run):
            return False
        self.begun_at = time.monotonic()
        return True

    def runs_since(self, moment: float) -> bool:
        """Whether it has been at it all the time since then, by `time.monotonic`."""
        begun = self.begun_at is not None and self.begun_at < moment
        return begun and not (self.over or self.cancelled or self.lost)

    @property
    def others_wait(self) -> bool:
        return self._others()

    def tell(self, **progress: Any) -> None:
        """At once to who asks the queue, now and then to the store."""
        self.progress = progress
        if self.run is None or self.cancelled:
            return
        if time.monotonic() - self._told_at > _TELL_SECONDS:
            self._told_at = time.monotonic()
            try:
                self._store.tell(self.id, self.run, progress)
            except SamphireError as error:  # the database is locked: it is told the next time
                log.warning("How far a job is was not stored: %s", error)


class Entry:
    """A job that is queued or runs. `elsewhere`: in another process."""

    def __init__(self, stored: StoredJob, handler: Handler, urgency: Urgency, path: Path) -> None:
        self.id, self.job, self.handler = stored.id, stored.job, handler
        self.urgency, self.path = urgency, path
        self.running: RunningJob | None = None
        self.elsewhere = False
        self.known_at = time.monotonic()  # since when it is as it is
        self.again: Job | None = None  # asked for when its handler had returned
        self.progress: Mapping[str, Any] | None = None  # while it is queued again
        self.started_at = 0.0
        self.greenlet: gevent.Greenlet | None = None
        self.ended = Event()
        self.waiting = 0  # how many are in `wait` for it

    @property
    def waits(self) -> bool:
        return self.running is None and not self.elsewhere

    @property
    def stored(self) -> StoredJob:
        return StoredJob(self.id, self.job, "queued")

    def begin(self, store: JobStore, others: Callable[[], bool]) -> RunningJob:
        self.running, self.started_at = (
            RunningJob(self.stored, store, others, self.progress),
            time.monotonic(),
        )
        return self.running

    def wait_again(self) -> None:
        """Queued between two turns."""
        self._let_go()
        self.elsewhere = False

    def leave(self) -> None:
        """To another process."""
        self._let_go()
        self.elsewhere, self.started_at = True, time.monotonic()

    def _let_go(self) -> None:
        if self.running is not None:
            self.progress = self.running.progress
        self.running, self.greenlet, self.known_at = None, None, time.monotonic()


def perform(running: RunningJob, handler: Handler) -> tuple[State, SamphireError | None]:
    """How it ended. Raises one of STORES_AWAY, to be done again, GivesWay, and GreenletExit (Cancelled too)."""
    lines, began, outcome = (
        logs.about(job=str(running.id), kind=running.job.kind),
        time.perf_counter(),
        "interrupted",
    )
    try:
        outcome, error = _perform(running, handler)
        return outcome, error
    except (*STORES_AWAY, GivesWay):
        outcome = "again"
        raise
    finally:
        JOBS.observe(time.perf_counter() - began, running.job.kind, outcome)
        logs.no_more(lines)


def _perform(running: RunningJob, handler: Handler) -> tuple[State, SamphireError | None]:
    try:
        handler.run(running)
    except (*STORES_AWAY, GivesWay):
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


def inherit(
    store: JobStore, handlers: Handlers, left: StoredJob
) -> tuple[State, SamphireError | None] | None:
    """What becomes of a job that another process left queued or running; None when that one is not to decide here."""
    try:
        handler = handlers.of(left.job)
    except LookupError as error:
        log.error("A stored job cannot be done. %s", error)
        outcome: tuple[State, SamphireError | None] = "failed", SamphireError(str(error))
    else:
        outcome = _left_behind(left, handler)
        if outcome[0] == "failed":
            log.error("Not tried again: %s", name_of(left.job))
    if outcome[0] != left.state and not store.settle(left, *outcome):
        return None
    return outcome


def _left_behind(left: StoredJob, handler: Handler) -> tuple[State, SamphireError | None]:
    if not handler.resumes(left.job):
        return "stopped", None
    if left.attempts >= handler.attempts:
        return "failed", GivenUp()
    return "queued", None


def name_of(job: Job) -> str:
    return f"{job.kind} {job.dedupe_key}"
