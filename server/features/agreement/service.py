"""How alike the people of a project segment: a job works out what has changed, and reports add it up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from ...domain.agreement.comparing import People, compare
from ...domain.outside.ids import some_of
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...errors import NotFound, TooComplex
from ...runtime.byte_cache import ByteCache
from ...runtime.pools import Pools
from ...runtime.queue.base import Job, JobQueue
from ...runtime.queue.handlers import Handler, Lane, Running
from ...runtime.turns import Path
from ...storage import revisions
from ...storage.engine import Database
from ...storage.rows import labels, project_images, projects
from ...storage.rows.agreement import figures as rows
from ...storage.rows.agreement.figures import Finished
from ...storage.rows.finding import found_place, found_project
from ...storage.tables import Image, ProjectImage, now
from . import schema
from .counting import Counting, counted
from .reading import drawn, stamp
from .report import Chosen, Images, Tables, described, least_alike, tables, worst_first
from .stored import TOO_COMPLEX, ImageFigures, PairOf, figures_of, pack, unpack

AGREEMENT = "agreement"  # the kind of its jobs
_KEPT = 16  # projects whose figures stay in memory


class Listed(NamedTuple):
    """An image of a listing, its figures and the two who agree least there."""

    image_id: str
    people: list[str]
    least: PairOf
    figures: schema.Figures


class Agreement:
    def __init__(self, db: Database, pools: Pools, queue: JobQueue) -> None:
        self._db, self._pools, self._queue = db, pools, queue
        self.handler = Handler(self._run, Lane(AGREEMENT), path=_path)
        self._kept: ByteCache[tuple[datetime, Images]] = ByteCache(_KEPT, lambda kept: 1)
        self._tables: ByteCache[tuple[datetime, list[str], Tables]] = ByteCache(_KEPT, lambda kept: 1)

    def start(self, actor: Actor, project_id: str) -> schema.AgreementReport:
        """Have it worked out anew what has changed. Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
        job = Job(AGREEMENT, {"project": project_id}, project_id, actor=str(actor))
        self._queue.submit(job)
        return self.report(project_id)

    def report(self, project_id: str) -> schema.AgreementReport:
        """As of when it was last worked out. Raises ProjectNotFound."""
        status = self._queue.status((AGREEMENT, project_id))
        with self._db.read() as session:
            found_project(session, project_id)
            run = rows.run(session, project_id)
            current = run is not None and run.revision == revisions.of_project(session, project_id)
            known = [label.id for label in labels.of_project(session, project_id)]
        images = self._images(project_id)
        made = self._tables_of(project_id, None if run is None else run.at, images, known)
        compared = sum(1 for each in images.values() if each.pairs)
        done, total = counted(status)
        return schema.AgreementReport(
            state=status.state,
            done=done,
            total=total,
            current=current,
            at=None if run is None else timestamp(run.at),
            images=compared,
            too_complex=len(images) - compared,
            figures=made.figures,
            people=made.people,
            pairs=made.pairs,
            labels=made.labels,
        )

    def images(self, project_id: str, chosen: Chosen, offset: int, limit: int) -> tuple[list[Listed], int]:
        """Those with the least agreement first, and how many there are in all. Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
        images = self._images(project_id)
        listed = self._pools.compute(worst_first, images, chosen)
        return [
            Listed(
                image_id,
                images[image_id].people,
                least_alike(images[image_id], chosen),
                described(each, each.alpha if chosen.label is None else None),
            )
            for image_id, each in listed[offset : offset + limit]
        ], len(listed)

    def places(self, project_id: str, image_ids: Sequence[str]) -> list[tuple[ProjectImage, Image]]:
        """Those of these images that are in the project now."""
        with self._db.read() as session:
            return rows.places(session, project_id, image_ids)

    def image_names(self, project_id: str) -> dict[str, str]:
        """By id, of all images of a project."""
        with self._db.read() as session:
            return {image_id: name for name, image_id in project_images.named(session, project_id)}

    def _images(self, project_id: str) -> Images:
        """By id, in the order of their names."""
        with self._db.read() as session:
            run = rows.run(session, project_id)
            kept = self._kept.get(project_id)
            if kept is not None and run is not None and kept[0] == run.at:
                return kept[1]
            known = rows.of_project(session, project_id)
        images = self._pools.compute(_unpacked, known)
        if run is not None:
            self._kept.put(project_id, (run.at, images))
        return images

    def _tables_of(self, project_id: str, at: datetime | None, images: Images, known: list[str]) -> Tables:
        """`at`: when the images' figures were worked out; `known`: the ids of the project's labels."""
        kept = self._tables.get(project_id)
        if kept is not None and kept[:2] == (at, known):
            return kept[2]
        made = self._pools.compute(tables, images.values(), known)
        if at is not None:
            self._tables.put(project_id, (at, known, made))
        return made

    def _run(self, running: Running) -> None:
        """The handler: image by image, each in a transaction of its own, so that nothing is done twice."""
        project_id = running.job.args["project"]
        with self._db.read() as session:
            if projects.find(session, project_id) is None:
                return
            revision = revisions.of_project(session, project_id)
            finished = rows.finished(session, project_id)
            known = rows.stamps(session, project_id)
            todo = list(_outdated(session, project_id, finished, known))
        gone = known.keys() - {each.image_id for each in finished}
        if gone:
            with self._db.write(synced=False) as session:
                rows.drop(session, project_id, sorted(gone))
        counting = Counting(running, len(todo))
        for done, (each, new_stamp) in enumerate(todo):
            if running.cancelled:
                return
            counting.tell(done)
            self._compare(project_id, each, new_stamp)
        with self._db.write(synced=False) as session:
            if projects.find(session, project_id) is not None:
                rows.end_run(session, project_id, revision or "", now())

    def _compare(self, project_id: str, finished: Finished, new_stamp: str) -> None:
        with self._db.read() as session:
            try:
                _, image = found_place(session, project_id, finished.image_id)
            except NotFound:
                return  # removed meanwhile
            people = drawn(session, project_id, finished)
            size = (image.width, image.height)
        try:
            figures = self._pools.compute(_compared, people, *size)
        except TooComplex:
            figures = pack(TOO_COMPLEX)
        with self._db.write(synced=False) as session:
            if project_images.find(session, project_id, finished.image_id) is not None:
                rows.put(session, project_id, finished.image_id, new_stamp, figures)


def _outdated(
    session: Session, project_id: str, finished: Sequence[Finished], known: Mapping[str, str]
) -> Iterator[tuple[Finished, str]]:
    """Images whose figures are not those of what is drawn there now, and the stamp of that."""
    for some in some_of(finished):
        layers = rows.layers(session, project_id, [each.image_id for each in some])
        for each in some:
            new_stamp = stamp(each, layers.get(each.image_id, {}))
            if known.get(each.image_id) != new_stamp:
                yield each, new_stamp


def _compared(people: People, width: int, height: int) -> dict[str, Any]:
    return pack(figures_of(people, compare(people, width, height)))


def _unpacked(known: Sequence[rows.Known]) -> dict[str, ImageFigures]:
    return {each.image_id: unpack(each.figures) for each in known}


def _path(job: Job) -> Path:
    """All agreement jobs are one client's to others, so that clicks do not wait for them."""
    return ("agreement", job.dedupe_key, "")
