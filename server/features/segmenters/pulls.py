"""Segmenters pulled while the server runs: one at a time, each in a process of its own, and only from the catalogue.

A pull is a job. What has arrived is kept when it ends early, and the next one goes on with that.
"""

import logging
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import resolve_name
from pathlib import Path
from typing import Any

from ...contract.answers import ErrorShape
from ...errors import Conflict, SamphireError, SegmenterNotFound, Unavailable, from_answer, unknown
from ...runtime.child import Child
from ...runtime.queue.base import Job, JobKey, JobQueue
from ...runtime.queue.handlers import Handler, Lane, Running
from .schema import STEPS, Pull, Quality

log = logging.getLogger(__name__)

_WORKER = (sys.executable, "-m", resolve_name("...modelkit.catalogue.pull_worker", __package__))
_GRACE_SECONDS = 3.0
PULL = "pull"  # the kind of its jobs


@dataclass(frozen=True)
class Offer:
    """A segmenter that can be pulled. `needs`: how to install the packages that building it lacks, if it does."""

    id: str
    title: str
    licence: str
    download_bytes: int
    quality: Mapping[str, Any] | None
    needs: str | None


class Pulls:
    """`offers`: the catalogue, as it can be pulled now; `installed`: ids. `command` starts a
    pull when the id and the data folder are put behind it."""

    def __init__(
        self,
        data: Path,
        offers: Callable[[], Sequence[Offer]],
        installed: Callable[[], Collection[str]],
        queue: JobQueue,
    ) -> None:
        self._data, self._offers, self._installed = data, offers, installed
        self._queue = queue
        self.handler = Handler(self._pull, Lane(PULL), interruptible=True)
        self.command: Sequence[str] = _WORKER

    @property
    def running(self) -> bool:
        return self._queue.busy(PULL)

    def describe(self) -> list[Pull]:
        """Those that are not installed, as they stand."""
        installed = self._installed()
        return [
            self._described(offer)
            for offer in self._offers()
            if offer.id not in installed or self._runs(offer.id)
        ]

    def start(self, segmenter: object) -> Pull:
        """Begin; one that runs goes on. As it stands.

        Raises SegmenterNotFound for what is not in the catalogue, Conflict, Unavailable when packages are missing."""
        offer = self._find(segmenter)
        if self._runs(offer.id):
            return self._described(offer)
        for other in self._offers():
            if self._runs(other.id):
                raise Conflict(
                    f"{other.title} is being downloaded.",
                    hint="Wait until it is ready, or cancel it.",
                )
        if offer.id in self._installed():
            raise Conflict(f"{offer.title} is already installed.", hint="Choose it from the list.")
        if offer.needs is not None:
            raise Unavailable(
                f"{offer.title} needs Python packages that are not installed.",
                hint=f"Run `{offer.needs}`, then try again.",
            )
        if self._queue.submit(Job(PULL, {"segmenter": offer.id}, offer.id)).state == "none":
            raise Unavailable("The server is stopping.")
        return self._described(offer)

    def cancel(self, segmenter: object) -> Pull:
        """End one that runs, or forget that it failed; what has arrived is kept for the next time. As it stands.

        Raises SegmenterNotFound."""
        offer = self._find(segmenter)
        self._queue.cancel(lambda job: job.key == _key(offer.id))
        return self._described(offer)

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

    def _runs(self, segmenter: str) -> bool:
        return self._queue.status(_key(segmenter)).state in ("queued", "running")

    def _described(self, offer: Offer) -> Pull:
        status = self._queue.status(_key(offer.id))
        progress = status.progress or {"step": STEPS[0], "bytes": 0}
        running, error = status.state in ("queued", "running"), status.error
        return Pull(
            id=offer.id,
            title=offer.title,
            licence=offer.licence,
            download_bytes=offer.download_bytes,
            quality=None if offer.quality is None else Quality(**offer.quality),
            needs=offer.needs,
            state="running" if running else "failed" if error is not None else "available",
            step=progress["step"] if running else None,
            bytes=progress["bytes"] if running else 0,
            error=None if error is None else ErrorShape(error.code, error.message, error.hint),
        )

    def _pull(self, running: Running) -> None:
        """The handler. Ends when the process has."""
        segmenter = running.job.args["segmenter"]
        self._find(segmenter)
        if segmenter in self._installed():
            return
        try:
            child = Child([*self.command, segmenter, str(self._data)])
        except OSError as error:
            raise Unavailable(f"The download could not be started: {error.strerror}.") from error
        log.info("Pulling %s", segmenter)
        try:
            _follow(child, running)
        except SamphireError as error:
            log.warning("%s could not be pulled: %s", segmenter, error.message)
            raise
        finally:
            child.end(_GRACE_SECONDS)


def _follow(child: Child, running: Running) -> None:
    """Raises what it ended with, unless it is done."""
    step, arrived, done = STEPS[0], 0, False
    error = _gone()
    try:
        for message in child.messages():
            if message.get("step") in STEPS:
                step = message["step"]
            elif "bytes" in message:
                arrived = int(message["bytes"])
            elif "error" in message:
                error = from_answer(message["error"])
                if "trace" in message:
                    log.error("Unexpected, in a pull:\n%s", message["trace"])
            elif message.get("done"):
                done = True
            running.tell(step=step, bytes=arrived)
    except OSError:
        log.exception("What a pull tells cannot be read")
    if not done:
        raise error


def _gone() -> SamphireError:
    return SamphireError(
        "The download stopped unexpectedly.",
        hint="The server's machine may have run out of memory. Try again: it goes on with what has arrived.",
    )


def _key(segmenter: str) -> JobKey:
    return (PULL, segmenter)
