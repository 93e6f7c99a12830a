"""Imports as jobs that rows remember: begun, told of, and taken up again where they stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy.orm import Session

from ....contract import parse, to_json
from ....domain.outside.strings import fit
from ....domain.times import timestamp
from ....errors import BadRequest, Conflict, ImportNotFound, NotFound, unknown
from ....runtime import greenlets
from ....storage.engine import Database
from ....storage.rows import imports as rows
from ....storage.rows.finding import found_project
from ....storage.tables import ImportJob, now
from ..formats import FORMATS
from ..schema import Existing, Import, ImportProblem, ImportResume, ImportSummary
from .spools import Spools

LISTED = 50
FAILURES = 200
AUTO, IMAGES_ONLY = "auto", "none"  # in place of a format's name
GOING = ("queued", "running")
_SOURCE_CHARACTERS = 4096  # the longest path of most systems
_ERROR_CHARACTERS = 500
CANCELLED = "Cancelled."
_AT_ONCE = 5000  # rows of one statement
RESUMABLE = ("stopped", "failed")


@dataclass(frozen=True)
class Choices:
    """How an import treats what it meets. `keep_going`: import what can be; `skip_missing`: leave out annotations of
    images that are not there; `existing`: whether objects that have the id of one imported before, and differ from it,
    are added beside it, skipped, or replace it; `ask_labels`: wait to be told what labels are that the project lacks;
    `label_map`: what they are, see `ImportJob`."""

    keep_going: bool = False
    skip_missing: bool = False
    existing: Existing = "add"
    ask_labels: bool = False
    label_map: Mapping[str, str | None] | None = None


class ImportJobs:
    """Takes the API's JSON objects and gives structs; does none of the jobs."""

    def __init__(self, db: Database, spools: Spools) -> None:
        self._db, self._spools = db, spools

    def of_project(self, project_id: str) -> list[ImportSummary]:
        """The newest first. Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
            jobs = rows.of_project(session, project_id, LISTED)
            counts = rows.counts(session, [job.id for job in jobs])
        return [ImportSummary(**self._fields(job, counts.get(job.id, {}))) for job in jobs]

    def get(self, project_id: str, job_id: str, after: int = -1) -> Import:
        """With what is wrong with single files, those behind the position `after`. Raises ProjectNotFound,
        ImportNotFound."""
        with self._db.read() as session:
            return self._described(session, _found(session, project_id, job_id), after)

    def create(
        self,
        project_id: str,
        source: str,
        format_name: str | None,
        choices: "Choices",
        spool: str | None = None,
    ) -> ImportJob:
        """Raises ProjectNotFound."""
        job = ImportJob(
            id=token_hex(6),
            project_id=project_id,
            source=fit(source, _SOURCE_CHARACTERS),
            spool=spool,
            format=format_name,
            state="queued",
            **vars(choices),
        )
        with self._db.write() as session:
            found_project(session, project_id)
            session.add(job)
        return job

    def find(self, job_id: str) -> ImportJob | None:
        with self._db.read() as session:
            return rows.find(session, job_id)

    def waiting(self) -> list[ImportJob]:
        """Those with files that lie here and that were not done to the end, oldest first."""
        with self._db.read() as session:
            return [job for job in rows.in_state(session, *GOING) if job.spool is not None]

    def unfinished(self, project_id: str, source: str, format_name: str | None) -> ImportJob | None:
        """The import of the same files that did not get to its end."""
        with self._db.read() as session:
            job = rows.unfinished(session, project_id, fit(source, _SOURCE_CHARACTERS))
        return job if job is not None and job.format == format_name else None

    def resume(self, project_id: str, job_id: str, changes: Mapping[str, Any]) -> Import:
        """Queue one that stopped or failed again; as `get`. changes: those of {"format", "keep_going", "existing",
        "skip_missing", "ask_labels", "label_map"} that are to be other ones, format "none" for images only.

        Raises ProjectNotFound, ImportNotFound, NotFound for an unknown format, BadRequest, Conflict."""
        format_name = changes.get("format")
        if format_name is not None and format_name != IMAGES_ONLY:
            check_format(format_name)
        with self._db.write() as session:
            job = _found(session, project_id, job_id)
            if job.state not in RESUMABLE or job.spool is None:
                raise Conflict(
                    "This import cannot be resumed.",
                    hint="It is running or done, or its files were not uploaded to this server. Import them again.",
                )
            job.state, job.error, job.updated_at = "queued", None, now()
            job.file_labels = None
            if format_name is not None:
                job.format = None if format_name == IMAGES_ONLY else format_name
                job.read_as = job.evidence = None
            for name, value in vars(parse_choices({**_choices(job), **changes})).items():
                setattr(job, name, value)
            return self._described(session, job)

    def set(self, job_id: str, **values: Any) -> None:
        """Nothing when the job went with its project."""
        with self._db.write(reserved=True) as session:
            job = rows.find(session, job_id)
            if job is not None:
                for name, value in {**values, "updated_at": now()}.items():
                    setattr(job, name, fit(value, _ERROR_CHARACTERS) if name == "error" and value else value)

    def cancel(self, project_id: str, job_id: str) -> None:
        """Note that one that waits or runs is to stop. Raises ProjectNotFound, ImportNotFound, Conflict."""
        with self._db.write(reserved=True) as session:
            job = _found(session, project_id, job_id)
            if job.state not in GOING or job.spool is None:
                raise Conflict(
                    "This import is not running.", hint="Only waiting or running imports can be cancelled."
                )
            job.state, job.error, job.updated_at = "stopped", CANCELLED, now()

    def stop(self, project_id: str, job_id: str) -> str | None:
        """Note that it is to stop, whatever it does; the name of its file. Raises ProjectNotFound, ImportNotFound."""
        with self._db.write(reserved=True) as session:
            job = _found(session, project_id, job_id)
            if job.state in GOING:
                job.state, job.error, job.updated_at = "stopped", CANCELLED, now()
            return job.spool

    def forget(self, job_id: str) -> None:
        """With what became of its files, some at a time: there may be half a million."""
        forgotten = 1
        while forgotten:
            with self._db.write(reserved=True) as session:
                forgotten = rows.forget_files(session, job_id, _AT_ONCE)
            greenlets.sleep(0)
        with self._db.write(reserved=True) as session:
            rows.remove(session, job_id)

    def new(self, job: ImportJob) -> Import:
        """As `get`, of one that was created just now."""
        return Import(**self._fields(job, {}), problems=[])

    def _described(self, session: Session, job: ImportJob, after: int = -1) -> Import:
        counts = rows.counts(session, [job.id]).get(job.id, {})
        listed = [
            ImportProblem(
                each.position, each.name, "noted" if each.status == rows.NOTED else "failed", each.message
            )
            for each in rows.problems(session, job.id, FAILURES, after)
        ]
        return Import(**self._fields(job, counts), problems=listed)

    def _fields(self, job: ImportJob, counts: dict[str, int]) -> dict[str, Any]:
        return {
            "id": job.id,
            "project_id": job.project_id,
            "source": job.source,
            "format": job.format,
            **_choices(job),
            "read_as": job.read_as,
            "evidence": job.evidence,
            "file_labels": job.file_labels,
            "state": job.state,
            "total": job.total,
            **{status: counts.get(status, 0) for status in rows.STATUSES},
            "objects": job.objects,
            "bytes": self._spools.size(job.spool),
            "error": job.error,
            "created_at": timestamp(job.created_at),
            "updated_at": timestamp(job.updated_at),
        }


def check_format(name: Any) -> None:
    """Raises NotFound, naming the formats that can be read."""
    known = [AUTO, *(each for each, format in FORMATS.items() if format.reads)]
    if not isinstance(name, str) or name not in known:
        raise NotFound(unknown("import format", name, known), hint="Choose one of these.")


def parse_choices(data: Mapping[str, Any]) -> Choices:
    """Those that are named; the others are as they are without. Raises BadRequest."""
    named = to_json(parse(ImportResume, data, BadRequest))
    named.pop("format", None)
    return Choices(**named)


def _choices(job: ImportJob) -> dict[str, Any]:
    return {name: getattr(job, name) for name in vars(Choices())}


def _found(session: Session, project_id: str, job_id: str) -> ImportJob:
    found_project(session, project_id)
    job = rows.find(session, job_id)
    if job is None or job.project_id != project_id:
        raise ImportNotFound()
    return job
