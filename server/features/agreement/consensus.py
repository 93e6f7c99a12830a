"""Common objects made of several people's, as a start for whoever reviews: on one image, or by a job on many."""

import uuid
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from ...contract import parse
from ...contract.answers import Undo
from ...domain.agreement.consensus import Method
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...errors import BadRequest, Conflict, Forbidden, NotFound
from ...runtime.pools import Pools
from ...runtime.queue.base import GOING, Job, JobQueue
from ...runtime.queue.handlers import Handler, Lane, Running
from ...runtime.turns import Path
from ...storage.access import Access
from ...storage.engine import Database
from ...storage.rows.agreement import consensus as rows
from ...storage.rows.agreement import figures
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import annotators_per_image
from ...storage.unit_of_work import UnitsOfWork
from . import schema
from .counting import Counting, counted
from .merging import LEAST_PEOPLE, Made, make, put_in, take_out
from .reading import drawn

CONSENSUS = "consensus"  # the kind of its jobs
_UNDO_SECONDS = 5.0  # so long an answer waits for it


class Merging:
    def __init__(
        self, db: Database, pools: Pools, unit_of_work: UnitsOfWork, queue: JobQueue, access: Access
    ) -> None:
        self._db, self._pools, self._unit_of_work = db, pools, unit_of_work
        self._queue, self._access = queue, access
        self.handler = Handler(self._run, Lane(CONSENSUS), path=_path)

    def one(
        self, actor: Actor, project_id: str, image_id: str, data: Mapping[str, Any]
    ) -> schema.ConsensusAnswer:
        """See NewConsensus. Raises ProjectNotFound, ImageNotFound, BadRequest; Conflict where fewer than two people are
        done with the image, or it has common objects and nothing is said of them."""
        asked = parse(schema.NewConsensus, data, BadRequest)
        made = self._make(project_id, image_id, asked.method)
        replace = None if asked.replace is UNSET else asked.replace
        run = uuid.uuid4().hex[:16]
        with self._unit_of_work(actor) as work:
            count, replaced = put_in(work, project_id, image_id, run, asked.method, made, replace)
        answer = schema.ConsensusAnswer(count, replaced)
        if count or replaced:
            answer.restore = _undo(project_id, run)
        return answer

    def start(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> schema.ConsensusStanding:
        """On all images that are ready. Raises ProjectNotFound, BadRequest, Conflict while it is going on."""
        asked = parse(schema.NewConsensusRun, data, BadRequest)
        with self._db.read() as session:
            found_project(session, project_id)
        self._submit(actor, project_id, {"method": asked.method, "run": uuid.uuid4().hex[:16]})
        return self.standing(project_id)

    def undo(self, actor: Actor, project_id: str, run: str) -> schema.ConsensusStanding:
        """What one run made, but for what was changed since. Raises ProjectNotFound, NotFound, Conflict."""
        with self._db.read() as session:
            found_project(session, project_id)
            if not rows.has_run(session, project_id, run):
                raise NotFound("There is nothing to undo.", hint="It was undone already, or is too old.")
        self._submit(actor, project_id, {"undo": run})
        self._queue.wait((CONSENSUS, project_id), _UNDO_SECONDS)
        return self.standing(project_id)

    def standing(self, project_id: str) -> schema.ConsensusStanding:
        """Raises ProjectNotFound."""
        status = self._queue.status((CONSENSUS, project_id))
        with self._db.read() as session:
            project = found_project(session, project_id)
            ready = rows.ready(session, project_id, max(LEAST_PEOPLE, annotators_per_image(project)))
            last = rows.latest(session, project_id)
        done, total = counted(status)
        return schema.ConsensusStanding(
            state=status.state,
            done=done,
            total=total,
            ready=len(ready),
            last=last
            and schema.ConsensusRun(
                id=last.id,
                method=last.method,
                account=last.account,
                at=timestamp(last.at),
                images=last.images,
                restore=_undo(project_id, last.id),
            ),
        )

    def _submit(self, actor: Actor, project_id: str, args: Mapping[str, Any]) -> None:
        if self._queue.status((CONSENSUS, project_id)).state in GOING:
            raise Conflict("Common objects are being made in this project.", hint="Wait until that is done.")
        job = Job(CONSENSUS, {"project": project_id, **args}, project_id, actor=str(actor))
        self._queue.submit(job)

    def _run(self, running: Running) -> None:
        """The handler. What is left to do is read from the images, so that a restart goes on."""
        actor, args = Actor.read(running.job.actor), running.job.args
        if "undo" in args:
            self._undo(running, actor, args["project"], args["undo"])
        else:
            self._make_all(running, actor, args["project"], args["method"], args["run"])

    def _make_all(self, running: Running, actor: Actor, project_id: str, method: Method, run: str) -> None:
        with self._db.read() as session:
            people = max(LEAST_PEOPLE, annotators_per_image(found_project(session, project_id)))
            ready = rows.ready(session, project_id, people)
        counting = Counting(running, len(ready))
        for done, image_id in enumerate(ready):
            if running.cancelled:
                return
            self._check(actor, project_id)
            counting.tell(done)
            try:
                made = self._make(project_id, image_id, method)
                with self._unit_of_work(actor) as work:
                    put_in(work, project_id, image_id, run, method, made, None)
            except (Conflict, NotFound):
                continue  # removed, or somebody made objects there meanwhile

    def _undo(self, running: Running, actor: Actor, project_id: str, run: str) -> None:
        with self._db.read() as session:
            total = rows.count(session, project_id, run)
        counting = Counting(running, total)
        for done in range(total):
            if running.cancelled:
                return
            self._check(actor, project_id)
            counting.tell(done)
            with self._unit_of_work(actor, reserved=True) as work:
                consensus = rows.first(work.session, project_id, run)
                if consensus is None:
                    return
                take_out(work, consensus)

    def _make(self, project_id: str, image_id: str, method: Method) -> list[Made]:
        """Raises ProjectNotFound, ImageNotFound, Conflict."""
        with self._db.read() as session:
            _, image = found_place(session, project_id, image_id)
            finished = figures.finished(session, project_id, image_id)
            if not finished or len(finished[0].accounts) < LEAST_PEOPLE:
                raise Conflict(
                    "Fewer than two people are done with this image.",
                    hint="A consensus is made of several people's objects.",
                )
            people = drawn(session, project_id, finished[0])
            size = (image.width, image.height)
        return self._pools.compute(make, people, method, *size)

    def _check(self, actor: Actor, project_id: str) -> None:
        """Raises Forbidden."""
        if not self._access.may_still(actor, "review.decide", project_id):
            raise Forbidden("Whoever started this may not review in the project any more.")


def _undo(project_id: str, run: str) -> Undo:
    return Undo("POST", f"/api/projects/{project_id}/consensus/{run}/undo")


def _path(job: Job) -> Path:
    return (CONSENSUS, job.dedupe_key, "")
