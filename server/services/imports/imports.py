"""Does imports: pictures first, each committed on its own, then the objects on them; one import at a time.

Killed at any moment it leaves what is in whole, and goes on there: what came over HTTP lies in a folder of the server's
own until it is in; what lies elsewhere is imported again by whoever did it, and what is in is passed over.
"""

import errno
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import IO, Any

import gevent
from gevent.event import Event
from gevent.pool import Pool

from server.errors import (
    DatabaseBusy,
    InvalidArchive,
    InvalidDataset,
    ProjectNotFound,
    SamphireError,
    StorageFull,
    TooLarge,
)
from server.formats.source import Source
from server.jobs.pools import Pools
from server.services.imports.archives import is_archive, open_archive
from server.services.imports.datasets import Datasets, find_format
from server.services.imports.files import Files, Known, Member, NamedFiles, is_picture
from server.services.imports.jobs import ImportJobs
from server.services.imports.recorder import Recorder
from server.services.imports.spools import Spools
from server.services.uploads import Uploads
from server.storage import imports as rows
from server.storage import project_images
from server.storage.engine import Database
from server.storage.tables import ImportJob

log = logging.getLogger(__name__)

_AT_ONCE = 4  # pictures
_PIECE_BYTES = 1 << 20
_REST_SECONDS = 5.0  # while the database cannot be used
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_NOTHING = "There is nothing to import in it: no pictures, and no annotations of a format that was asked for."


