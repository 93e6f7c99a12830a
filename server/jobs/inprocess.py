"""A queue of jobs inside this process, one job at a time, each in a greenlet of its own."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

import gevent
from gevent.event import Event

from server.errors import EncodingFailed, SamphireError
from server.jobs.base import NO_JOB, JobKey, JobStatus, Listener, Urgency, Work

log = logging.getLogger(__name__)

_REMEMBERED_FAILURES = 1000


class _Job:
    def __init__(self, key: JobKey, work: Work, urgency: Urgency) -> None:
        self.key = key
        self.work = work
        self.urgency = urgency
        self.cancelled = False
        self.ended = Event()
        self.started_at: float | None = None


class InProcessQueue:
    """The default `JobQueue`. Not for use from several native threads: greenlets of one thread only."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[JobKey, _Job] = OrderedDict()
        self._running: _Job | None = None
        self._failures: OrderedDict[JobKey, SamphireError] = OrderedDict()
        self._listeners: list[Listener] = []
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
                self._tell_the_queue()
        elif active is not None and urgency < active.urgency and key in self._waiting:
            active.urgency = urgency
            self._place(active)
            self._tell_the_queue()
        return self.status(key)

    def _place(self, job: _Job) -> None:
        """Behind all that are as urgent, and before all that are less."""
        self._waiting[job.key] = job
        self._waiting.move_to_end(job.key)
        for key in [key for key, other in self._waiting.items() if other.urgency > job.urgency]:
            self._waiting.move_to_end(key)

    def status(self, key: JobKey) -> JobStatus:
        """See `JobQueue.status`."""
        running = self._running
        if running is not None and running.key == key and not running.cancelled:
            return JobStatus("running", seconds_running=self.seconds_running)
        if key in self._waiting:
            return JobStatus("queued", position=1 + list(self._waiting).index(key))
        if key in self._failures:
            return JobStatus("failed", error=self._failures[key])
        return NO_JOB

    def wait(self, key: JobKey, timeout: float | None) -> JobStatus:
        """See `JobQueue.wait`."""
        job = self._find(key)
        if job is not None:
            job.ended.wait(timeout)
        return self.status(key)

    def cancel(self, matches: Callable[[JobKey], bool]) -> None:
        """See `JobQueue.cancel`."""
        for key in [key for key in self._failures if matches(key)]:
            del self._failures[key]
        gone = [key for key in self._waiting if matches(key)]
        for key in gone:
            job = self._waiting.pop(key)
            job.cancelled = True
            job.ended.set()
            self._tell(key)
        if self._running is not None and matches(self._running.key):
            self._running.cancelled = True
            self._running.ended.set()
            self._tell(self._running.key)
        if gone:
            self._tell_the_queue()

    @property
    def busy(self) -> bool:
        """Whether a job runs, a cancelled one that has not noticed yet included."""
        return self._running is not None

    @property
    def seconds_running(self) -> float | None:
        """How long the running job has been at it."""
        job = self._running
        return None if job is None or job.started_at is None else time.monotonic() - job.started_at

    def listen(self, listener: Listener) -> None:
        """See `JobQueue.listen`."""
        self._listeners.append(listener)

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
        _, job = self._waiting.popitem(last=False)
        job.started_at = time.monotonic()
        self._running = job
        self._tell(job.key)
        self._tell_the_queue()
        gevent.spawn(self._perform, job)

    def _perform(self, job: _Job) -> None:
        error: SamphireError | None = None
        try:
            job.work(job)
        except SamphireError as known:
            error = known
        except Exception:
            if not job.cancelled:  # of what nobody wants any more, nobody wants to hear
                log.exception("A job failed: %s", "/".join(job.key))
            error = EncodingFailed()
        self._running = None
        if error is not None and not job.cancelled:
            self._failures[job.key] = error
            while len(self._failures) > _REMEMBERED_FAILURES:
                self._failures.popitem(last=False)
        if not job.cancelled:
            self._tell(job.key)
        job.ended.set()
        self._start_next()

    def _tell_the_queue(self) -> None:
        for position, key in enumerate(list(self._waiting), start=1):
            self._tell(key, JobStatus("queued", position=position))

    def _tell(self, key: JobKey, status: JobStatus | None = None) -> None:
        status = status or self.status(key)
        for listener in self._listeners:
            try:
                listener(key, status)
            except Exception:  # a database that cannot be read, say: the queue must go on
                log.exception("Nobody was told of a job: %s", "/".join(key))
