"""Keeps what runs here this process's, where others could do it: its leases are renewed as long as it lives."""

import logging
import time
from collections.abc import Callable, Sequence

import gevent

from ...errors import SamphireError
from .base import JobStore
from .performing import RunningJob

log = logging.getLogger(__name__)

_BEAT_SECONDS = 2.0  # well within a lease


class Leases:
    """`held()`: what runs here, with the stopped that have not noticed yet; `lose` is told what does not any more: it
    was stopped, or taken over."""

    def __init__(
        self,
        store: JobStore,
        held: Callable[[], Sequence[RunningJob]],
        lose: Callable[[list[RunningJob]], None],
    ) -> None:
        self._store, self._held, self._lose = store, held, lose
        self._greenlet: gevent.Greenlet | None = None

    def keep(self) -> None:
        """From now until nothing runs here."""
        if self._store.shared and self._greenlet is None:
            self._greenlet = gevent.spawn(self._beat)

    def _beat(self) -> None:
        try:
            while self._held():
                gevent.sleep(_BEAT_SECONDS)
                try:
                    self._renew()
                except Exception as error:  # the database is locked, most likely for the others too
                    known = isinstance(error, SamphireError)
                    log.warning("Leases of jobs were not renewed: %s", error, exc_info=not known)
        finally:
            self._greenlet = None

    def _renew(self) -> None:
        since = time.monotonic()
        held = {each.run: each for each in self._held() if each.run and each.begun_at is not None}
        if not held:
            return
        kept = self._store.renew({run: each.id for run, each in held.items()})
        lost = [each for run, each in held.items() if run not in kept and each.runs_since(since)]
        if lost:
            self._lose(lost)
