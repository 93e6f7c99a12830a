"""A queue without a queue: each job is done where it is asked for, to its end. For commands, which wait anyway."""

from contextlib import suppress

from gevent.event import Event

from ...errors import SamphireError
from ..turns import client
from .base import NO_JOB, Job, JobKey, JobStatus, JobStore, Listener, Matches, StoredJob
from .handlers import GivesWay, Handlers
from .leases import Leases
from .listeners import Listeners
from .performing import RunningJob, perform


class EagerQueue:
    """A `JobQueue` for greenlets of one thread. Jobs that were stored before are left to who serves the data folder."""

    def __init__(self, store: JobStore, handlers: Handlers) -> None:
        self._store, self.handlers, self.shared = store, handlers, store.shared
        self._running: dict[JobKey, tuple[RunningJob, Event]] = {}
        self._failures: dict[JobKey, tuple[StoredJob, SamphireError]] = {}
        self._listeners = Listeners(self.status, list)
        self._leases = Leases(store, lambda: [running for running, _ in self._running.values()], self._lose)
        self._closed = False

    def start(self) -> None:
        """Nothing is queued here."""

    def submit(self, job: Job) -> JobStatus:
        """See `JobQueue.submit`; returns when it is done."""
        self.handlers.of(job)
        if job.key in self._running:
            return self.wait(job.key, None)
        return NO_JOB if self._closed else self.take(self._store.put(job))

    def take(self, stored: StoredJob) -> JobStatus:
        """See `JobQueue.take`; returns when it is done."""
        job = stored.job
        handler = self.handlers.of(job)
        if self._closed or job.key in self._running:
            return self.wait(job.key, None)
        self._failures.pop(job.key, None)
        running, ended = self._running[job.key] = RunningJob(stored, self._store), Event()
        former = client.set(handler.path_of(job))
        self._listeners.tell(job)
        try:
            while running.begin():
                self._leases.keep()
                try:
                    state, error = perform(running, handler)
                except GivesWay:
                    self._put_back([running])
                    continue
                running.over = True
                if not running.cancelled and running.run is not None:
                    self._store.end(stored.id, running.run, state, error)
                    if state == "failed" and error is not None:
                        self._failures[job.key] = stored, error
                break
        except BaseException:
            with suppress(SamphireError):  # the database is locked, say
                self._put_back([running])
            raise
        finally:
            client.reset(former)
            if self._running.get(job.key, (None, None))[0] is running:
                del self._running[job.key]
            ended.set()
            self._listeners.tell(job)
        return self.status(job.key)

    def status(self, key: JobKey) -> JobStatus:
        """See `JobQueue.status`."""
        if key in self._running:
            return JobStatus("running", progress=self._running[key][0].progress)
        return JobStatus("failed", error=self._failures[key][1]) if key in self._failures else NO_JOB

    def ease(self, matches: Matches) -> None:
        """Nothing waits here."""

    def wait(self, key: JobKey, timeout: float | None) -> JobStatus:
        """See `JobQueue.wait`."""
        if key in self._running:
            self._running[key][1].wait(timeout)
        return self.status(key)

    def cancel(self, matches: Matches) -> None:
        """See `JobQueue.cancel`; what runs is told, and ends by itself."""
        under_way = [running for running, _ in self._running.values() if matches(running.job)]
        failed = [stored for stored, _ in self._failures.values() if matches(stored.job)]
        for stored in failed:
            self._failures.pop(stored.job.key, None)
        for running in under_way:
            running.cancelled = True
        self._store.stop([*(each.id for each in under_way), *(each.id for each in failed)])

    def busy(self, kind: str | None = None) -> bool:
        """See `JobQueue.busy`."""
        return any(kind in (None, key[0]) for key in self._running)

    def seconds_running(self, kind: str) -> float | None:
        """Not known here."""
        return None

    def look(self) -> None:
        """See `JobQueue.look`; nothing is done for others here."""

    def listen(self, listener: Listener, watched: Matches = lambda job: False) -> None:
        """See `JobQueue.listen`."""
        self._listeners.add(listener, watched)

    def close(self) -> None:
        """See `JobQueue.close`."""
        self._closed = True

    def _lose(self, lost: list[RunningJob]) -> None:
        """These are not this process's any more."""
        for running in lost:
            running.cancelled = True

    def abandon(self) -> None:
        """See `JobQueue.abandon`."""
        for running, _ in self._running.values():
            running.cancelled = True
        self._put_back([running for running, _ in self._running.values()])

    def _put_back(self, runs: list[RunningJob]) -> None:
        self._store.put_back({each.run: each.id for each in runs if each.run is not None})
