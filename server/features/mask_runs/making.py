"""Does the jobs that make masks, image by image, and those that undo them.

An image's masks and the row that says it is done are one transaction, so a job that is paused or killed goes on with
the images that are left. So does one that gives way: people, and the projects of each, take turns of some seconds, two
at once. What is undone waits for none of them.
"""

import time
from collections.abc import Mapping
from itertools import count
from typing import Any, Protocol

from sqlalchemy.orm import Session

from ...domain.policy import Actor
from ...errors import Forbidden, NotFound, SamphireError, Unavailable
from ...inference.catalog import SegmenterSpec
from ...runtime.queue.base import Job, Urgency
from ...runtime.queue.handlers import GivesWay, Handler, Lane, Running
from ...runtime.turns import Path
from ...storage.access import Access
from ...storage.engine import Database
from ...storage.rows import images
from ...storage.rows.automatic import runs as rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import audience
from ...storage.tables import Image, MaskRun, MaskRunImage, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from ..prediction.scenes import Scenes
from ..projects.progress import mark_changed
from ..segmenters.service import Segmenters
from .undoing import take_out

MASKS, UNDO_MASKS = "masks", "undo-masks"  # the kinds of its jobs
_TURN_SECONDS = 10.0  # of a project, while others wait
_AT_ONCE, _UNDONE_AT_ONCE = 2, 4  # each of a person of their own
_TELL_SECONDS = 0.5


class Maker(Protocol):
    """What a kind of run makes on an image."""

    def left(self, session: Session, run: MaskRun) -> list[str]:
        """Images that are not done, in order."""
        ...

    def make(self, running: Running, run: MaskRun, spec: SegmenterSpec, image: Image) -> Any:
        """None when nobody wants it any more."""
        ...

    def may_change(self, place: ProjectImage) -> bool:
        """Whether the image is still one of those."""
        ...

    def put_in(self, work: UnitOfWork, run: MaskRun, place: ProjectImage, found: Any) -> list[dict[str, Any]]:
        """What becomes of `MaskRunImage.made`."""
        ...


class Making:
    """`makers`: by kind of run."""

    def __init__(
        self,
        db: Database,
        unit_of_work: UnitsOfWork,
        access: Access,
        segmenters: Segmenters,
        scenes: Scenes,
        makers: Mapping[str, Maker],
    ) -> None:
        self._db, self._unit_of_work, self._access = db, unit_of_work, access
        self._segmenters, self._scenes, self._makers = segmenters, scenes, makers
        self._progress: dict[str, _Progress] = {}  # of runs between their turns
        self.handler = Handler(self._run, Lane(MASKS, _AT_ONCE, of_one=1), path=_path)
        self.undo_handler = Handler(self._run, Lane(UNDO_MASKS, _UNDONE_AT_ONCE, of_one=1), path=_path)

    def forget(self, run_id: str) -> None:
        """Somebody paused it: the time until it is resumed is none of its work's."""
        self._progress.pop(run_id, None)

    def _run(self, running: Running) -> None:
        """The handler. What is left to do is read from the images, so that a restart goes on."""
        actor, args = Actor.read(running.job.actor), running.job.args
        with self._db.read() as session:
            run = rows.find(session, args["project"], args["run"])
        if run is None:
            return
        if run.undoing:
            self._undo(running, actor, run)
        else:
            self._make_all(running, actor, run)

    def _make_all(self, running: Running, actor: Actor, run: MaskRun) -> None:
        maker, spec = self._makers[run.kind], self._segmenters.find(run.segmenter)
        with self._db.read() as session:
            left = maker.left(session, run)
            before = rows.totals(session, run.id).images
        progress = self._progress.pop(run.id, None) or _Progress(before)
        began = time.monotonic()
        for number, image_id in enumerate(left):
            if running.cancelled:
                return
            if number and running.others_wait and time.monotonic() - began > _TURN_SECONDS:
                self._progress[run.id] = progress
                raise GivesWay
            self._check(actor, run.project_id)
            if not self._is_wanted(run):
                break
            progress.tell(running, before + number, len(left) - number)
            image = self._image(run, image_id)
            if image is None:
                continue  # removed meanwhile
            following = self._image(run, left[number + 1]) if number + 1 < len(left) else None
            if following is not None:
                self._scenes.have_ready(following, spec)
            found, problem = None, None
            try:
                found = maker.make(running, run, spec, image)
            except Unavailable:
                raise  # a full disk, a locked database: nothing is wrong with this image
            except SamphireError as error:
                problem = error.message
            if running.cancelled or (found is None and problem is None):
                return
            self._check(actor, run.project_id)
            with self._unit_of_work(actor) as work:
                _finish(work, maker, run, image_id, found, problem)
        with self._db.write() as session:
            row = session.get(MaskRun, run.id)
            if row is not None:
                row.ended_at = now()

    def _undo(self, running: Running, actor: Actor, run: MaskRun) -> None:
        with self._db.read() as session:
            total = rows.totals(session, run.id).images
        progress = _Progress(0)
        for number in count():
            if running.cancelled:
                return
            self._check(actor, run.project_id)
            progress.tell(running, number, total - number)
            with self._unit_of_work(actor, reserved=True) as work:
                done = rows.first_image(work.session, run.id)
                if done is None:
                    row = work.session.get(MaskRun, run.id)
                    if row is not None:
                        work.session.delete(row)
                    return
                take_out(work, run, done)

    def _image(self, run: MaskRun, image_id: str) -> Image | None:
        with self._db.read() as session:
            return images.find(session, image_id)

    def _is_wanted(self, run: MaskRun) -> bool:
        """Whether the project is still there, and still wants to have masks proposed ahead if the run does that."""
        with self._db.read() as session:
            try:
                project = found_project(session, run.project_id)
            except NotFound:
                return False
            return not run.settings.get("ahead") or bool(project.settings.get("propose_ahead"))

    def _check(self, actor: Actor, project_id: str) -> None:
        """Raises Forbidden."""
        if not self._access.may_still(actor, "project.import", project_id):
            raise Forbidden("The person who started this may no longer change all images of the project.")


