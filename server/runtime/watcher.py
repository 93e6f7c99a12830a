"""What looks every few seconds whether there is something to do, as long as the server runs."""

import logging
from abc import ABC, abstractmethod

from . import greenlets

log = logging.getLogger(__name__)

_SECONDS = 5.0


class Watcher(ABC):
    """One of a kind per process. Looks between `start` and `stop`; what it has begun elsewhere is left to that."""

    _greenlet: greenlets.Greenlet | None = None

    @abstractmethod
    def look(self) -> None:
        """Do, or begin, what there is to do now."""

    def start(self) -> None:
        self._greenlet = greenlets.spawn(self._watch)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()

    def _watch(self) -> None:
        while True:
            try:
                self.look()
            except Exception:  # a full disk, a locked database: the next look tries again
                log.exception("%s failed to look", type(self).__name__)
            greenlets.sleep(_SECONDS)
