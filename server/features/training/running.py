"""Does the jobs that train: gathers what there is to learn from, and has a program of its own learn it.

That program keeps how far it is in the training's folder, so that a job that is paused or killed goes on with it. It
ends with the server, and gives way to it.
"""

import logging
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import resolve_name
from pathlib import Path
from typing import Any

from ...contract import to_json
from ...domain.policy import Actor
from ...errors import (
    STORES_AWAY,
    DatabaseBusy,
    Forbidden,
    SamphireError,
    SegmenterNotFound,
    Unavailable,
)
from ...inference.catalog import SegmenterSpec
from ...runtime.bus import Bus
from ...runtime.child import Child
from ...runtime.pools import Pools
from ...runtime.queue.base import Job, JobStatus
from ...runtime.queue.handlers import Handler, Lane, Running
from ...runtime.turns import Path as TurnPath
from ...storage.access import Access
from ...storage.engine import Database
from ...storage.rows.finding import found_project
from ...storage.rows.training import trainings as rows
from ...storage.rows.training.trainings import TRAIN
from ...storage.tables import Training, now
from ..segmenters.service import Segmenters
from . import schema
from .described import described
from .folders import Folders
from .following import Followed
from .gathering import Gathering

log = logging.getLogger(__name__)

ACTION = "project.train"
_WORKER = (sys.executable, "-m", resolve_name("...lab.learning.worker", __package__))
_GRACE_SECONDS = 6.0  # for what it writes down before it ends
_TELL_SECONDS = 0.3
_STORE_SECONDS = 2.0
_CHECK_SECONDS = 10.0


