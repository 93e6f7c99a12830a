"""Work in the background that one process does at a time, however many there are."""

import logging
from collections.abc import Sequence
from typing import Protocol

from . import greenlets
from .afterwards import afterwards

log = logging.getLogger(__name__)

_LOOK_SECONDS = 2.0


class Work(Protocol):
    """What may begin again after it was stopped."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Lead(Protocol):
    """Whose the work is."""

    def leads(self) -> bool:
        """Whether it is this process's now. Asked every few seconds."""
        ...

    def leave(self) -> None:
        """Another may have it."""


class Duties:
    """`lead`: None where there is no other process."""

    def __init__(self, works: Sequence[Work], lead: Lead | None = None) -> None:
        self._works, self._lead = works, lead
        self.done_here = False
        self._greenlet: greenlets.Greenlet | None = None

    def start(self) -> None:
        if self._lead is None:
            self._change(True)
        else:
            self._greenlet = greenlets.spawn(self._watch, self._lead)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()
        self._change(False)
        if self._lead is not None:
            self._lead.leave()

    def _watch(self, lead: Lead) -> None:
        while True:
            leading = lead.leads()
            if leading != self.done_here:
                log.info("The work in the background is %s", "done here" if leading else "another process's")
                self._change(leading)
            greenlets.sleep(_LOOK_SECONDS)

    def _change(self, begin: bool) -> None:
        self.done_here = begin
        for work in self._works:
            with afterwards("beginning or ending work in the background"):
                work.start() if begin else work.stop()