class Imports:
    """One per process. `folder`: where files that were sent wait for their import."""

    def __init__(self, folder: Path, most_bytes: int, db: Database, uploads: Uploads, pools: Pools) -> None:
        self._folder, self._most_bytes = folder, most_bytes
        self._db, self._uploads, self._pools = db, uploads, pools
        self.jobs = ImportJobs(db)
        self.spools = Spools(folder, db)
        self._datasets = Datasets(db, pools)
        self._wake = Event()
        self._greenlet: gevent.Greenlet | None = None

    def receive(
        self, project_id: str, stream: IO[bytes], name: str, format_name: str | None, keep_going: bool
    ) -> ImportJob:
        """Take in an archive, or a file of annotations, and queue its import.

        Raises ProjectNotFound, TooLarge, InvalidArchive for what is none though no format was named, NotFound for an
        unknown format.
        """
        if format_name is not None:
            find_format(format_name, Source.memory({}))
        self._db.check_room()
        self._folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._folder, prefix=".") as folder:
            path = Path(folder) / "received"
            self._write(stream, path)
            if format_name is None and not self._pools.compute(is_archive, path):
                raise InvalidArchive()
            spool = token_hex(8)
            path.replace(self._folder / spool)
        try:
            job = self.jobs.create(project_id, name, format_name, keep_going, spool)
        except BaseException:
            (self._folder / spool).unlink(missing_ok=True)
            raise
        self._wake.set()
        return job

    def resume(self, project_id: str, job_id: str, keep_going: bool) -> dict[str, Any]:
        """As `ImportJobs.get`. Raises ProjectNotFound, ImportNotFound, Conflict."""
        resumed = self.jobs.resume(project_id, job_id, keep_going)
        self._wake.set()
        return resumed

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
            full = error.errno in _DISK_FULL
            self.jobs.set(job.id, state="stopped", error=StorageFull.sentence if full else str(error)[:500])
        return self.jobs.find(job.id) or job

    def start(self) -> None:
        """Do what waits, and what was interrupted, in the background."""
        self._greenlet = gevent.spawn(self._work)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()

    def _work(self) -> None:
        while True:
            self._wake.clear()
            try:
                for job in self.jobs.waiting():
                    self._run_spooled(job)
            except DatabaseBusy as error:
                log.warning("Imports wait: %s", error)
                gevent.sleep(_REST_SECONDS)
            else:
                self._wake.wait()

    def _run_spooled(self, job: ImportJob) -> None:
        """Raises DatabaseBusy."""
        path = self._folder / (job.spool or "")
        try:
            with self._open(path, job) as opened:
                done = self.run(job, opened)
            if done.state == "done":
                self.jobs.set(job.id, spool=None)
                path.unlink(missing_ok=True)
        except DatabaseBusy:
            raise
        except FileNotFoundError:
            error = "The file that was sent is not there any more."
            self.jobs.set(job.id, state="failed", error=error, spool=None)
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
            if self._pools.compute(is_archive, path):
                unpack_into = None if job.format is None else Path(folder)
                opened = self._pools.compute(open_archive, path, unpack_into)
            else:
                opened = NamedFiles({job.source: path})
            with closing(opened):
                yield opened

    def _import(self, job: ImportJob, opened: Files, recorder: Recorder) -> None:
        """Raises what ends the import."""
        if job.format is None:
            if not self._add_pictures(job, opened, recorder, is_picture):
                raise InvalidDataset(_NOTHING)
            return
        source = opened.source()
        if not source.has_images():
            source = opened.source(self._known(job.project_id))
        chosen = self._pools.compute(find_format, job.format, source)
        if chosen is None:
            if not self._add_pictures(job, opened, recorder, is_picture):
                raise InvalidDataset(_NOTHING)
            return
        checked = self._datasets.check(chosen, source, recorder.problem)
        recorder.flush()
        if checked.problems and not job.keep_going:
            raise InvalidDataset(
                f"{checked.problems} things in these files cannot be imported, so nothing was; they are listed."
            )
        inside = [Member(name, opens) for name, opens in source.inside.items()]
        self._add_pictures(job, opened, recorder, lambda name: name in checked.pictures, inside)
        recorder.flush()
        with self._db.read() as session:
            images = dict(project_images.named(session, job.project_id))
            images |= dict(rows.names_of_images(session, job.id))
        for added in self._datasets.add(chosen, source, job.project_id, images.get, recorder.problem):
            recorder.objects(added)

    def _add_pictures(
        self,
        job: ImportJob,
        opened: Files,
        recorder: Recorder,
        wanted: Callable[[str], bool],
        inside: Sequence[Member] = (),
    ) -> int:
        """How many files were met that are pictures, or should be. `inside`: images that lie inside other files."""
        pool, met = Pool(_AT_ONCE), 0
        stopped: list[Exception] = []
        members = chain(opened.members(), inside)
        try:
            while not stopped and (member := self._pools.compute(_following, members)) is not None:
                if not wanted(member.name) and (member.problem is None or job.format is not None):
                    if member.name not in recorder.settled:
                        status = rows.SKIPPED if member.problem is None else rows.NOTED
                        recorder.file(member.name, status, member.problem)
                    continue
                met += 1
                if member.problem is not None:
                    recorder.file(member.name, rows.FAILED, member.problem)
                elif member.name not in recorder.settled:
                    self._add_picture(job, member, recorder, pool, stopped)
        finally:
            pool.join()
        if stopped:
            raise stopped[0]
        return met

    def _add_picture(
        self, job: ImportJob, member: Member, recorder: Recorder, pool: Pool, stopped: list[Exception]
    ) -> None:
        """Its bytes are taken in before the next member is met; what is made of them may take longer."""
        receiving = ExitStack()
        try:
            stream = receiving.enter_context(self._pools.compute(member.open))
            received = receiving.enter_context(self._uploads.receive(stream))
        except (SamphireError, OSError) as error:
            receiving.close()
            self._failed(member.name, error, recorder, stopped)
            return

        def keep() -> None:
            with receiving:
                try:
                    image, new = self._uploads.keep(received, member.name, job.project_id, with_folders=True)
                    recorder.file(member.name, rows.ADDED if new else rows.KNOWN, image_id=image.id)
                except Exception as error:
                    self._failed(member.name, error, recorder, stopped)

        pool.spawn(keep)

    def _failed(self, name: str, error: Exception, recorder: Recorder, stopped: list[Exception]) -> None:
        """One file's trouble is told and the others go on, unless it is everybody's."""
        if isinstance(error, SamphireError) and error.status < 500 and not isinstance(error, ProjectNotFound):
            recorder.file(name, rows.FAILED, error.message)
        elif isinstance(error, OSError) and error.errno not in _DISK_FULL:
            recorder.file(name, rows.FAILED, f"This file cannot be read ({error.strerror or error}).")
        else:
            stopped.append(error)

    def _known(self, project_id: str) -> Known:
        """Sizes of the project's pictures, by their names."""
        with self._db.read() as session:
            return project_images.sizes(session, project_id)

    def _write(self, stream: IO[bytes], path: Path) -> None:
        size = 0
        with path.open("wb") as file:
            while piece := stream.read(_PIECE_BYTES):
                size += len(piece)
                if size > self._most_bytes:
                    raise TooLarge(
                        f"This file is larger than {self._most_bytes / 1e6:g} MB.",
                        hint="Send several smaller ones, or start Samphire with a larger --max-import-mb.",
                    )
                self._pools.compute(file.write, piece)
        if size == 0:
            raise InvalidArchive("This file is empty.")


def _following(members: Iterator[Member]) -> Member | None:
    return next(members, None)
