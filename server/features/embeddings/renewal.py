"""Makes anew, in the background, the embeddings of installed segmenters that none of them decodes any more.

What is to be done is read from the embeddings themselves, so that a restart goes on where a killed process stopped. One
job goes from image to image; each is encoded behind everything else in the queue, and the old embedding goes when the
new one takes its place.
"""

import logging
from collections.abc import Collection

from ...errors import SamphireError, Unavailable
from ...runtime import greenlets
from ...runtime.queue.base import Job, JobQueue, Urgency
from ...runtime.queue.handlers import Handler, Lane, Running
from ...storage.engine import Database
from ...storage.rows import embeddings as rows
from ...storage.rows import images
from ...storage.rows.embeddings import Outdated
from ..segmenters.service import Segmenters
from .service import Embeddings

log = logging.getLogger(__name__)

RENEW = "renew"  # the kind of its job
_JOB = Job(RENEW, {}, "embeddings", Urgency.RENEWAL)
_LOOK_SECONDS = 5.0  # how soon a segmenter that was replaced under the running server is noticed
_REST_SECONDS = 30.0  # after a failure: a full disk is not asked for every image


class Renewal:
    """One per process. Between `start` and `stop` it looks whether there is anything to renew."""

    def __init__(self, segmenters: Segmenters, embeddings: Embeddings, db: Database, queue: JobQueue) -> None:
        self._segmenters, self._embeddings, self._db, self._queue = segmenters, embeddings, db, queue
        self.handler = Handler(self._renew, Lane(RENEW), interruptible=True, resumes=lambda job: False)
        self._failed: dict[
            Outdated, str
        ] = {}  # the encoding it failed with; tried again when somebody asks for it
        self._greenlet: greenlets.Greenlet | None = None

    @property
    def remaining(self) -> int:
        """How many embeddings are still to be renewed."""
        current = self._current()
        with self._db.read() as session:
            return rows.count_outdated(session, current, self._given_up(current))

    def start(self) -> None:
        self._greenlet = greenlets.spawn(self._watch)

    def stop(self) -> None:
        """What is under way is left to the queue."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def renew_next(self) -> bool:
        """Make one embedding anew; False when there is none to make."""
        current = self._current()
        with self._db.read() as session:
            found = rows.outdated(session, current, 1, self._given_up(current))
            image = images.find(session, found[0][0]) if found else None
        if image is None:
            return False
        image_id, segmenter = found[0]
        try:
            spec = self._segmenters.find(segmenter)
            self._embeddings.wait(image, spec, timeout=None, urgency=Urgency.RENEWAL)
            self._embeddings.remove_outdated(image_id, spec)
        except Unavailable:
            raise  # a full disk, a locked database: nothing is wrong with this image
        except SamphireError:
            self._failed[found[0]] = current[segmenter]
            raise
        return True

    def _watch(self) -> None:
        settled: dict[str, str] | None = None
        while True:
            current = self._current()
            try:
                if current != settled and not self.remaining:
                    settled = current
                elif current != settled:
                    self._queue.submit(_JOB)
            except Exception as error:  # whatever it was: the server goes on, and so does this
                log.warning("Embeddings are not renewed: %s", error)
            greenlets.sleep(_LOOK_SECONDS)

    def _renew(self, running: Running) -> None:
        """The handler."""
        renewed = 0
        while not running.cancelled:
            try:
                if not self.renew_next():
                    return
                renewed += 1
                running.tell(renewed=renewed)
            except Exception as error:  # whatever it was: the next one is not to blame
                log.warning("An embedding was not renewed: %s", error)
                greenlets.sleep(_REST_SECONDS)

    def _current(self) -> dict[str, str]:
        return {spec.id: spec.encoding for spec in self._segmenters.installed()}

    def _given_up(self, current: dict[str, str]) -> Collection[Outdated]:
        return [found for found, encoding in self._failed.items() if current.get(found[1]) == encoding]
