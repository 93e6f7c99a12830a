"""Segmenters trained on a project's objects: begun, paused, resumed, finished early, listed, forgotten."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.policy import Actor
from ...errors import BadRequest, Conflict, NotFound, Unavailable, unknown
from ...inference.catalog import SegmenterSpec
from ...inference.training_plan import LEAST_AREA, LEAST_IMAGES, WHATS, Part, part_of
from ...runtime.pools import Pools
from ...runtime.queue.base import GOING, JobQueue, JobStatus
from ...storage.engine import Database
from ...storage.rows import jobs
from ...storage.rows import labels as label_rows
from ...storage.rows.finding import found_project
from ...storage.rows.training import examples
from ...storage.rows.training import trainings as rows
from ...storage.rows.training.trainings import TRAIN
from ...storage.tables import Training
from ..embeddings.service import Embeddings
from ..projects.service import Projects
from ..segmenters.service import Segmenters
from . import schema
from .described import described, detailed
from .encoders import check_encoder, encoder_training, has_gpu
from .folders import Folders
from .gathering import MOST_IMAGES, check_enough, count_missing, drawn
from .lasting import Lasting
from .running import base_of, job_of

PACKAGES = ("torch", "onnx", "safetensors")
INSTALL = 'pip install "samphire[export]"'
_LISTED = 200


class Trainings:
    """`taken`: ids that no training may use, as those of the catalogue. `packages`: that training imports."""

    def __init__(
        self,
        db: Database,
        pools: Pools,
        queue: JobQueue,
        projects: Projects,
        segmenters: Segmenters,
        embeddings: Embeddings,
        folders: Folders,
        taken: Callable[[], Sequence[str]],
    ) -> None:
        self._db, self._pools, self._queue, self._projects = db, pools, queue, projects
        self._segmenters, self._folders = segmenters, folders
        self._taken = taken
        self._lasting = Lasting(db, embeddings)
        self.packages: Sequence[str] = PACKAGES
        self.gpu = has_gpu()

    @property
    def needs(self) -> str | None:
        """How to install what training imports, where that lacks."""
        lacking = any(find_spec(name) is None for name in self.packages)
        return INSTALL if lacking else None

    def list(self, project_id: str) -> schema.TrainingList:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
            found = rows.of_project(session, project_id, _LISTED)
        return schema.TrainingList([self._told(each) for each in found], self.needs)

    def get(self, project_id: str, run_id: str) -> schema.TrainingDetails:
        """Raises ProjectNotFound, NotFound."""
        training = self._find(project_id, run_id)
        status = self._status(training)
        return detailed(training, _state(training, status), status)

    def estimate(self, project_id: str, asked: Mapping[str, str]) -> schema.TrainingEstimate:
        """`asked`: "what", and where wanted "label", "segmenter", "minutes". Raises ProjectNotFound, BadRequest,
        SegmenterNotFound."""
        known = {name: value for name, value in asked.items() if value}
        what = known.get("what", WHATS[0])
        if what not in WHATS:
            raise BadRequest(unknown("thing to train", what, WHATS))
        minutes = known.get("minutes", "")
        if minutes and not (minutes.isdecimal() and 1 <= int(minutes[:9]) <= schema.MOST_MINUTES):
            raise BadRequest(f'"minutes" must be a whole number from 1 to {schema.MOST_MINUTES}.')
        spec = self._base(project_id, known.get("segmenter"))
        with self._db.read() as session:
            label_id = _label(session, project_id, known.get("label"))
            images, objects = examples.count(session, project_id, label_id, LEAST_AREA)
            used = drawn(examples.images(session, project_id, label_id, LEAST_AREA), "")
        to_encode = count_missing(self._db, [image_id for image_id, _ in used], spec)
        parts: list[Part | None] = [part_of(split) for _, split in used]
        cap = int(minutes) * 60.0 if minutes else None
        seconds, measured = self._lasting.estimate(
            what, spec, parts, objects * len(used) // max(1, images), to_encode, cap
        )
        return schema.TrainingEstimate(
            images=images,
            objects=objects,
            used=min(images, MOST_IMAGES),
            least=LEAST_IMAGES,
            to_encode=to_encode,
            seconds=round(seconds, 1),
            measured=measured,
            encoder=encoder_training(spec, self.gpu),
            needs=self.needs,
        )

    def start(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> schema.TrainingDetails:
        """See NewTraining. Raises ProjectNotFound, BadRequest, SegmenterNotFound; Conflict while another goes on in the
        project, for an id that is not the project's to use, and where there is too little to learn from; Unavailable
        when packages, or a GPU that is needed, are missing."""
        asked = parse(schema.NewTraining, data, BadRequest)
        spec = self._base(project_id, None if asked.segmenter is UNSET else asked.segmenter)
        check_encoder(asked.what, spec, self.gpu)
        self._check_packages()
        with self._db.read() as session:
            self._check_idle(session, project_id)
        self._check_id(project_id, asked.id, spec)
        with self._db.write() as session:
            project = found_project(session, project_id)
            self._check_idle(session, project_id)  # one may have been begun meanwhile, in another process too
            _check_not_meant(session, project_id, asked.id)
            label_id = _label(session, project_id, asked.label)
            found = examples.images(session, project_id, label_id, LEAST_AREA)
            check_enough([part_of(split) for _, split in found])
            training = Training(
                id=uuid.uuid4().hex[:16],
                project_id=project_id,
                what=asked.what,
                segmenter=asked.id,
                title=asked.title or f"{spec.title}, {project.name}"[: schema.TITLE_CHARACTERS].strip(),
                base=spec.id,
                base_weights=spec.weights,
                label_id=label_id,
                label=asked.label,
                minutes=asked.minutes,
                account=actor.account,
            )
            session.add(training)
            stored = jobs.put(session, job_of(actor, project_id, training.id))
            run_id = training.id
        self._queue.take(stored)
        return self.get(project_id, run_id)

    def pause(self, project_id: str, run_id: str) -> schema.TrainingDetails:
        """How far it is, and the best so far, are kept. Answered once its program has ended. Raises ProjectNotFound,
        NotFound."""
        self._find(project_id, run_id)
        self._queue.cancel(lambda job: job.key == (TRAIN, run_id))
        return self.get(project_id, run_id)

    def resume(self, actor: Actor, project_id: str, run_id: str) -> schema.TrainingDetails:
        """Where it was. Raises ProjectNotFound, NotFound, Conflict, Unavailable when packages or a GPU are missing."""
        return self._go_on(actor, project_id, run_id, finishing=False)

    def finish(self, actor: Actor, project_id: str, run_id: str) -> schema.TrainingDetails:
        """Train no more: measure the best so far, and install it if it is better. Raises as `resume`."""
        training = self._find(project_id, run_id)
        if self._status(training).state not in GOING:
            return self._go_on(actor, project_id, run_id, finishing=True)
        with self._db.write() as session:
            row = session.get(Training, run_id)
            if row is not None:
                row.finishing = True
        self._pools.compute(self._folders.finish, run_id)
        return self.get(project_id, run_id)

    def remove(self, project_id: str, run_id: str) -> None:
        """Forget it; what it installed stays. Raises ProjectNotFound, NotFound."""
        self._find(project_id, run_id)
        self._queue.cancel(lambda job: job.key == (TRAIN, run_id))
        with self._db.write(reserved=True) as session:
            rows.remove(session, run_id)
            jobs.remove(session, (TRAIN, run_id))
        self._pools.compute(self._folders.remove, run_id)

    def report(self, project_id: str, run_id: str) -> Path:
        """The file of a page about one that is done. Raises ProjectNotFound, NotFound."""
        training = self._find(project_id, run_id)
        path = self._folders.report_path(run_id)
        if training.ended_at is None or not path.is_file():
            raise NotFound("This training has no report.", hint="It's written when the training finishes.")
        return path

    def _go_on(self, actor: Actor, project_id: str, run_id: str, finishing: bool) -> schema.TrainingDetails:
        training = self._find(project_id, run_id)
        if training.ended_at is not None:
            raise Conflict("This training has finished.", hint="Start a new one.")
        self._check_packages()
        check_encoder(training.what, base_of(self._segmenters, training), self.gpu)
        with self._db.write() as session:
            row = session.get(Training, run_id)
            if row is None:
                raise _missing()
            self._check_idle(session, project_id)
            row.error, row.finishing = None, finishing
            stored = jobs.put(session, job_of(actor, project_id, run_id))
        self._queue.take(stored)
        return self.get(project_id, run_id)

    def _base(self, project_id: str, named: str | None) -> SegmenterSpec:
        own = self._projects.segmenter(project_id)  # raises ProjectNotFound
        return own if named is None else self._segmenters.find(named)

    def _check_packages(self) -> None:
        needs = self.needs
        if needs is not None:
            raise Unavailable(
                "Training needs Python packages that are not installed on the server.",
                hint=f"Run `{needs}` there, restart Samphire, then try again.",
            )

    def _check_id(self, project_id: str, new_id: str, base: SegmenterSpec) -> None:
        """Whoever manages a project may add segmenters that it trained, and replace those: no others."""
        if new_id == base.id:
            raise Conflict(
                "The new segmenter needs an id of its own.",
                hint=f"{base.title} is kept so that you can go back to it.",
            )
        installed = {spec.id: spec for spec in self._segmenters.installed()}
        there = installed.get(new_id)
        is_own = there is not None and there.source.get("project") == project_id
        if (there is not None and not is_own) or new_id in self._taken():
            raise _taken(new_id)
        with self._db.read() as session:
            _check_not_meant(session, project_id, new_id)

    def _find(self, project_id: str, run_id: str) -> Training:
        with self._db.read() as session:
            found_project(session, project_id)
            training = rows.find(session, project_id, run_id)
        if training is None:
            raise _missing()
        return training

    def _told(self, training: Training) -> schema.Training:
        status = self._status(training)
        return described(training, _state(training, status), status)

    def _check_idle(self, session: Session, project_id: str) -> None:
        """Raises Conflict. Alone, this process knows what runs, and what a killed one has left does not."""
        found = [each for each in rows.open_ones(session) if each.project_id == project_id]
        going = any(self._status(each).state in GOING for each in found)
        if going or (self._queue.shared and rows.is_going(session, project_id)):
            raise Conflict(
                "A training is already running in this project.", hint="Wait for it to finish, or pause it."
            )

    def _status(self, training: Training) -> JobStatus:
        return self._queue.status((TRAIN, training.id))


def _label(session: Session, project_id: str, name: str | None) -> str | None:
    """Its id. Raises ProjectNotFound, BadRequest."""
    found_project(session, project_id)
    if name is None:
        return None
    label = label_rows.find(session, project_id, name)
    if label is None:
        known = [each.name for each in label_rows.of_project(session, project_id)]
        raise BadRequest(unknown("label", name, known))
    return label.id


def _check_not_meant(session: Session, project_id: str, new_id: str) -> None:
    """Raises Conflict for the id of what another project is to get."""
    if any(each.segmenter == new_id and each.project_id != project_id for each in rows.open_ones(session)):
        raise _taken(new_id)


def _taken(new_id: str) -> Conflict:
    return Conflict(f"A segmenter called {new_id!r} already exists.", hint="Choose another id.")


def _state(training: Training, status: JobStatus) -> schema.TrainingState:
    if training.ended_at is not None:
        return "done"
    if status.state in GOING:
        return "queued" if status.state == "queued" else "running"
    return "failed" if training.error is not None or status.state == "failed" else "paused"


def _missing() -> NotFound:
    return NotFound("There is no such training.", hint="It may have been deleted.")
