"""The queue inside this process: jobs are done in greenlets of their own, and stored so that the next process goes on.

What waits is in memory too, in its order. Among equally urgent jobs, the clients who asked for them take turns
(`runtime.turns`)."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

import gevent

from ...errors import DatabaseBusy, SamphireError, Unavailable, from_answer
from ..turns import Path, client
from .base import NO_JOB, Job, JobKey, JobStatus, JobStore, Listener, Matches, StoredJob, Urgency
from .handlers import Cancelled, Handlers, Lane
from .lanes import Waiting
from .listeners import Listeners
from .performing import Entry, RunningJob, left_behind, name_of, perform

T = TypeVar("T")

log = logging.getLogger(__name__)

_REMEMBERED_FAILURES = 1000
_CLOSE_SECONDS = 3.0  # for what is interrupted because the server stops
_REST_SECONDS = 5.0  # while the database cannot be used


class InProcessQueue:
    """The default `JobQueue`. Not for use from several native threads: greenlets of one thread only. Before it is
    started it takes jobs and begins none."""

    def __init__(self, store: JobStore, handlers: Handlers) -> None:
        self._store, self.handlers = store, handlers
        self._entries: dict[JobKey, Entry] = {}  # but for the stopped
        self._lanes: dict[Lane, Waiting[Entry]] = {}
        self._under_way: set[Entry] = set()  # with the stopped
        self._failures: OrderedDict[JobKey, tuple[StoredJob, SamphireError]] = OrderedDict()
        self._listeners = Listeners(self.status, lambda: [entry.job for entry in self._queued()])
        self._started = self._closed = False

    def start(self) -> None:
        """See `JobQueue.start`."""
        for stored in self._patiently(lambda: self._store.failed(_REMEMBERED_FAILURES)):
            error = from_answer(stored.error) if stored.error is not None else None
            passing = isinstance(error, Unavailable)  # a full disk, say, which this process may find mended
            if error is not None and not passing and stored.job.key not in self._entries:
                self._remember(stored, error)
        for stored in self._patiently(self._store.unfinished):
            if stored.job.key not in self._entries:
                self._go_on(stored)
        self._started = True
        for lane in list(self._lanes):
            self._begin(lane)

    def submit(self, job: Job) -> JobStatus:
        """See `JobQueue.submit`."""
        self.handlers.of(job)
        active = self._entries.get(job.key)
        if active is None:
            return NO_JOB if self._closed else self.take(self._store.put(job))
        if job.urgency < active.urgency and active.running is None:
            self._move(active, job.urgency, active.handler.path_of(job))
        return self.status(job.key)

    def take(self, stored: StoredJob) -> JobStatus:
        """See `JobQueue.take`."""
        handler = self.handlers.of(stored.job)
        self._let_end(stored.job.key)
        if not self._closed and stored.job.key not in self._entries:
            self._add(Entry(stored, handler, stored.job.urgency, handler.path_of(stored.job)))
        return self.status(stored.job.key)

    def status(self, key: JobKey) -> JobStatus:
        """See `JobQueue.status`."""
        entry = self._entries.get(key)
        if entry is not None and entry.running is not None:
            seconds = time.monotonic() - entry.started_at
            return JobStatus("running", seconds_running=seconds, progress=entry.running.progress)
        if entry is not None:
            return JobStatus("queued", position=self._lane(entry).position(entry))
        if key in self._failures:
            return JobStatus("failed", error=self._failures[key][1])
        return NO_JOB

    def wait(self, key: JobKey, timeout: float | None) -> JobStatus:
        """See `JobQueue.wait`."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.waiting += 1
            try:
                entry.ended.wait(timeout)
            finally:
                entry.waiting -= 1
        return self.status(key)

    def ease(self, matches: Matches) -> None:
        """See `JobQueue.ease`."""
        left = [
            entry
            for entry in self._queued()
            if entry.urgency is Urgency.WANTED and not entry.waiting and matches(entry.job)
        ]
        for entry in left:
            self._move(entry, Urgency.AHEAD, entry.path)

    def cancel(self, matches: Matches) -> None:
        """See `JobQueue.cancel`."""
        entries = [entry for entry in self._entries.values() if matches(entry.job)]
        failures = [stored for stored, _ in self._failures.values() if matches(stored.job)]
        for stored in failures:
            self._failures.pop(stored.job.key, None)
        self._forget(entries)
        try:
            if entries or failures:
                self._store.stop([each.id for each in (*entries, *failures)])
        finally:
            self._interrupt(entries, Cancelled)

    def busy(self, kind: str | None = None) -> bool:
        """See `JobQueue.busy`."""
        return any(kind in (None, entry.job.kind) for entry in self._under_way)

    def seconds_running(self, kind: str) -> float | None:
        """See `JobQueue.seconds_running`."""
        began = [entry.started_at for entry in self._under_way if entry.job.kind == kind]
        return time.monotonic() - min(began) if began else None

    def listen(self, listener: Listener, watched: Matches = lambda job: False) -> None:
        """See `JobQueue.listen`."""
        self._listeners.add(listener, watched)

    def close(self) -> None:
        """See `JobQueue.close`."""
        self._closed = True
        self._forget(self._queued())
        self._interrupt(list(self._under_way), gevent.GreenletExit, _CLOSE_SECONDS)

    def abandon(self) -> None:
        """See `JobQueue.abandon`."""
        entries = [entry for entry in self._under_way if self._entries.get(entry.job.key) is entry]
        self._forget(entries)
        self._put_back(entries)

    def _go_on(self, stored: StoredJob) -> None:
        """With a job that an earlier process left; nobody waits for it any more."""
        try:
            handler = self.handlers.of(stored.job)
        except LookupError as error:
            log.error("A stored job cannot be done. %s", error)
            failure = SamphireError(str(error))
            self._patiently(lambda: self._store.end(stored.id, "failed", failure))
            return
        state, failure = left_behind(stored, handler)
        if state != "queued":
            self._patiently(lambda: self._store.end(stored.id, state, failure))
            if failure is not None:
                log.error("Not tried again: %s", name_of(stored.job))
                self._remember(stored, failure)
        else:
            urgency = max(stored.job.urgency, Urgency.AHEAD)
            self._add(Entry(stored, handler, urgency, handler.path_of(stored.job)))

    def _add(self, entry: Entry) -> None:
        self._failures.pop(entry.job.key, None)
        self._entries[entry.job.key] = entry
        self._lane(entry).place(entry)
        self._begin(entry.handler.lane)
        if entry.running is None and self._started:
            self._listeners.tell(entry.job)
            self._listeners.tell_positions()

    def _move(self, entry: Entry, urgency: Urgency, path: Path) -> None:
        self._lane(entry).displace(entry)
        entry.urgency, entry.path = urgency, path
        self._lane(entry).place(entry)
        self._listeners.tell(entry.job)
        self._listeners.tell_positions()

    def _forget(self, entries: list[Entry]) -> None:
        """Whoever waits for these waits no more."""
        queued = False
        for entry in entries:
            if self._entries.get(entry.job.key) is not entry:  # it has ended meanwhile
                continue
            del self._entries[entry.job.key]
            if entry.running is not None:
                entry.running.cancelled = True
            else:
                queued = True
                self._lane(entry).displace(entry)
            entry.ended.set()
            self._listeners.tell(entry.job)
        if queued:
            self._listeners.tell_positions()

    def _interrupt(
        self, entries: list[Entry], how: type[BaseException], timeout: float | None = None
    ) -> None:
        """Returns when those have ended that can be interrupted, at most after `timeout` seconds."""
        entries = [entry for entry in entries if entry.handler.interruptible and entry in self._under_way]
        gevent.killall([entry.greenlet for entry in entries if entry.greenlet], how, timeout=timeout)
        for entry in entries:
            not_begun = entry.greenlet is not None and entry.greenlet.dead
            if entry in self._under_way and entry.running is not None and not_begun:
                self._end(entry, entry.running, None)

    def _let_end(self, key: JobKey) -> None:
        """One of this key that was cancelled and interrupted still tidies up: the next is not to run beside it."""
        for entry in list(self._under_way):
            cancelled = entry.job.key == key and entry is not self._entries.get(key)
            if cancelled and entry.handler.interruptible and entry.greenlet is not None:
                entry.greenlet.join()

    def _queued(self) -> list[Entry]:
        return [entry for entry in self._entries.values() if entry.running is None]

    def _lane(self, entry: Entry) -> Waiting[Entry]:
        lane = entry.handler.lane
        if lane not in self._lanes:
            self._lanes[lane] = Waiting(lane)
        return self._lanes[lane]

    def _begin(self, lane: Lane) -> None:
        while self._started and not self._closed and (entry := self._lanes[lane].begin()) is not None:
            entry.running, entry.started_at = RunningJob(_stored(entry), self._store), time.monotonic()
            self._under_way.add(entry)
            self._listeners.tell(entry.job)
            self._listeners.tell_positions()
            entry.greenlet = gevent.spawn(self._perform, entry, entry.running)

    def _perform(self, entry: Entry, running: RunningJob) -> None:
        client.set(entry.path)
        error: SamphireError | None = None
        try:
            error = self._do(entry, running)
        except Cancelled:
            pass
        except gevent.GreenletExit:
            self._put_back([entry])
        finally:
            self._end(entry, running, error)

    def _do(self, entry: Entry, running: RunningJob) -> SamphireError | None:
        """What it failed with; how it ended is stored."""
        while not running.cancelled and self._patiently(lambda: self._store.begin(entry.id)):
            try:
                state, error = perform(running, entry.handler)
            except DatabaseBusy as busy:
                log.warning("A job waits: %s: %s", name_of(entry.job), busy)
                gevent.sleep(_REST_SECONDS)
                self._put_back([entry])
                continue
            if not running.cancelled:
                self._patiently(lambda end=(state, error): self._store.end(entry.id, *end))
            return error if state == "failed" else None
        return None

    def _end(self, entry: Entry, running: RunningJob, error: SamphireError | None) -> None:
        self._under_way.discard(entry)
        self._lane(entry).done(entry)
        if not running.cancelled:
            del self._entries[entry.job.key]
            if error is not None:
                self._remember(_stored(entry), error)
            self._listeners.tell(entry.job)
        entry.ended.set()
        self._begin(entry.handler.lane)

    def _put_back(self, entries: list[Entry]) -> None:
        """That they were begun does not count."""
        try:
            self._store.put_back([entry.id for entry in entries])
        except SamphireError as error:  # then it counts as an attempt
            log.warning("Jobs were not put back: %s", error)

    def _patiently(self, ask: Callable[[], T]) -> T:
        """However long the database cannot be used."""
        while True:
            try:
                return ask()
            except SamphireError as error:
                log.warning("Jobs wait: %s", error)
                gevent.sleep(_REST_SECONDS)

    def _remember(self, stored: StoredJob, error: SamphireError) -> None:
        self._failures[stored.job.key] = stored, error
        while len(self._failures) > _REMEMBERED_FAILURES:
            self._failures.popitem(last=False)


def _stored(entry: Entry) -> StoredJob:
    return StoredJob(entry.id, entry.job, "queued")
