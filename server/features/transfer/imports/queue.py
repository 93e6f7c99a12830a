"""Which imports run: some at once, each in a greenlet of its own, fair among projects. Knows not what they do."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence

from ....errors import DatabaseBusy
from ....runtime import greenlets
from ....runtime.greenlets import Event
from ....runtime.turns import client
from ....storage.tables import ImportJob

log = logging.getLogger(__name__)

AT_ONCE = 4
_OF_A_PROJECT = 2  # so that one project cannot take all
_REST_SECONDS = 5.0  # while the database cannot be used


class Cancelled(greenlets.GreenletExit):
    """Raised in an import wherever it waits; no `except Exception` takes it for a failure."""


class ImportQueue:
    """`waiting`: jobs to be run or gone on with, oldest first. Where it or `run` raises DatabaseBusy, they are tried
    again."""

    def __init__(self, waiting: Callable[[], Sequence[ImportJob]], run: Callable[[ImportJob], None]) -> None:
        self._waiting, self._run = waiting, run
        self._running: dict[str, tuple[str, greenlets.Greenlet]] = {}  # by job: its project, and what does it
        self._wake = Event()
        self._greenlet: greenlets.Greenlet | None = None

    def start(self) -> None:
        self._greenlet = greenlets.spawn(self._work)

    def wake(self) -> None:
        """Something new waits."""
        self._wake.set()

    def stop(self) -> None:
        """What runs stops where it is."""
        if self._greenlet is not None:
            self._greenlet.kill()
        greenlets.killall([greenlet for _, greenlet in self._running.values()])

    def cancel(self, job_id: str) -> None:
        """Have a job end, if it runs, and wait until it has. It is not to be among the waiting any more."""
        _, greenlet = self._running.get(job_id, (None, None))
        if greenlet is not None:
            greenlet.kill(Cancelled)

    def _work(self) -> None:
        while True:
            self._wake.clear()
            try:
                waiting = self._waiting()
            except DatabaseBusy as error:
                log.warning("Imports wait: %s", error)
                greenlets.sleep(_REST_SECONDS)
                continue
            while len(self._running) < AT_ONCE and (job := self._next(waiting)) is not None:
                self._running[job.id] = job.project_id, greenlets.spawn(self._run_one, job)
            self._wake.wait()

    def _next(self, waiting: Sequence[ImportJob]) -> ImportJob | None:
        """The oldest of the project that has the fewest running."""
        busy = Counter(project for project, _ in self._running.values())
        fit = [job for job in waiting if job.id not in self._running and busy[job.project_id] < _OF_A_PROJECT]
        return min(fit, key=lambda job: busy[job.project_id], default=None)

    def _run_one(self, job: ImportJob) -> None:
        client.set(("imports", job.project_id, job.id))
        try:
            self._run(job)
        except DatabaseBusy as error:
            log.warning("An import waits: %s", error)
            greenlets.sleep(_REST_SECONDS)
        finally:
            del self._running[job.id]
            self._wake.set()
