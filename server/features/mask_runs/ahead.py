"""Has masks proposed for the images of projects that want that before anybody opens them.

What is to be done is read from the images, so it does not matter how they came. A project has one run for it, which
goes on when new images are there; one that a person paused, or that failed, stays so until somebody resumes it.
"""

import logging
import uuid

from ...contract import to_json
from ...domain.policy import MACHINE
from ...errors import SamphireError
from ...runtime import greenlets
from ...runtime.queue.base import GOING, JobQueue
from ...storage.rows import jobs, projects
from ...storage.rows.automatic import automatic as images
from ...storage.rows.automatic import runs as rows
from ...storage.tables import MaskRun
from ...storage.unit_of_work import UnitsOfWork
from ..projects.service import Projects
from ..proposals.schema import ProposalSettings
from .making import MASKS, job_of

log = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0
# As the page asks for it: looser than what it shows at first, so that its sliders have something to act on.
_SETTINGS = ProposalSettings(pred_iou_thresh=0.7, stability_score_thresh=0.85, box_nms_thresh=0.9)


class Ahead:
    """One per process. Between `start` and `stop` it looks whether there are images to propose masks for."""

    def __init__(self, unit_of_work: UnitsOfWork, queue: JobQueue, work: Projects) -> None:
        self._unit_of_work, self._queue, self._projects = unit_of_work, queue, work
        self._greenlet: greenlets.Greenlet | None = None

    def start(self) -> None:
        self._greenlet = greenlets.spawn(self._watch)

    def stop(self) -> None:
        """A run under way is left to the queue."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def look(self) -> None:
        """Begin what there is to do."""
        with self._unit_of_work(MACHINE) as work:
            wanted = projects.that_propose(work.session)
        for project_id in wanted:
            if self._queue.status((MASKS, project_id)).state not in GOING:
                try:
                    self._begin(project_id)
                except SamphireError as error:  # as when its segmenter is not installed: others' are
                    log.warning("No masks are proposed ahead in %s: %s", project_id, error.message)

    def _begin(self, project_id: str) -> None:
        spec = self._projects.segmenter(project_id)
        with self._unit_of_work(MACHINE) as work:
            latest = rows.latest(work.session, project_id)
            if latest is not None and (latest.ended_at is None or latest.undoing):
                return
            run = latest
            if run is None or not is_ahead(run) or run.segmenter != spec.id:
                settings = {**to_json(_SETTINGS), "label": None, "ahead": True}
                run = MaskRun(
                    id=uuid.uuid4().hex[:16],
                    project_id=project_id,
                    kind="automatic",
                    segmenter=spec.id,
                    settings=settings,
                )
            if not images.images_without_proposals(work.session, run):
                return
            run.ended_at = None
            work.session.add(run)
            stored = jobs.put(work.session, job_of(MACHINE, project_id, run.id))
        self._queue.take(stored)

    def _watch(self) -> None:
        while True:
            try:
                self.look()
            except Exception as error:  # whatever it was: the server goes on, and so does this
                log.warning("Masks are not proposed ahead: %s", error)
            greenlets.sleep(_LOOK_SECONDS)


def is_ahead(run: MaskRun) -> bool:
    return bool(run.settings.get("ahead"))