class _Progress:
    """`done`: images that were done when it began; the rate is that since then, turns of others included."""

    def __init__(self, done: int) -> None:
        self._done = done
        self._began, self._told = time.monotonic(), 0.0

    def tell(self, running: Running, done: int, left: int) -> None:
        """How many images are done, and how many are not."""
        moment = time.monotonic()
        if moment - self._told < _TELL_SECONDS:
            return
        self._told = moment
        new = done - self._done
        rate = new / (moment - self._began) if new > 0 else None
        running.tell(
            total=done + max(left, 0),
            images_per_minute=None if rate is None else round(60 * rate, 2),
            seconds_left=None if rate is None else round(max(left, 0) / rate, 1),
        )


def _finish(
    work: UnitOfWork, maker: Maker, run: MaskRun, image_id: str, found: Any, problem: str | None
) -> None:
    """The masks, and that the image is done; nothing where it is gone, or done, or the run is."""
    session = work.session
    present = session.get(MaskRun, run.id)
    if present is None or present.undoing or rows.image(session, run.id, image_id) is not None:
        return
    try:
        place, _ = found_place(session, run.project_id, image_id)
        project = found_project(session, run.project_id)
    except NotFound:
        return
    if not maker.may_change(place):
        return  # somebody finished it since the run began
    made = [] if problem is not None else maker.put_in(work, run, place, found)
    changed = [each for each in made if "was" in each or (run.kind == "automatic" and "id" in each)]
    session.add(
        MaskRunImage(
            run_id=run.id,
            image_id=image_id,
            project_id=run.project_id,
            made=made,
            objects=len(changed) + sum(each.get("masks", 0) for each in made),
            problem=problem,
        )
    )
    if changed:
        told = {"count": len(changed), "deleted": 0}
        work.tell("annotations:segmented", project.id, told, image_id, audience(project, place, None))
        mark_changed(work, project, place, created=run.kind == "automatic")


def job_of(actor: Actor, project_id: str, run_id: str, kind: str = MASKS) -> Job:
    args = {"project": project_id, "run": run_id}
    return Job(kind, args, project_id, Urgency.AHEAD, str(actor))  # as one that an earlier process left


def _path(job: Job) -> Path:
    """People take turns, and the projects of each."""
    return (MASKS, job.actor, job.dedupe_key)
