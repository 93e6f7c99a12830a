"""The jobs that are queued, run or failed, as this process knows them."""

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace

from ...errors import SamphireError
from ..turns import Path
from .base import NO_JOB, Job, JobKey, JobStatus, StoredJob, Urgency
from .handlers import Lane
from .lanes import Waiting
from .listeners import Listeners
from .performing import Entry

REMEMBERED_FAILURES = 1000


class Failures:
    """The latest, by the keys of their jobs."""

    def __init__(self) -> None:
        self._known: OrderedDict[JobKey, tuple[StoredJob, SamphireError, float]] = OrderedDict()

    def __contains__(self, key: JobKey) -> bool:
        return key in self._known

    def __iter__(self) -> Iterator[StoredJob]:
        return iter([stored for stored, _, _ in self._known.values()])

    def add(self, stored: StoredJob, error: SamphireError) -> None:
        self._known[stored.job.key] = stored, error, time.monotonic()
        while len(self._known) > REMEMBERED_FAILURES:
            self._known.popitem(last=False)

    def forget(self, key: JobKey) -> None:
        self._known.pop(key, None)

    def of(self, key: JobKey) -> SamphireError | None:
        return self._known[key][1] if key in self._known else None

    def before(self, moment: float) -> list[StoredJob]:
        """Those that were known at that time of `time.monotonic`."""
        return [stored for stored, _, at in self._known.values() if at < moment]


class Book:
    """What is queued or runs by its key, but for what was stopped; and who hears of changes."""

    def __init__(self, at_once: int | None = None) -> None:
        """`at_once`: see `InProcessQueue`."""
        self._at_once = at_once
        self.entries: dict[JobKey, Entry] = {}
        self.lanes: dict[Lane, Waiting[Entry]] = {}
        self.failures = Failures()
        self.listeners = Listeners(self.status, lambda: [entry.job for entry in self.queued()])

    def status(self, key: JobKey) -> JobStatus:
        """See `JobQueue.status`."""
        entry = self.entries.get(key)
        if entry is None:
            error = self.failures.of(key)
            return NO_JOB if error is None else JobStatus("failed", error=error)
        if entry.waits:
            return JobStatus("queued", position=self.lane(entry).position(entry), progress=entry.progress)
        seconds = time.monotonic() - entry.started_at
        progress = entry.progress if entry.running is None else entry.running.progress
        return JobStatus("running", seconds_running=seconds, progress=progress)

    def queued(self) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.waits]

    def runs_elsewhere(self, kind: str) -> bool:
        return any(entry.elsewhere and entry.job.kind == kind for entry in self.entries.values())

    def lane(self, entry: Entry) -> Waiting[Entry]:
        return self.waiting(entry.handler.lane)

    def waiting(self, lane: Lane) -> Waiting[Entry]:
        if lane not in self.lanes:
            at_once = lane.at_once if self._at_once is None else self._at_once
            self.lanes[lane] = Waiting(replace(lane, at_once=at_once))
        return self.lanes[lane]

    def add(self, entry: Entry) -> None:
        """It is queued, or runs elsewhere."""
        self.failures.forget(entry.job.key)
        self.entries[entry.job.key] = entry
        waiting = self.lane(entry)
        if entry.waits:
            waiting.place(entry)

    def move(self, entry: Entry, urgency: Urgency, path: Path) -> None:
        """In the order of what is queued."""
        self.lane(entry).displace(entry)
        entry.urgency, entry.path = urgency, path
        self.lane(entry).place(entry)
        self.tell_moved(entry.job)

    def leave(self, entry: Entry) -> None:
        """A queued one to another process."""
        self.lane(entry).displace(entry)
        entry.leave()
        self.tell_moved(entry.job)

    def forget(self, entries: list[Entry]) -> None:
        """Whoever waits for these waits no more."""
        moved = False
        for entry in entries:
            if self.entries.get(entry.job.key) is not entry:  # it has ended meanwhile
                continue
            del self.entries[entry.job.key]
            if entry.running is not None:
                entry.running.cancelled = True
            elif entry.waits:
                moved = True
                self.lane(entry).displace(entry)
            entry.ended.set()
            self.listeners.tell(entry.job)
        if moved:
            self.listeners.tell_positions()

    def tell_moved(self, job: Job) -> None:
        self.listeners.tell(job)
        self.listeners.tell_positions()
