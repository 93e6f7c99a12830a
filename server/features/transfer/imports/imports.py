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
from ....errors import (
    BadRequest,
    DatabaseBusy,
    InvalidArchive,
    InvalidDataset,
    ProjectNotFound,
    SamphireError,
    StorageFull,
)
from ....runtime.pools import Pools
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
from .jobs import AUTO, CANCELLED, Choices, ImportJobs, check_format
from .labels import ASKED, to_ask
from .objects import Writing
from .pictures import DISK_FULL, Pictures
from .queue import Cancelled, ImportQueue
from .recorder import Recorder
from .spools import Spools

log = logging.getLogger(__name__)

_NOTHING = "Nothing to import: it has no images, and no annotations in the chosen format."


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
    ) -> None:
        self._folder = folder
        self._db, self._unit_of_work = db, unit_of_work
        self._uploads, self._pools = uploads, pools
        self.spools = Spools(folder, most_bytes, db, pools)
        self.jobs = ImportJobs(db, self.spools)
        self._datasets = Datasets(unit_of_work, pools)
        self._queue = ImportQueue(self.jobs.waiting, self._run_spooled)

    def receive(
        self, project_id: str, stream: IO[bytes], name: str, format_name: str | None, choices: Choices
    ) -> ImportJob:
        """Take in an archive, or a file of annotations, and queue its import.

        Raises ProjectNotFound, TooLarge, InvalidArchive for what is none though no format was named, NotFound for an
        unknown format.
        """
        if format_name is not None:
            check_format(format_name)
        self._db.check_room()
        with self.spools.receiving(stream) as path:
            if format_name is None and not self._pools.read_files(is_archive, path):
                raise InvalidArchive()
            spool = self.spools.keep(path)
        try:
            job = self.jobs.create(project_id, name, format_name, choices, spool)
        except BaseException:
            self.spools.remove(spool)
            raise
        self._queue.wake()
        return job

    def resume(self, project_id: str, job_id: str, changes: Mapping[str, Any]) -> Import:
        """See `ImportJobs.resume`."""
        resumed = self.jobs.resume(project_id, job_id, changes)
        self._queue.wake()
        return resumed

    def cancel(self, project_id: str, job_id: str) -> Import:
        """Stop one that waits or runs; what is in stays, and it may be resumed. As `ImportJobs.get`.

        Raises ProjectNotFound, ImportNotFound, Conflict."""
        self.jobs.cancel(project_id, job_id)
        self._queue.cancel(job_id)
        return self.jobs.get(project_id, job_id)

    def discard(self, project_id: str, job_id: str) -> None:
        """Forget one, whatever came of it, and free the bytes that were sent; what is in stays.

        Raises ProjectNotFound, ImportNotFound."""
        spool = self.jobs.stop(project_id, job_id)
        self._queue.cancel(job_id)
        self.jobs.forget(job_id)
        self.spools.remove(spool)

    def run(self, job: ImportJob, opened: Files, on_flush: Callable[[], None] = lambda: None) -> ImportJob:
        """Do an import to its end; it as it is then: "done", "failed" (nothing, or nothing more, can be imported) or
        "stopped" (it may go on later). Raises DatabaseBusy, and then goes on when it is done again."""
        try:
            self.jobs.set(job.id, state="running", error=None, total=opened.total)
            with self._db.write() as session:
                rows.forget_problems(session, job.id)
            recorder = Recorder(self._db, job.id, on_flush)
            try:
                self._import(job, opened, recorder)
            finally:
                recorder.flush()
            self.jobs.set(job.id, state="done")
        except DatabaseBusy:
            raise  # where the import stands could not be written down either
        except (ProjectNotFound, InvalidArchive, InvalidDataset) as error:
            self.jobs.set(job.id, state="failed", error=error.message)
        except SamphireError as error:
            self.jobs.set(job.id, state="stopped", error=error.message)
        except OSError as error:
            self.jobs.set(job.id, state="stopped", error=_told(error))
        return self.jobs.find(job.id) or job

    def start(self) -> None:
        """Do what waits, and what was interrupted, in the background."""
        self._queue.start()

    def stop(self) -> None:
        self._queue.stop()

    def _run_spooled(self, job: ImportJob) -> None:
        """Raises DatabaseBusy."""
        path = self._folder / (job.spool or "")
        try:
            with self._open(path, job) as opened:
                done = self.run(job, opened)
            if done.state == "done":
                self.jobs.set(job.id, spool=None)
                self.spools.remove(job.spool)
        except DatabaseBusy:
            raise
        except Cancelled:
            self.jobs.set(job.id, state="stopped", error=CANCELLED)
        except FileNotFoundError:
            error = "The uploaded file is no longer available."
            self.jobs.set(job.id, state="failed", error=error, spool=None)
        except OSError as error:  # while it was unpacked
            self.jobs.set(job.id, state="stopped", error=_told(error))
        except InvalidArchive as error:
            self.jobs.set(job.id, state="failed", error=error.message)
        except Exception:  # whatever it was: the next ones are not to blame
            log.exception("An import failed: %s", job.id)
            self.jobs.set(job.id, state="stopped", error=SamphireError.sentence)

    @contextmanager
    def _open(self, path: Path, job: ImportJob) -> Iterator[Files]:
        """Raises FileNotFoundError, InvalidArchive."""
        if not path.is_file():
            raise FileNotFoundError(path)
        with TemporaryDirectory(dir=self._folder, prefix=".", ignore_cleanup_errors=True) as folder:
            if self._pools.read_files(is_archive, path):
                unpack_into = None if job.format is None else Path(folder)
                opened = self._pools.read_files(open_archive, path, unpack_into)
            else:
                opened = NamedFiles({job.source: path})
            with closing(opened):
                yield opened

    def _import(self, job: ImportJob, opened: Files, recorder: Recorder) -> None:
        """Raises what ends the import."""
        pictures = Pictures(self._db, self._unit_of_work, self._uploads, self._pools, job, recorder)
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
        writing = Writing(job.project_id, parse(Existing, job.existing, BadRequest))
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


def _told(error: OSError) -> str:
    return StorageFull.sentence if error.errno in DISK_FULL else str(error)
