"""A queue of jobs inside this process, one job at a time, each in a greenlet of its own.

Among equally urgent jobs, the clients who asked for them take turns (`runtime.turns`)."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

import gevent
from gevent.event import Event

from ...errors import EncodingFailed, SamphireError
from ..turns import FairQueue, Path, client
from .base import NO_JOB, JobKey, JobStatus, Listener, Urgency, Work

log = logging.getLogger(__name__)

_REMEMBERED_FAILURES = 1000
_POSITIONS_SECONDS = 0.3  # between tellings of how far the queue has moved


class _Job:
    def __init__(self, key: JobKey, work: Work, urgency: Urgency) -> None:
        self.key = key
        self.work = work
        self.urgency = urgency
        self.path = client.get()  # of who asked
        self.cancelled = False
        self.ended = Event()
        self.waiting = 0  # how many are in `wait` for it
        self.started_at: float | None = None


class InProcessQueue:
    """The default `JobQueue`. Not for use from several native threads: greenlets of one thread only."""

    def __init__(self) -> None:
        self._waiting: dict[JobKey, _Job] = {}
        self._turns: dict[Urgency, FairQueue[JobKey]] = {
            urgency: FairQueue(newcomers_first=False) for urgency in Urgency
        }
        self._running: _Job | None = None
        self._failures: OrderedDict[JobKey, SamphireError] = OrderedDict()
        self._listeners: list[tuple[Listener, Callable[[JobKey], bool]]] = []
        self._moved = False
        self._closed = False

    def submit(self, key: JobKey, work: Work, urgency: Urgency = Urgency.WANTED) -> JobStatus:
        """See `JobQueue.submit`."""
        active = self._find(key)
        if active is None and not self._closed:
            self._failures.pop(key, None)
            self._place(_Job(key, work, urgency))
            if self._running is None:
                self._start_next()
            else:
                self._tell(key)
                self._tell_positions()
        elif active is not None and urgency < active.urgency and key in self._waiting:
            self._move(active, urgency, client.get())
        return self.status(key)

    def _move(self, job: _Job, urgency: Urgency, path: Path) -> None:
        self._displace(job)
        job.urgency, job.path = urgency, path
        self._place(job)
        self._tell(job.key)
        self._tell_positions()

    def _place(self, job: _Job) -> None:
        self._waiting[job.key] = job
        self._turns[job.urgency].push(job.path, job.key)

    def _displace(self, job: _Job) -> None:
        del self._waiting[job.key]
        self._turns[job.urgency].remove(job.path, job.key)

    def _position(self, job: _Job) -> int:
        before = sum(len(self._turns[urgency]) for urgency in Urgency if urgency < job.urgency)
        return before + self._turns[job.urgency].rank(job.path, job.key) + 1

    def status(self, key: JobKey) -> JobStatus:
        """See `JobQueue.status`."""
        running = self._running
        if running is not None and running.key == key and not running.cancelled:
            return JobStatus("running", seconds_running=self.seconds_running)
        if key in self._waiting:
            return JobStatus("queued", position=self._position(self._waiting[key]))
        if key in self._failures:
            return JobStatus("failed", error=self._failures[key])
        return NO_JOB

    def wait(self, key: JobKey, timeout: float | None) -> JobStatus:
        """See `JobQueue.wait`."""
        job = self._find(key)
        if job is not None:
            job.waiting += 1
            try:
                job.ended.wait(timeout)
            finally:
                job.waiting -= 1
        return self.status(key)

    def ease(self, matches: Callable[[JobKey], bool]) -> None:
        """See `JobQueue.ease`."""
        wanted = [job for job in self._waiting.values() if job.urgency is Urgency.WANTED and not job.waiting]
        for job in [job for job in wanted if matches(job.key)]:
            self._move(job, Urgency.AHEAD, job.path)

    def cancel(self, matches: Callable[[JobKey], bool]) -> None:
        """See `JobQueue.cancel`."""
        for key in [key for key in self._failures if matches(key)]:
            del self._failures[key]
        gone = [job for key, job in self._waiting.items() if matches(key)]
        for job in gone:
            self._displace(job)
            job.cancelled = True
            job.ended.set()
            self._tell(job.key)
        if self._running is not None and matches(self._running.key):
            self._running.cancelled = True
            self._running.ended.set()
            self._tell(self._running.key)
        if gone:
            self._tell_positions()

    @property
    def busy(self) -> bool:
        """Whether a job runs, a cancelled one that has not noticed yet included."""
        return self._running is not None

    @property
    def seconds_running(self) -> float | None:
        """How long the running job has been at it."""
        job = self._running
        return None if job is None or job.started_at is None else time.monotonic() - job.started_at

    def listen(self, listener: Listener, watched: Callable[[JobKey], bool] = lambda key: False) -> None:
        """See `JobQueue.listen`."""
        self._listeners.append((listener, watched))

    def close(self) -> None:
        """See `JobQueue.close`."""
        self._closed = True
        self.cancel(lambda key: key in self._waiting)

    def _find(self, key: JobKey) -> _Job | None:
        running = self._running
        if running is not None and running.key == key and not running.cancelled:
            return running
        return self._waiting.get(key)

    def _start_next(self) -> None:
        if self._running is not None or not self._waiting or self._closed:
            return
        key = next(turns for turns in self._turns.values() if len(turns)).pop()
        job = self._waiting.pop(key)  # type: ignore[arg-type]
        job.started_at = time.monotonic()
        self._running = job
        self._tell(job.key)
        self._tell_positions()
        gevent.spawn(self._perform, job)

    def _perform(self, job: _Job) -> None:
        error: SamphireError | None = None
        client.set(job.path)
        try:
            job.work(job)
        except SamphireError as known:
            error = known
        except Exception:
            if not job.cancelled:  # of what nobody wants any more, nobody wants to hear
                log.exception("A job failed: %s", "/".join(job.key))
            error = EncodingFailed()
        self._running = None
        self._turns[job.urgency].done(job.path)
        if error is not None and not job.cancelled:
            self._failures[job.key] = error
            while len(self._failures) > _REMEMBERED_FAILURES:
                self._failures.popitem(last=False)
        if not job.cancelled:
            self._tell(job.key)
        job.ended.set()
        self._start_next()

    def _tell_positions(self) -> None:
        """Soon, and once for all that changes until then."""
        if self._waiting and not self._moved:
            self._moved = True
            gevent.spawn_later(_POSITIONS_SECONDS, self._positions_moved)

    def _positions_moved(self) -> None:
        self._moved = False
        for listener, watched in self._listeners:
            for key in [key for key in self._waiting if watched(key)]:
                self._call(listener, key)

    def _tell(self, key: JobKey) -> None:
        for listener, _ in self._listeners:
            self._call(listener, key)

    def _call(self, listener: Listener, key: JobKey) -> None:
        try:
            listener(key, self.status(key))
        except Exception:  # a database that cannot be read, say: the queue must go on
            log.exception("Nobody was told of a job: %s", "/".join(key))
