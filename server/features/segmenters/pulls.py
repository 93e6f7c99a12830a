"""Segmenters pulled while the server runs: one at a time, each in a process of its own, and only from the catalogue.

A pull is not written down anywhere: it ends with the server, and the next one goes on with what has arrived.
"""

import logging
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import resolve_name
from pathlib import Path
from typing import Any

from ...contract.answers import ErrorShape
from ...errors import Conflict, SamphireError, SegmenterNotFound, Unavailable, unknown
from ...runtime import greenlets
from ...runtime.child import Child
from ...runtime.greenlets import Event
from .schema import STEPS, Pull, PullState, Quality, Step

log = logging.getLogger(__name__)

_WORKER = (sys.executable, "-m", resolve_name("...modelkit.catalogue.pull_worker", __package__))
_GRACE_SECONDS = 3.0
_GONE = SamphireError(
    "The download stopped unexpectedly.",
    hint="The server's machine may have run out of memory. Try again: it goes on with what has arrived.",
)


@dataclass(frozen=True)
class Offer:
    """A segmenter that can be pulled. `needs`: how to install the packages that building it lacks, if it does."""

    id: str
    title: str
    licence: str
    download_bytes: int
    quality: Mapping[str, Any] | None
    needs: str | None


@dataclass
class _Pull:
    """One that runs, or that failed."""

    offer: Offer
    child: Child | None = None
    step: Step = STEPS[0]
    bytes: int = 0  # that have arrived
    done: bool = False
    cancelled: bool = False
    error: dict[str, Any] | None = None
    ended: Event = field(default_factory=Event)


class Pulls:
    """`offers`: the catalogue, as it can be pulled now; `installed`: ids. `command` starts a
    pull when the id and the data folder are put behind it."""

    def __init__(
        self,
        data: Path,
        offers: Callable[[], Sequence[Offer]],
        installed: Callable[[], Collection[str]],
    ) -> None:
        self._data, self._offers, self._installed = data, offers, installed
        self.command: Sequence[str] = _WORKER
        self._running: _Pull | None = None
        self._failed: dict[str, _Pull] = {}
        self._closed = False

    @property
    def running(self) -> bool:
        return self._running is not None

    def describe(self) -> list[Pull]:
        """Those that are not installed, as they stand."""
        installed = self._installed()
        return [
            self._described(offer)
            for offer in self._offers()
            if offer.id not in installed or self._runs(offer)
        ]

    def start(self, segmenter: object) -> Pull:
        """Begin; one that runs goes on. As it stands.

        Raises SegmenterNotFound for what is not in the catalogue, Conflict, Unavailable when packages are missing."""
        offer = self._find(segmenter)
        if self._runs(offer):
            return self._described(offer)
        if self._running is not None:
            raise Conflict(
                f"{self._running.offer.title} is being downloaded.",
                hint="Wait until it is ready, or cancel it.",
            )
        if offer.id in self._installed():
            raise Conflict(f"{offer.title} is already installed.", hint="Choose it from the list.")
        if offer.needs is not None:
            raise Unavailable(
                f"{offer.title} needs Python packages that are not installed.",
                hint=f"Run `{offer.needs}`, then try again.",
            )
        if self._closed:
            raise Unavailable("The server is stopping.")
        self._failed.pop(offer.id, None)
        pull = self._running = _Pull(offer)
        try:
            pull.child = Child([*self.command, offer.id, str(self._data)])
        except OSError as error:
            self._running = None
            raise Unavailable(f"The download could not be started: {error.strerror}.") from error
        log.info("Pulling %s", offer.id)
        greenlets.spawn(self._follow, pull, pull.child)
        return self._described(offer)

    def cancel(self, segmenter: object) -> Pull:
        """End one that runs, or forget that it failed; what has arrived is kept for the next time. As it stands.

        Raises SegmenterNotFound."""
        offer = self._find(segmenter)
        self._failed.pop(offer.id, None)
        if self._running is not None and self._runs(offer):
            self._end(self._running)
        return self._described(offer)

    def stop(self) -> None:
        """Take no more, and end what runs."""
        self._closed = True
        if self._running is not None:
            self._end(self._running)

    def _find(self, segmenter: object) -> Offer:
        offers = {offer.id: offer for offer in self._offers()}
        found = offers.get(segmenter) if isinstance(segmenter, str) else None
        if found is None:
            name = segmenter if isinstance(segmenter, str) else f"<{type(segmenter).__name__}>"
            raise SegmenterNotFound(
                unknown("segmenter to pull", name, list(offers)),
                hint="`samphire segmenters add` installs networks you have as files.",
            )
        return found

    def _runs(self, offer: Offer) -> bool:
        return self._running is not None and self._running.offer.id == offer.id

    def _described(self, offer: Offer) -> Pull:
        pull = self._running if self._runs(offer) else self._failed.get(offer.id)
        state: PullState = "available" if pull is None else "running" if pull is self._running else "failed"
        error = None if pull is None else pull.error
        return Pull(
            id=offer.id,
            title=offer.title,
            licence=offer.licence,
            download_bytes=offer.download_bytes,
            quality=None if offer.quality is None else Quality(**offer.quality),
            needs=offer.needs,
            state=state,
            step=pull.step if pull is not None and state == "running" else None,
            bytes=pull.bytes if pull is not None else 0,
            error=None if error is None else ErrorShape(error["code"], error["message"], error["hint"]),
        )

    def _end(self, pull: _Pull) -> None:
        """Returns when its process is gone."""
        pull.cancelled = True
        if pull.child is not None:
            pull.child.end(_GRACE_SECONDS)
        pull.ended.wait(_GRACE_SECONDS)

    def _follow(self, pull: _Pull, child: Child) -> None:
        try:
            for message in child.messages():
                self._take(pull, message)
        except OSError:
            log.exception("What a pull tells cannot be read")
            child.end(_GRACE_SECONDS)
        finally:
            self._running = None
            if not pull.done and not pull.cancelled:
                error = pull.error = pull.error or _GONE.answer()["error"]
                self._failed[pull.offer.id] = pull
                log.warning("%s could not be pulled: %s", pull.offer.id, error["message"])
            pull.ended.set()

    def _take(self, pull: _Pull, message: Mapping[str, Any]) -> None:
        if message.get("step") in STEPS:
            pull.step = message["step"]
        elif "bytes" in message:
            pull.bytes = int(message["bytes"])
        elif "error" in message:
            pull.error = message["error"]
            if "trace" in message:
                log.error("Unexpected, in a pull:\n%s", message["trace"])
        elif message.get("done"):
            pull.done = True
