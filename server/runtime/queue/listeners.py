"""Who wants to hear of jobs, and is told."""

import logging
from collections.abc import Callable, Iterable

import gevent

from .base import Job, JobKey, JobStatus, Listener, Matches
from .performing import name_of

log = logging.getLogger(__name__)

_POSITIONS_SECONDS = 0.3  # between tellings of how far the queue has moved


class Listeners:
    """`status` tells how a job stands, `queued` which jobs wait. One that fails fails nobody."""

    def __init__(self, status: Callable[[JobKey], JobStatus], queued: Callable[[], Iterable[Job]]) -> None:
        self._status, self._queued = status, queued
        self._listeners: list[tuple[Listener, Matches]] = []
        self._moved = False

    def add(self, listener: Listener, watched: Matches) -> None:
        self._listeners.append((listener, watched))

    def tell(self, job: Job) -> None:
        for listener, _ in self._listeners:
            self._call(listener, job)

    def tell_positions(self) -> None:
        """Of the watched, soon, and once for all that changes until then."""
        if not self._moved and self._listeners:
            self._moved = True
            gevent.spawn_later(_POSITIONS_SECONDS, self._tell_watched)

    def _tell_watched(self) -> None:
        self._moved = False
        for listener, watched in self._listeners:
            for job in [job for job in self._queued() if watched(job)]:
                self._call(listener, job)

    def _call(self, listener: Listener, job: Job) -> None:
        try:
            listener(job, self._status(job.key))
        except Exception:  # a database that cannot be read, say: the queue must go on
            log.exception("Nobody was told of a job: %s", name_of(job))
