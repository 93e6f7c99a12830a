"""Follows what other processes do with the jobs of a shared store, by looking at them about once a second.

What another has stored is queued here too, what another begins is not begun here, what another ended is told to who
waits here, and what a process left that is gone is queued again. A look is older than what has happened here since it
was begun: it says nothing of that, and the next one does.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

import gevent
from gevent.event import Event

from ...errors import SamphireError, from_answer
from .base import GOING, JobKey, JobStore, Standing, Urgency, is_of
from .book import REMEMBERED_FAILURES, Book
from .handlers import Handlers, Lane
from .performing import Entry, RunningJob, inherit

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_PAUSE_SECONDS = 0.02  # at least, between looks, however often others say that something has changed
_PAUSES = 4  # and so many times as long as a look takes: thousands of jobs are no reason to do nothing else


class Follower(Protocol):
    """The queue that looks."""

    def add(self, entry: Entry) -> None: ...

    def begin(self, lane: Lane) -> None: ...

    def announce(self, entry: Entry) -> None: ...

    def lose(self, lost: list[RunningJob]) -> None: ...

    def ends_yet(self, key: JobKey) -> bool: ...


class Following:
    def __init__(self, store: JobStore, handlers: Handlers, book: Book, queue: Follower) -> None:
        self._store, self._handlers, self._book, self._queue = store, handlers, book, queue
        self._greenlet: gevent.Greenlet | None = None
        self._wanted = Event()

    def start(self) -> None:
        self._greenlet = gevent.spawn(self._go_on)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()

    def wake(self) -> None:
        """Something has changed."""
        self._wanted.set()

    def look(self) -> None:
        """Raises DatabaseBusy."""
        since = time.monotonic()
        standing = self._store.standing()
        failed = self._store.failures(REMEMBERED_FAILURES)
        self._take_back([each.id for each in standing if each.expired and each.state == "running"])
        found = {each.key: each for each in standing}
        new: list[int] = []
        gone: list[Entry] = []
        lost: list[RunningJob | None] = []
        for key, each in found.items():
            entry = self._book.entries.get(key)
            if entry is None:
                if not is_of(each.owner, self._store.owner) and each.kind in self._handlers:
                    new.append(each.id)
            elif entry.id == each.id and self._compare(entry, each, since):
                lost.append(entry.running)
        for key, entry in list(self._book.entries.items()):
            known = found.get(key)
            if known is not None and known.id == entry.id:
                continue
            if entry.running is not None:
                if entry.running.runs_since(since):
                    lost.append(entry.running)
            elif entry.known_at < since:
                gone.append(entry)
        self._know_failures(failed, since)
        self._book.forget(gone)
        if lost:
            self._queue.lose([each for each in lost if each is not None])
        if new:
            self.know(new)

    def know(self, job_ids: Sequence[int]) -> None:
        """Jobs that others have stored. Raises DatabaseBusy."""
        for each in self._store.load(job_ids):
            if each.state not in GOING or each.job.kind not in self._handlers:
                continue
            if self._queue.ends_yet(each.job.key) or each.job.key in self._book.entries:
                continue
            if not is_of(each.owner, self._store.owner):
                handler = self._handlers.of(each.job)
                entry = Entry(each, handler, each.job.urgency, handler.path_of(each.job))
                if each.owner is not None:
                    entry.leave()
                self._queue.add(entry)

    def _go_on(self) -> None:
        while True:
            self._wanted.wait(_LOOK_SECONDS)
            self._wanted.clear()
            began = time.monotonic()
            try:
                self.look()
            except Exception as error:  # whatever it is, the next look may succeed
                known = isinstance(error, SamphireError)
                log.warning("What other processes do was not seen: %s", error, exc_info=not known)
            gevent.sleep(max(_PAUSE_SECONDS, _PAUSES * (time.monotonic() - began)))

    def _take_back(self, expired: list[int]) -> None:
        """What a process left that has not been heard of for too long."""
        for left in self._store.load(expired) if expired else ():
            if left.state == "running" and left.job.kind in self._handlers:
                log.warning("A process has left %s %s", *left.job.key)
                inherit(self._store, self._handlers, left)
                self.wake()

    def _compare(self, entry: Entry, row: Standing, since: float) -> bool:
        """Have it as the store has it; True when it runs here, and was taken away."""
        if entry.running is not None:
            own = row.state == "running" and row.owner == entry.running.run
            return not own and entry.running.runs_since(since)
        if entry.known_at >= since:
            return False
        elsewhere = row.is_elsewhere(self._store.owner)
        if entry.elsewhere and not elsewhere:
            entry.urgency = Urgency(row.urgency)
            entry.wait_again()
            self._queue.add(entry)
            self._queue.announce(entry)
        elif entry.elsewhere:
            entry.progress = row.progress
        elif elsewhere:
            self._book.leave(entry)
        elif row.state == "queued" and row.urgency != entry.urgency:
            self._book.move(entry, Urgency(row.urgency), entry.path)
        return False

    def _know_failures(self, failed: Mapping[JobKey, int], since: float) -> None:
        for known in self._book.failures.before(since):
            if known.job.key not in failed:  # tried again, or not wanted any more
                self._book.failures.forget(known.job.key)
        new = [job_id for key, job_id in failed.items() if key not in self._book.failures]
        for each in self._store.load(new) if new else ():
            if each.state == "failed" and each.error is not None:
                self._book.failures.add(each, from_answer(each.error))
