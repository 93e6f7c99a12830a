"""How far a job is that goes from image to image."""

import time

from ...runtime.queue.base import JobStatus
from ...runtime.queue.handlers import Running

_SECONDS = 0.5  # between two words of it: each is a transaction


class Counting:
    def __init__(self, running: Running, total: int) -> None:
        self._running, self._total, self._told = running, total, 0.0

    def tell(self, done: int) -> None:
        if time.monotonic() - self._told > _SECONDS:
            self._told = time.monotonic()
            self._running.tell(done=done, total=self._total)


def counted(status: JobStatus) -> tuple[int, int]:
    """Done, and to be done in all."""
    told = status.progress or {}
    return told.get("done", 0), told.get("total", 0)
