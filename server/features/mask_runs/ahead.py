"""Has masks proposed for the images of projects that want that before anybody opens them.

What is to be done is read from the images, so it does not matter how they came. A project has one run for it, which
goes on when new images are there; one that a person paused, or that failed, stays so until somebody resumes it.
"""

import logging
import uuid

from sqlalchemy.orm import Session

from ...contract import to_json
from ...domain.policy import MACHINE
from ...errors import SamphireError
from ...inference.catalog import SegmenterSpec
from ...runtime.queue.base import GOING, JobQueue
from ...runtime.watcher import Watcher
from ...storage.engine import Database
from ...storage.rows import jobs, projects
from ...storage.rows.automatic import automatic as images
from ...storage.rows.automatic import runs as rows
from ...storage.tables import MaskRun
from ...storage.unit_of_work import UnitsOfWork
from ..projects.service import Projects
from ..proposals.schema import ProposalSettings
from .making import MASKS, job_of

log = logging.getLogger(__name__)

# As the page asks for it: looser than what it shows at first, so that its sliders have something to act on.
SETTINGS_AHEAD = ProposalSettings(pred_iou_thresh=0.7, stability_score_thresh=0.85, box_nms_thresh=0.9)


class Ahead(Watcher):
    """Looks whether there are images to propose masks for."""

    def __init__(self, db: Database, unit_of_work: UnitsOfWork, queue: JobQueue, work: Projects) -> None:
        self._db, self._unit_of_work, self._queue, self._projects = db, unit_of_work, queue, work

    def look(self) -> None:
        """Begin what there is to do."""
        with self._db.read() as session:
            wanted = projects.that_propose(session)
        for project_id in wanted:
            if self._queue.status((MASKS, project_id)).state not in GOING:
                try:
                    self._begin(project_id)
                except SamphireError as error:  # as when its segmenter is not installed: others' are
                    log.warning("No masks are proposed ahead in %s: %s", project_id, error.message)

    def _begin(self, project_id: str) -> None:
        spec = self._projects.segmenter(project_id)
        with self._db.read() as session:  # most projects have nothing to do, and hold up nobody who writes
            if self._run(session, project_id, spec) is None:
                return
        with self._unit_of_work(MACHINE) as work:
            run = self._run(work.session, project_id, spec)
            if run is None:
                return
            run.ended_at = None
            work.session.add(run)
            stored = jobs.put(work.session, job_of(MACHINE, project_id, run.id))
        self._queue.take(stored)

    def _run(self, session: Session, project_id: str, spec: SegmenterSpec) -> MaskRun | None:
        """The one to begin or to go on with; None: there is nothing to do."""
        latest = rows.latest(session, project_id)
        if latest is not None and (latest.ended_at is None or latest.undoing):
            return None
        run = latest
        made_by = None if run is None else (run.segmenter, run.settings.get("weights"))
        if run is None or not is_ahead(run) or made_by != (spec.id, spec.weights):
            run = MaskRun(
                id=uuid.uuid4().hex[:16],
                project_id=project_id,
                kind="automatic",
                segmenter=spec.id,
                settings={**to_json(SETTINGS_AHEAD), "label": None, "ahead": True, "weights": spec.weights},
            )
        return run if images.images_without_proposals(session, run) else None


def is_ahead(run: MaskRun) -> bool:
    return bool(run.settings.get("ahead"))
