"""Imports as rows remember them: begun, told of, and to be gone on with. How one stands is its job's."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy.orm import Session

from ....contract import parse, to_json
from ....domain.outside.strings import fit
from ....domain.policy import Actor
from ....domain.times import timestamp
from ....errors import BadRequest, Conflict, ImportNotFound, NotFound, unknown
from ....runtime import greenlets
from ....runtime.queue.base import GOING, Job, JobKey, StoredJob
from ....storage.engine import Database
from ....storage.rows import imports as rows
from ....storage.rows import jobs as job_rows
from ....storage.rows.finding import found_project
from ....storage.rows.jobs import IMPORT
from ....storage.tables import ImportJob, JobRow, now
from ..formats import FORMATS
from ..schema import Existing, Import, ImportProblem, ImportResume, ImportSummary
from .spools import Spools

LISTED = 50
FAILURES = 200
AUTO, IMAGES_ONLY = "auto", "none"  # in place of a format's name
_SOURCE_CHARACTERS = 4096  # the longest path of most systems
_CANCELLED = {"code": "cancelled", "message": "Cancelled.", "hint": ""}
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
            listed = rows.of_project(session, project_id, LISTED)
            counts = rows.counts(session, [job.id for job, _ in listed])
        return [ImportSummary(**self._fields(job, stands, counts.get(job.id, {}))) for job, stands in listed]

    def get(self, project_id: str, job_id: str, after: int = -1) -> Import:
        """With what is wrong with single files, those behind the position `after`. Raises ProjectNotFound,
        ImportNotFound."""
        with self._db.read() as session:
            return self._described(session, *_found(session, project_id, job_id), after)

    def create(
        self,
        actor: Actor,
        project_id: str,
        source: str,
        format_name: str | None,
        choices: "Choices",
        spool: str | None = None,
    ) -> tuple[ImportJob, StoredJob]:
        """`spool`: the file that was sent; None: whoever asks has the files. Raises ProjectNotFound."""
        job = ImportJob(
            id=token_hex(6),
            project_id=project_id,
            source=fit(source, _SOURCE_CHARACTERS),
            spool=spool,
            format=format_name,
            **vars(choices),
        )
        with self._db.write() as session:
            found_project(session, project_id)
            stored = job_rows.put(session, _job(actor, job))
            job.created_at = job.updated_at = now()
            session.add(job)
        return job, stored

    def find(self, job_id: str) -> ImportJob | None:
        with self._db.read() as session:
            return rows.find(session, job_id)

    def unfinished(self, project_id: str, source: str, format_name: str | None) -> ImportJob | None:
        """The import of the same files that did not get to its end."""
        with self._db.read() as session:
            job = rows.unfinished(session, project_id, fit(source, _SOURCE_CHARACTERS))
        return job if job is not None and job.format == format_name else None

    def begin_again(self, actor: Actor, job: ImportJob) -> StoredJob:
        """Queue one that did not get to its end."""
        with self._db.write() as session:
            return job_rows.put(session, _job(actor, job))

    def resume(
        self, actor: Actor, project_id: str, job_id: str, changes: Mapping[str, Any]
    ) -> tuple[Import, StoredJob]:
        """Queue one that stopped or failed again; as `get`. changes: those of {"format", "keep_going", "existing",
        "skip_missing", "ask_labels", "label_map"} that are to be other ones, format "none" for images only.

        Raises ProjectNotFound, ImportNotFound, NotFound for an unknown format, BadRequest, Conflict."""
        format_name = changes.get("format")
        if format_name is not None and format_name != IMAGES_ONLY:
            check_format(format_name)
        with self._db.write() as session:
            job, stands = _found(session, project_id, job_id)
            if stands.state not in RESUMABLE or not self._spools.size(job.spool):
                raise Conflict(
                    "This import cannot be resumed.",
                    hint="It is running or done, or its files were not uploaded to this server. Import them again.",
                )
            job.file_labels, job.updated_at = None, now()
            if format_name is not None:
                job.format = None if format_name == IMAGES_ONLY else format_name
                job.read_as = job.evidence = None
            for name, value in vars(parse_choices({**_choices(job), **changes})).items():
                setattr(job, name, value)
            stored = job_rows.put(session, _job(actor, job))
            session.refresh(stands)
            return self._described(session, job, stands), stored

    def set(self, job_id: str, **values: Any) -> None:
        """Nothing when the job went with its project."""
        with self._db.write(reserved=True) as session:
            job = rows.find(session, job_id)
            if job is not None:
                for name, value in {**values, "updated_at": now()}.items():
                    setattr(job, name, value)

    def cancel(self, project_id: str, job_id: str) -> None:
        """Note that one that waits or runs is to stop. Raises ProjectNotFound, ImportNotFound, Conflict."""
        with self._db.write(reserved=True) as session:
            job, stands = _found(session, project_id, job_id)
            if stands.state not in GOING or job.spool is None:
                raise Conflict(
                    "This import is not running.", hint="Only waiting or running imports can be cancelled."
                )
            job_rows.call_off(session, stands.id, _CANCELLED)

    def stop(self, project_id: str, job_id: str) -> str | None:
        """Note that it is to stop, whatever it does; the name of its file. Raises ProjectNotFound, ImportNotFound."""
        with self._db.write(reserved=True) as session:
            job, stands = _found(session, project_id, job_id)
            job_rows.call_off(session, stands.id, _CANCELLED)
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
            job_rows.remove(session, key_of(job_id))

    def new(self, job: ImportJob) -> Import:
        """As `get`, of one that was created just now."""
        return Import(**self._fields(job, None, {}), problems=[])

    def _described(self, session: Session, job: ImportJob, stands: JobRow, after: int = -1) -> Import:
        counts = rows.counts(session, [job.id]).get(job.id, {})
        listed = [
            ImportProblem(
                each.position, each.name, "noted" if each.status == rows.NOTED else "failed", each.message
            )
            for each in rows.problems(session, job.id, FAILURES, after)
        ]
        return Import(**self._fields(job, stands, counts), problems=listed)

    def _fields(self, job: ImportJob, stands: JobRow | None, counts: dict[str, int]) -> dict[str, Any]:
        return {
            "id": job.id,
            "project_id": job.project_id,
            "source": job.source,
            "format": job.format,
            **_choices(job),
            "read_as": job.read_as,
            "evidence": job.evidence,
            "file_labels": job.file_labels,
            "state": "queued" if stands is None else stands.state,
            "total": job.total,
            **{status: counts.get(status, 0) for status in rows.STATUSES},
            "objects": job.objects,
            "bytes": self._spools.size(job.spool),
            "error": stands.error["message"] if stands is not None and stands.error else None,
            "created_at": timestamp(job.created_at),
            "updated_at": timestamp(
                job.updated_at if stands is None else max(job.updated_at, stands.updated_at)
            ),
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


def key_of(import_id: str) -> JobKey:
    return (IMPORT, import_id)


def _job(actor: Actor, job: ImportJob) -> Job:
    args = {"import": job.id, "project": job.project_id, "sent": job.spool is not None}
    return Job(IMPORT, args, job.id, actor=str(actor))


def _found(session: Session, project_id: str, job_id: str) -> tuple[ImportJob, JobRow]:
    found_project(session, project_id)
    job, stands = rows.find(session, job_id), rows.job_of(session, job_id)
    if job is None or stands is None or job.project_id != project_id:
        raise ImportNotFound()
    return job, stands
