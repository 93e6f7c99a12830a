"""The queue inside this process: jobs are done in greenlets of their own, and stored so that the next process goes on.

What waits is in memory too, in its order. Among equally urgent jobs, the clients who asked for them take turns
(`runtime.turns`). Where other processes have the same store, each of them does what it can (`following`)."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import gevent

from ...errors import STORES_AWAY, SamphireError
from ..turns import Path, client
from .base import NO_JOB, Job, JobKey, JobStatus, JobStore, Listener, Matches, StoredJob, Urgency, is_of
from .book import Book
from .following import Following
from .handlers import Cancelled, GivesWay, Handlers, Lane
from .leases import Leases
from .performing import Entry, RunningJob, name_of, perform
from .stopping import await_others, let_end
from .taking_over import take_over

T = TypeVar("T")

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 3.0  # for what is interrupted because the server stops
_REST_SECONDS = 5.0  # while the database, or the store of files, cannot be used


class InProcessQueue:
    """The default `JobQueue`. Not for use from several native threads: greenlets of one thread only. Before it is
    started it takes jobs and begins none."""

    def __init__(self, store: JobStore, handlers: Handlers, at_once: int | None = None) -> None:
        """`at_once`: how many jobs of each lane, where that is not the lane's own to say."""
        self._store, self.handlers, self.shared = store, handlers, store.shared
        self._book = Book(at_once)
        self._under_way: set[Entry] = set()  # with the stopped
        held = lambda: [each.running for each in self._under_way if each.running]  # noqa: E731
        self._leases = Leases(store, held, self.lose)
        self._following = Following(store, handlers, self._book, self)
        self._started = self._closed = False

    def start(self) -> None:
        """See `JobQueue.start`."""
        if self._store.shared:
            self._patiently(self._following.look)
            self._following.start()
        else:
            for entry in take_over(self._store, self.handlers, self._book, self._patiently):
                self.add(entry)
        self._started = True
        for lane in list(self._book.lanes):
            self.begin(lane)

    def submit(self, job: Job) -> JobStatus:
        """See `JobQueue.submit`."""
        handler = self.handlers.of(job)
        active = self._book.entries.get(job.key)
        if self._closed and active is None:
            return NO_JOB
        if active is None or self._store.shared:
            self.take(self._store.put(job))  # as the store knows it, it may have ended or been stopped by now
            active = self._book.entries.get(job.key)
        if active is not None and active.running is not None and active.running.over:
            active.again = job
        elif active is not None and active.waits and job.urgency < active.urgency:
            self._urge([active], job.urgency, handler.path_of(job))
        return self.status(job.key)

    def take(self, stored: StoredJob) -> JobStatus:
        """See `JobQueue.take`."""
        job = stored.job
        handler = self.handlers.of(job)
        active = self._book.entries.get(job.key)
        let_end([each for each in self._under_way if each.job.key == job.key and each is not active])
        active = self._book.entries.get(job.key)
        if active is None and not self._closed:
            if stored.state == "running" and is_of(stored.owner, self._store.owner):  # it has just ended
                stored = self._store.put(job)
            entry = Entry(stored, handler, job.urgency, handler.path_of(job))
            if self._store.shared and stored.state == "running":
                entry.leave()
            self.add(entry)
            self.announce(entry)
        elif active is not None and active.running is not None and active.running.over:
            active.again = job
        elif active is not None and active.elsewhere and stored.state == "queued":
            active.wait_again()
            self.add(active)
            self.announce(active)
        return self.status(job.key)

    def status(self, key: JobKey) -> JobStatus:
        """See `JobQueue.status`."""
        return self._book.status(key)

    def wait(self, key: JobKey, timeout: float | None) -> JobStatus:
        """See `JobQueue.wait`."""
        entry = self._book.entries.get(key)
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
            for entry in self._book.queued()
            if entry.urgency is Urgency.WANTED and not entry.waiting and matches(entry.job)
        ]
        self._urge(left, Urgency.AHEAD)

    def cancel(self, matches: Matches) -> None:
        """See `JobQueue.cancel`."""
        entries = [entry for entry in self._book.entries.values() if matches(entry.job)]
        failures = [stored for stored in self._book.failures if matches(stored.job)]
        for stored in failures:
            self._book.failures.forget(stored.job.key)
        self._book.forget(entries)
        try:
            if entries or failures:
                self._store.stop([each.id for each in (*entries, *failures)])
            await_others(self._store, entries)
        finally:
            self._interrupt(entries, Cancelled)

    def busy(self, kind: str | None = None) -> bool:
        """See `JobQueue.busy`."""
        here = any(kind in (None, entry.job.kind) for entry in self._under_way)
        return here or (kind is not None and self._book.runs_elsewhere(kind))

    def seconds_running(self, kind: str) -> float | None:
        """See `JobQueue.seconds_running`."""
        began = [entry.started_at for entry in self._under_way if entry.job.kind == kind]
        return time.monotonic() - min(began) if began else None

    def listen(self, listener: Listener, watched: Matches = lambda job: False) -> None:
        """See `JobQueue.listen`."""
        self._book.listeners.add(listener, watched)

    def close(self) -> None:
        """See `JobQueue.close`."""
        self._closed = True
        self._following.stop()
        self._book.forget(self._book.queued())
        self._interrupt(list(self._under_way), gevent.GreenletExit, _CLOSE_SECONDS)

    def abandon(self) -> None:
        """See `JobQueue.abandon`."""
        entries = [entry for entry in self._under_way if self._book.entries.get(entry.job.key) is entry]
        self._book.forget(entries)
        self._put_back([entry.running for entry in entries if entry.running is not None])

    def add(self, entry: Entry) -> None:
        """It is known from now on, and begun in its turn."""
        self._book.add(entry)
        self.begin(entry.handler.lane)
        if entry.running is None and self._started:
            self._book.tell_moved(entry.job)

    def begin(self, lane: Lane) -> None:
        """What of a lane has a place."""
        while self._started and not self._closed and (entry := self._book.lanes[lane].begin()) is not None:
            self.do(entry)

    def missed(self, lane: Lane) -> None:
        """One that was to begin is another process's."""
        self.begin(lane)

    def do(self, entry: Entry) -> None:
        """One whose turn it is."""
        running = entry.begin(self._store, self._book.lane(entry).others_wait)
        self._under_way.add(entry)
        self._book.tell_moved(entry.job)
        entry.greenlet = gevent.spawn(self._perform, entry, running)
        self._leases.keep()

    def announce(self, entry: Entry) -> None:
        """It is queued, or more or less urgent now."""
        self._store.changed()

    def look(self) -> None:
        """See `JobQueue.look`."""
        self._following.wake()

    def lose(self, lost: list[RunningJob]) -> None:
        """These run here, and are not this process's any more."""
        entries = [entry for entry in self._under_way if entry.running in lost]
        self._book.forget(entries)
        gevent.spawn(self._interrupt, entries, Cancelled)
        self._following.wake()

    def ends_yet(self, key: JobKey) -> bool:
        """Whether one of this key that was cancelled has not noticed yet."""
        return any(entry.job.key == key for entry in self._under_way)

    def _urge(self, entries: list[Entry], urgency: Urgency, path: Path | None = None) -> None:
        if self._store.shared:
            self._store.urge([entry.id for entry in entries], urgency)
        for entry in entries:
            if entry.waits:
                self._book.move(entry, urgency, entry.path if path is None else path)
                self.announce(entry)

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

    def _perform(self, entry: Entry, running: RunningJob) -> None:
        client.set(entry.path)
        error: SamphireError | None = None
        try:
            error = self._do(entry, running)
        except GivesWay:
            if not running.cancelled:
                self._put_back([running])
            running.gives_way = not running.cancelled and not self._closed
        except Cancelled:
            pass
        except gevent.GreenletExit:
            self._put_back([running])
        finally:
            self._end(entry, running, error)
        if entry.again is not None and not (self._closed or running.cancelled):
            self._patiently(lambda job=entry.again: self.submit(job))

    def _do(self, entry: Entry, running: RunningJob) -> SamphireError | None:
        """What it failed with; how it ended is stored."""
        while not running.cancelled:
            if not self._patiently(running.begin):
                running.lost = self._store.shared
                return None
            try:
                state, error = perform(running, entry.handler)
            except STORES_AWAY as busy:
                log.warning("A job waits: %s: %s", name_of(entry.job), busy)
                gevent.sleep(_REST_SECONDS)
                if not running.cancelled:
                    self._put_back([running])
                continue
            running.over = True
            if not running.cancelled and running.run is not None:
                how = (entry.id, running.run, state, error)
                ended = self._patiently(lambda how=how: self._store.end(*how))
                running.lost = self._store.shared and not ended
            return error if state == "failed" else None
        return None

    def _end(self, entry: Entry, running: RunningJob, error: SamphireError | None) -> None:
        self._under_way.discard(entry)
        self._book.lane(entry).done(entry)
        if running.gives_way:
            entry.wait_again()
            self.add(entry)
            return self.announce(entry)
        if running.lost and not running.cancelled:
            entry.leave()
            self._following.wake()
            return self.missed(entry.handler.lane)
        if not running.cancelled:
            del self._book.entries[entry.job.key]
            if error is not None:
                self._book.failures.add(entry.stored, error)
            self._book.listeners.tell(entry.job)
        elif self._store.shared and (run := running.run) is not None:
            gevent.spawn(self._patiently, lambda: self._store.release(entry.id, run))
        entry.ended.set()
        self.begin(entry.handler.lane)

    def _put_back(self, runs: list[RunningJob]) -> None:
        """That they were begun does not count."""
        try:
            self._store.put_back({each.run: each.id for each in runs if each.run is not None})
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
