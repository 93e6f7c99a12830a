"""Does imports: pictures first, each committed on its own, then the objects on them.

Killed at any moment it leaves what is in whole, and goes on there: what came over HTTP lies in a folder of the server's
own until it is in; what lies elsewhere is imported again by whoever did it, and what is in is passed over.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from ....contract import parse
from ....domain.policy import Actor
from ....errors import (
    STORES_AWAY,
    BadRequest,
    Forbidden,
    InvalidArchive,
    InvalidDataset,
    ProjectNotFound,
    SamphireError,
    StorageFull,
)
from ....runtime.pools import Pools
from ....runtime.queue.base import Job, JobQueue, StoredJob
from ....runtime.queue.handlers import Handler, Lane, Running, Stopped
from ....runtime.turns import Path as Client
from ....storage.access import Access
from ....storage.engine import Database
from ....storage.rows import imports as rows
from ....storage.rows import labels as label_rows
from ....storage.rows import project_images
from ....storage.tables import ImportJob
from ....storage.unit_of_work import UnitsOfWork
from ...images.uploads import Uploads
from ..formats import FORMATS
from ..formats.detection import detect, not_recognised
from ..formats.objects import Format
from ..formats.source import Source
from ..schema import Existing, Import
from .archives import is_archive, open_archive
from .datasets import Datasets
from .files import Files, Known, Member, NamedFiles, is_picture
from .jobs import AUTO, Choices, ImportJobs, check_format, key_of
from .labels import ASKED, to_ask
from .objects import Writing
from .pictures import DISK_FULL, Pictures
from .recorder import Recorder
from .spools import Spools

log = logging.getLogger(__name__)

_LANE = Lane("import", at_once=4, of_one=2)  # so that one project cannot take all
_NOTHING = "Nothing to import: it has no images, and no annotations in the chosen format."
_NOT_ALLOWED = "Whoever started this import may not import into this project any more."


class Imports:
    """One per process. `folder`: where files that were sent wait for their import."""

    def __init__(
        self,
        folder: Path,
        most_bytes: int,
        db: Database,
        unit_of_work: UnitsOfWork,
        uploads: Uploads,
        pools: Pools,
        queue: JobQueue,
        access: Access,
    ) -> None:
        self._folder = folder
        self._db, self._unit_of_work = db, unit_of_work
        self._uploads, self._pools, self._access = uploads, pools, access
        self.spools = Spools(folder, most_bytes, db, pools)
        self.jobs = ImportJobs(db, self.spools)
        self._datasets = Datasets(unit_of_work, pools)
        self._queue = queue
        self._at_hand: dict[str, tuple[Files, Callable[[], None]]] = {}  # by import
        self.handler = Handler(
            self._do, _LANE, interruptible=True, resumes=lambda job: job.args["sent"], path=_client
        )

    def receive(
        self,
        actor: Actor,
        project_id: str,
        stream: IO[bytes],
        name: str,
        format_name: str | None,
        choices: Choices,
        confirm: Callable[[], None] = lambda: None,
    ) -> ImportJob:
        """Take in an archive, or a file of annotations, and queue its import. `confirm` is called once all of it
        is there, however long that took, and raises where it is to be refused after all.

        Raises ProjectNotFound, TooLarge, InvalidArchive for what is none though no format was named, NotFound for an
        unknown format.
        """
        if format_name is not None:
            check_format(format_name)
        self._db.check_room()
        with self.spools.receiving(stream) as path:
            confirm()
            if format_name is None and not self._pools.read_files(is_archive, path):
                raise InvalidArchive()
            spool = self.spools.keep(path)
        try:
            job, stored = self.jobs.create(actor, project_id, name, format_name, choices, spool)
        except BaseException:
            self.spools.remove(spool)
            raise
        self._queue.take(stored)
        return job

    def resume(self, actor: Actor, project_id: str, job_id: str, changes: Mapping[str, Any]) -> Import:
        """See `ImportJobs.resume`."""
        resumed, stored = self.jobs.resume(actor, project_id, job_id, changes)
        self._queue.take(stored)
        return resumed

    def cancel(self, project_id: str, job_id: str) -> Import:
        """Stop one that waits or runs; what is in stays, and it may be resumed. As `ImportJobs.get`.

        Raises ProjectNotFound, ImportNotFound, Conflict."""
        self.jobs.cancel(project_id, job_id)
        self._stop(job_id)
        return self.jobs.get(project_id, job_id)

    def discard(self, project_id: str, job_id: str) -> None:
        """Forget one, whatever came of it, and free the bytes that were sent; what is in stays.

        Raises ProjectNotFound, ImportNotFound."""
        spool = self.jobs.stop(project_id, job_id)
        self._stop(job_id)
        self.jobs.forget(job_id)
        self.spools.remove(spool)

    def run(
        self, job: ImportJob, stored: StoredJob, files: Files, on_flush: Callable[[], None] = lambda: None
    ) -> None:
        """Do an import of files that are at hand to its end."""
        self._at_hand[job.id] = files, on_flush
        try:
            self._queue.take(stored)
            self._queue.wait(key_of(job.id), None)
        finally:
            del self._at_hand[job.id]

    def _stop(self, job_id: str) -> None:
        self._queue.cancel(lambda job: job.key == key_of(job_id))

    def _do(self, running: Running) -> None:
        """The handler. What became of single files, and what is in, outlives whatever ends it."""
        job = self.jobs.find(running.job.args["import"])
        if job is None:  # gone with its project
            return
        at_hand = self._at_hand.get(job.id)
        actor = Actor.read(running.job.actor)
        try:
            if at_hand is not None:
                self._work(actor, job, *at_hand)
            elif job.spool is not None:  # else it was done, and the process ended before that was noted
                self._work_through(actor, job)
        except (*STORES_AWAY, ProjectNotFound, InvalidArchive, InvalidDataset):
            raise
        except SamphireError as error:
            raise Stopped(error) from error
        except OSError as error:
            raise Stopped(_told(error)) from error
        except Exception as error:  # whatever it was: it may be gone on with
            log.exception("An import failed: %s", job.id)
            raise Stopped(SamphireError()) from error

    def _work_through(self, actor: Actor, job: ImportJob) -> None:
        """What was sent, which is not kept any longer then."""
        path = self._folder / (job.spool or "")
        if not path.is_file():
            raise InvalidArchive("The uploaded file is no longer available.")
        with self._open(path, job) as opened:
            self._work(actor, job, opened, lambda: None)
        self.jobs.set(job.id, spool=None)
        self.spools.remove(job.spool)

    def _work(self, actor: Actor, job: ImportJob, opened: Files, on_flush: Callable[[], None]) -> None:
        self.jobs.set(job.id, total=opened.total)
        with self._db.write() as session:
            rows.forget_problems(session, job.id)
        recorder = Recorder(self._db, job.id, on_flush)
        try:
            self._import(actor, job, opened, recorder)
        finally:
            recorder.flush()

    @contextmanager
    def _open(self, path: Path, job: ImportJob) -> Iterator[Files]:
        """Raises InvalidArchive."""
        with TemporaryDirectory(dir=self._folder, prefix=".", ignore_cleanup_errors=True) as folder:
            if self._pools.read_files(is_archive, path):
                unpack_into = None if job.format is None else Path(folder)
                opened = self._pools.read_files(open_archive, path, unpack_into)
            else:
                opened = NamedFiles({job.source: path})
            with closing(opened):
                yield opened

    def _import(self, actor: Actor, job: ImportJob, opened: Files, recorder: Recorder) -> None:
        """Raises what ends the import."""

        def check() -> None:
            if not self._access.may_still(actor, "project.import", job.project_id):
                raise Forbidden(_NOT_ALLOWED, hint="Somebody who may import can resume it.")

        pictures = Pictures(
            actor, self._db, self._unit_of_work, self._uploads, self._pools, job, recorder, check
        )
        source, chosen = None, None
        if job.format is not None:
            source = opened.source()
            if not source.has_images():
                source = opened.source(self._known(job.project_id))
            chosen = self._format(job, source)
        if source is None or chosen is None:
            if not pictures.add(opened.members(), is_picture):
                raise InvalidDataset(_NOTHING)
            return
        self._check(job, opened, source, chosen, pictures, recorder)
        pictures.place()
        with self._db.read() as session:
            images = {} if source.has_images() else dict(project_images.named(session, job.project_id))
            images |= dict(rows.names_of_images(session, job.id))
        writing = Writing(actor, job.project_id, parse(Existing, job.existing, BadRequest), check)
        for added in self._datasets.add(chosen, source, writing, images.get, recorder.problem, job.label_map):
            recorder.objects(added)

    def _format(self, job: ImportJob, source: Source) -> Format | None:
        """The format that was asked for, or that is found; None where there are images only. Raises InvalidDataset when
        there may be annotations and nobody knows their format."""
        if job.format != AUTO:
            self.jobs.set(job.id, read_as=job.format, evidence=None)
            return FORMATS[job.format or ""]
        found = self._pools.read_files(detect, source, FORMATS)
        self.jobs.set(job.id, read_as=found.format, evidence=found.evidence or None)
        if found.format is None and found.unread:
            raise InvalidDataset(not_recognised(found, FORMATS))
        return None if found.format is None else FORMATS[found.format]

    def _check(
        self,
        job: ImportJob,
        opened: Files,
        source: Source,
        chosen: Format,
        pictures: Pictures,
        recorder: Recorder,
    ) -> None:
        """All that may refuse a dataset; its images are stored then, and belong to no project yet. Raises
        InvalidDataset."""
        checked = self._datasets.check(chosen, source, recorder.problem, job.skip_missing, job.label_map)
        recorder.flush()
        if job.ask_labels and job.label_map is None:
            with self._db.read() as session:
                asked = to_ask(checked.labels, label_rows.by_name(session, job.project_id))
            if asked:
                self.jobs.set(job.id, file_labels=asked)
                raise InvalidDataset(ASKED)
        if not checked.problems or job.keep_going:
            inside = [Member(name, opens) for name, opens in source.inside.items()]
            pictures.stage(chain(opened.members(), inside), checked.pictures)
        problems = checked.problems + pictures.failed
        if problems and not job.keep_going:
            pictures.drop()
            items = "item has a problem" if problems == 1 else "items have problems"
            raise InvalidDataset(f"Nothing was imported: {problems} {items}.")

    def _known(self, project_id: str) -> Known:
        """Sizes of the project's pictures, by their names."""
        with self._db.read() as session:
            return project_images.sizes(session, project_id)


def _told(error: OSError) -> SamphireError:
    return StorageFull() if error.errno in DISK_FULL else SamphireError(str(error))


def _client(job: Job) -> Client:
    return ("imports", job.args["project"], job.args["import"])