class Trainer:
    """`command` begins to train when a training's folder is put behind it."""

    def __init__(
        self,
        data: Path,
        db: Database,
        access: Access,
        segmenters: Segmenters,
        gathering: Gathering,
        folders: Folders,
        pools: Pools,
        bus: Bus,
    ) -> None:
        self._data, self._db, self._access, self._segmenters = data, db, access, segmenters
        self._gathering, self._folders, self._pools, self._bus = gathering, folders, pools, bus
        self.handler = Handler(self._run, Lane(TRAIN), interruptible=True, path=_path)
        self.command: Sequence[str] = _WORKER

    def _run(self, running: Running) -> None:
        """The handler."""
        actor, args = Actor.read(running.job.actor), running.job.args
        with self._db.read() as session:
            training = rows.find(session, args["project"], args["training"])
        if training is None or training.ended_at is not None:
            return
        try:
            self._check(actor, training.project_id)
            self._gather(running, training)
            if not running.cancelled:
                self._train(running, actor, training)
        except STORES_AWAY:
            raise  # it is no fault of the training's: the queue has it go on in a while
        except SamphireError as error:
            log.warning("The training %s failed: %s", training.id, error.message)
            self._store(training.id, error=error.answer()["error"])
            self._tell_ended(training)
            raise

    def _gather(self, running: Running, training: Training) -> None:
        spec = base_of(self._segmenters, training)
        progress = _Progress(self, running, training)
        images, objects = self._gathering.gather(
            running,
            training,
            spec,
            self._needs_pixels(training, spec),
            lambda part, left: progress.tell(
                {"step": "encoding", "part": round(part, 4), "seconds_left": left}
            ),
        )
        self._store(training.id, images=images, objects=objects)

    def _needs_pixels(self, training: Training, spec: SegmenterSpec) -> bool:
        """Whether an encoder is to see them: the one that is trained, or that of the segmenter that is replaced, with
        which the new one is compared."""
        replaced = [each for each in self._segmenters.installed() if each.id == training.segmenter]
        return training.what == "lora" or any(each.encoding != spec.encoding for each in replaced)

    def _train(self, running: Running, actor: Actor, training: Training) -> None:
        with self._db.read() as session:
            finishing = session.get_one(Training, training.id).finishing  # it may be wanted since it began
        self._pools.compute(self._folders.request, training.id, self._request(training), finishing)
        progress = _Progress(self, running, training)
        checked = stored = time.monotonic()

        def on_progress(told: Mapping[str, Any]) -> None:
            nonlocal checked
            progress.tell(told)
            if time.monotonic() - checked > _CHECK_SECONDS:
                with suppress(DatabaseBusy):  # then at the next news
                    self._check(actor, training.project_id)
                    checked = time.monotonic()

        def on_point(point: Mapping[str, Any]) -> None:
            nonlocal stored
            told = schema.TrainingPointTold(training.project_id, training.id, schema.TrainingPoint(**point))
            self._bus.tell_managers("training:point", training.project_id, to_json(told))
            if time.monotonic() - stored > _STORE_SECONDS:
                with suppress(DatabaseBusy):  # then with the next point
                    self._store(training.id, curve=followed.curve)
                    stored = time.monotonic()

        followed = Followed(training.curve, on_progress, on_point)
        try:
            child = Child([*self.command, str(self._folders.path(training.id))])
        except OSError as error:
            raise Unavailable(f"The training could not be started: {error.strerror}.") from error
        log.info("Training %s", training.segmenter)
        try:
            result = followed.follow(child.messages())
        finally:
            child.end(_GRACE_SECONDS)
            self._store(training.id, curve=followed.curve)
        self._store(training.id, result=result, error=None, ended_at=now())
        self._pools.compute(self._folders.keep_what_came_of_it, training.id)
        self._tell_ended(training)

    def _request(self, training: Training) -> dict[str, Any]:
        return {
            "data": str(self._data.resolve()),
            "project": training.project_id,
            "base": training.base,
            "id": training.segmenter,
            "title": training.title,
            "what": training.what,
            "label": training.label,
            "seed": 0,  # the same for all of a project: what was held out once is not trained on later
            "minutes": training.minutes,
        }

    def _store(self, run_id: str, **values: Any) -> None:
        with self._db.write() as session:
            row = session.get(Training, run_id)
            if row is not None:
                for name, value in values.items():
                    setattr(row, name, value)

    def _check(self, actor: Actor, project_id: str) -> None:
        """Raises Forbidden, ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
        if not self._access.may_still(actor, ACTION, project_id):
            raise Forbidden("The person who started this may no longer train segmenters in the project.")

    def tell(self, event: str, training: Training, told: Mapping[str, Any]) -> None:
        """Managers of the project how far it is."""
        news = schema.TrainingTold(
            training.project_id, described(training, "running", JobStatus("running", progress=told))
        )
        self._bus.tell_managers(event, training.project_id, to_json(news))

    def _tell_ended(self, training: Training) -> None:
        with self._db.read() as session:
            row = session.get(Training, training.id)
        if row is not None:
            state = "done" if row.ended_at is not None else "failed"
            news = schema.TrainingTold(row.project_id, described(row, state))
            self._bus.tell_managers("training:ended", row.project_id, to_json(news))


class _Progress:
    def __init__(self, trainer: Trainer, running: Running, training: Training) -> None:
        self._trainer, self._running, self._training = trainer, running, training
        self._told_at, self._step = 0.0, ""

    def tell(self, told: Mapping[str, Any]) -> None:
        """Now and then; at once where another step begins."""
        moment = time.monotonic()
        if moment - self._told_at < _TELL_SECONDS and told["step"] == self._step:
            return
        self._told_at, self._step = moment, told["step"]
        self._running.tell(**told)
        self._trainer.tell("training:progress", self._training, told)


def base_of(segmenters: Segmenters, training: Training) -> SegmenterSpec:
    """The segmenter it starts from. Raises SegmenterNotFound, also if that one has been replaced since."""
    spec = segmenters.find(training.base)
    if spec.weights != training.base_weights:
        raise SegmenterNotFound(
            f"The segmenter {spec.id!r} was replaced after this training began.", hint="Start a new training."
        )
    return spec


def job_of(actor: Actor, project_id: str, run_id: str) -> Job:
    return Job(TRAIN, {"project": project_id, "training": run_id}, run_id, actor=str(actor))


def _path(job: Job) -> TurnPath:
    return (TRAIN, job.args["project"], "")
