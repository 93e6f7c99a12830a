"""Jobs that make masks on the images of a project: begun, paused, resumed, undone, and looked through by a person."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from msgspec import UNSET, UnsetType
from sqlalchemy.orm import Session

from ...contract import parse
from ...contract.answers import ErrorShape, Undo
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...errors import BadRequest, Conflict, NotFound
from ...runtime.pools import Pools
from ...runtime.queue.base import GOING, JobQueue, JobStatus
from ...storage.access import Access
from ...storage.engine import Database
from ...storage.rows import annotations, jobs
from ...storage.rows.automatic import boxes as box_rows
from ...storage.rows.automatic import runs as rows
from ...storage.rows.finding import found_project
from ...storage.rows.layers import annotators_per_image
from ...storage.tables import MaskRun
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from ..prediction.scenes import Scenes
from ..projects.labels import have_label
from ..projects.service import Projects
from ..segmenters.service import Segmenters
from . import schema
from .ahead import is_ahead
from .automatic import SETTINGS, Automatic
from .boxes import Boxes
from .making import MASKS, UNDO_MASKS, Maker, Making, job_of

_UNDO_SECONDS = 5.0  # so long an answer waits for it
_UNSURE, _FAILED = 500, 100  # of a report


class MaskRuns:
    def __init__(
        self,
        db: Database,
        pools: Pools,
        unit_of_work: UnitsOfWork,
        queue: JobQueue,
        access: Access,
        projects: Projects,
        segmenters: Segmenters,
        scenes: Scenes,
    ) -> None:
        self._db, self._unit_of_work, self._queue = db, unit_of_work, queue
        self._projects, self._segmenters = projects, segmenters
        self._makers: dict[str, Maker] = {
            "boxes": Boxes(db, pools, scenes),
            "automatic": Automatic(pools, scenes),
        }
        self._making = Making(db, unit_of_work, access, segmenters, scenes, self._makers)
        self.handler, self.undo_handler = self._making.handler, self._making.undo_handler
        self._beginning: set[str] = set()  # projects in which a job is about to begin

    def start_boxes(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> schema.MaskRunStanding:
        """See NewBoxRun. Raises ProjectNotFound, BadRequest, SegmenterNotFound, Conflict while a job runs."""
        asked = parse(schema.NewBoxRun, data, BadRequest)
        return self._start(actor, project_id, "boxes", asked.segmenter, lambda work: {})

    def start_automatic(
        self, actor: Actor, project_id: str, data: Mapping[str, Any]
    ) -> schema.MaskRunStanding:
        """See NewAutomaticRun. Raises ProjectNotFound, BadRequest, SegmenterNotFound, Conflict while a job runs."""
        asked = parse(schema.NewAutomaticRun, data, BadRequest)

        def settings(work: UnitOfWork) -> dict[str, Any]:
            known = {name: getattr(asked, name) for name in SETTINGS}
            if asked.label is None:
                return {**known, "label": None}
            if annotators_per_image(found_project(work.session, project_id)) > 1:
                raise Conflict(
                    "Several people annotate each image of this project unseen by each other.",
                    hint="Leave the label out, so that each of them gets proposals.",
                )
            return {**known, "label": have_label(work, project_id, asked.label).id}

        return self._start(actor, project_id, "automatic", asked.segmenter, settings)

    def pause(self, project_id: str, run_id: str) -> schema.MaskRunStanding:
        """Raises ProjectNotFound, NotFound, Conflict while it is being undone."""
        with self._db.read() as session:
            if _found(session, project_id, run_id).undoing:
                raise Conflict("This is being undone.", hint="Wait until that is done.")
        self._queue.cancel(lambda job: job.key == (MASKS, project_id) and job.args["run"] == run_id)
        self._making.forget(run_id)
        return self.standing(project_id)

    def resume(self, actor: Actor, project_id: str, run_id: str) -> schema.MaskRunStanding:
        """With the images that are left. Raises ProjectNotFound, NotFound, Conflict."""
        with self._beginning_alone(project_id):
            with self._db.read() as session:
                run = _found(session, project_id, run_id)
                if run.ended_at is not None or run.undoing:
                    raise Conflict("Nothing is left to do here.", hint="Start it anew.")
            self._queue.submit(job_of(actor, project_id, run_id))
        return self.standing(project_id)

    def undo(self, actor: Actor, project_id: str, run_id: str) -> schema.MaskRunStanding:
        """All that it made, but for what was changed since. Raises ProjectNotFound, NotFound, Conflict."""
        with self._beginning_alone(project_id):
            with self._db.write(reserved=True) as session:
                run = _found(session, project_id, run_id)
                run.undoing = True
                if is_ahead(run):
                    project = found_project(session, project_id)
                    project.settings = {
                        **project.settings,
                        "propose_ahead": False,
                    }  # else it would begin anew
                stored = jobs.put(session, job_of(actor, project_id, run_id, UNDO_MASKS))
            self._queue.take(stored)
        self._queue.wait((UNDO_MASKS, project_id), _UNDO_SECONDS)
        return self.standing(project_id)

    def standing(self, project_id: str) -> schema.MaskRunStanding:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
            boxes, boxed = (0, 0) if self._is_busy(project_id) else box_rows.count_boxes(session, project_id)
            run = rows.latest(session, project_id)
            described = None if run is None else self._described(session, run)
        return schema.MaskRunStanding(boxes, boxed, described)

    def report(self, project_id: str, run_id: str) -> schema.MaskRunReport:
        """What is left for a person to look at. Raises ProjectNotFound, NotFound."""
        with self._db.read() as session:
            _found(session, project_id, run_id)
            unsure = [
                schema.UnsureMask(
                    image_id=annotation.image_id,
                    image=name,
                    id=annotation.id,
                    label=annotation.label,
                    doubts=doubts,
                    predicted_iou=annotation.predicted_iou,
                    stability_score=annotation.stability_score,
                )
                for annotation, name, doubts in rows.unsure(session, run_id, _UNSURE)
            ]
            failed = [schema.FailedImage(*each) for each in rows.problems(session, run_id, _FAILED)]
        return schema.MaskRunReport(unsure, failed)

    def confirm(self, project_id: str, run_id: str, annotation_id: str) -> None:
        """A person has seen that the mask is right. Raises ProjectNotFound, NotFound."""
        with self._db.write() as session:
            _found(session, project_id, run_id)
            annotation = annotations.find(session, annotation_id, project_id)
            done = None if annotation is None else rows.image(session, run_id, annotation.image_id)
            if done is None or not any(
                each.get("id") == annotation_id and "doubts" in each for each in done.made
            ):
                raise NotFound("There is no such object to look at.", hint="It was looked at already.")
            done.made = [_sure(each) if each.get("id") == annotation_id else each for each in done.made]

    def _start(
        self,
        actor: Actor,
        project_id: str,
        kind: schema.RunKind,
        segmenter: str | UnsetType,
        settings: Callable[[UnitOfWork], Mapping[str, Any]],
    ) -> schema.MaskRunStanding:
        named = segmenter is not UNSET
        spec = self._segmenters.find(segmenter) if named else self._projects.segmenter(project_id)
        with self._beginning_alone(project_id):
            with self._unit_of_work(actor) as work:
                found_project(work.session, project_id)
                run = MaskRun(
                    id=uuid.uuid4().hex[:16],
                    project_id=project_id,
                    kind=kind,
                    segmenter=spec.id,
                    settings={**settings(work), "weights": spec.weights},
                    account=actor.account,
                )
                work.session.add(run)
                stored = jobs.put(work.session, job_of(actor, project_id, run.id))
                if stored.job.args["run"] != run.id:  # another has been stored since
                    raise _busy()
            self._queue.take(stored)
        return self.standing(project_id)

    @contextmanager
    def _beginning_alone(self, project_id: str) -> Iterator[None]:
        """Raises Conflict while a job is at work in the project, or about to begin."""
        if project_id in self._beginning or self._is_busy(project_id):
            raise _busy()
        self._beginning.add(project_id)
        try:
            yield
        finally:
            self._beginning.discard(project_id)

    def _is_busy(self, project_id: str) -> bool:
        return any(self._queue.status((kind, project_id)).state in GOING for kind in (MASKS, UNDO_MASKS))

    def _described(self, session: Session, run: MaskRun) -> schema.MaskRun:
        status = self._queue.status((UNDO_MASKS if run.undoing else MASKS, run.project_id))
        totals, told = rows.totals(session, run.id), status.progress or {}
        total = told.get("total", totals.images)
        if "total" not in told and run.ended_at is None and not run.undoing:
            total = totals.images + len(self._makers[run.kind].left(session, run))
        error = status.error
        return schema.MaskRun(
            id=run.id,
            kind=run.kind,  # type: ignore[arg-type]
            state=_state(run, status),
            segmenter=run.segmenter,
            label=run.settings.get("label"),
            account=run.account,
            at=timestamp(run.created_at),
            done=totals.images,
            total=max(total, totals.images),
            objects=totals.objects,
            unsure=rows.count_unsure(session, run.id),
            failed=totals.failed,
            images_per_minute=told.get("images_per_minute"),
            seconds_left=told.get("seconds_left"),
            error=None if error is None else ErrorShape(error.code, error.message, error.hint),
            restore=Undo("POST", f"/api/projects/{run.project_id}/mask-runs/{run.id}/undo"),
        )


def _busy() -> Conflict:
    return Conflict("A job is making masks in this project.", hint="Wait until it is done, or pause it.")


def _sure(made: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if name != "doubts"}


def _state(run: MaskRun, status: JobStatus) -> schema.RunState:
    if status.state in GOING:
        return "undoing" if run.undoing else "queued" if status.state == "queued" else "running"
    if run.ended_at is not None:
        return "done"
    return "failed" if status.state == "failed" else "paused"


def _found(session: Session, project_id: str, run_id: str) -> MaskRun:
    """Raises ProjectNotFound, NotFound."""
    found_project(session, project_id)
    run = rows.find(session, project_id, run_id)
    if run is None:
        raise NotFound("There is no such job.", hint="It was undone already, or is too old.")
    return run
