"""Rows of imports and of what became of their files. Every function takes the session of the caller's transaction."""

from datetime import datetime

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from ..tables import ImportFile, ImportJob, JobRow
from .jobs import IMPORT

STATUSES = ("added", "known", "failed", "noted", "skipped", "checked")
ADDED, KNOWN, FAILED, NOTED, SKIPPED, CHECKED = STATUSES

_ITS_JOB = and_(JobRow.kind == IMPORT, JobRow.dedupe_key == ImportJob.id)


def find(session: Session, job_id: str) -> ImportJob | None:
    return session.get(ImportJob, job_id)


def job_of(session: Session, import_id: str) -> JobRow | None:
    """How it stands."""
    return session.scalar(select(JobRow).where(JobRow.kind == IMPORT, JobRow.dedupe_key == import_id))


def of_project(session: Session, project_id: str, limit: int) -> list[tuple[ImportJob, JobRow]]:
    """The newest first."""
    query = (
        select(ImportJob, JobRow)
        .join(JobRow, _ITS_JOB)
        .where(ImportJob.project_id == project_id)
        .order_by(ImportJob.created_at.desc(), ImportJob.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def unfinished(session: Session, project_id: str, source: str) -> ImportJob | None:
    """An import of this source that did not get to its end, the latest."""
    query = (
        select(ImportJob)
        .join(JobRow, _ITS_JOB)
        .where(
            ImportJob.project_id == project_id,
            ImportJob.source == source,
            JobRow.state.in_(("queued", "running", "stopped")),
        )
        .order_by(ImportJob.created_at.desc())
    )
    return session.scalars(query).first()


def settled(session: Session, job_id: str) -> set[str]:
    """Names of files that need not be looked at again."""
    query = select(ImportFile.name).where(
        ImportFile.job_id == job_id, ImportFile.status.in_((ADDED, KNOWN, SKIPPED, CHECKED))
    )
    return set(session.scalars(query))


def counts(session: Session, job_ids: list[str]) -> dict[str, dict[str, int]]:
    """Files by status, by job."""
    query = (
        select(ImportFile.job_id, ImportFile.status, func.count())
        .where(ImportFile.job_id.in_(job_ids))
        .group_by(ImportFile.job_id, ImportFile.status)
    )
    found: dict[str, dict[str, int]] = {}
    for job_id, status, number in session.execute(query):
        found.setdefault(job_id, {})[status] = number
    return found


def problems(session: Session, job_id: str, limit: int, after: int = -1) -> list[ImportFile]:
    """What failed, or was taken though not as it should be, in the order it was met, behind the position `after`."""
    query = (
        select(ImportFile)
        .where(
            ImportFile.job_id == job_id, ImportFile.status.in_((FAILED, NOTED)), ImportFile.position > after
        )
        .order_by(ImportFile.position)
        .limit(limit)
    )
    return list(session.scalars(query))


def forget_problems(session: Session, job_id: str) -> None:
    """Before they are looked for again."""
    session.execute(
        delete(ImportFile).where(ImportFile.job_id == job_id, ImportFile.status.in_((FAILED, NOTED)))
    )


def forget_files(session: Session, job_id: str, limit: int) -> int:
    """Some of what became of its files; how many."""
    first = select(ImportFile.position).where(ImportFile.job_id == job_id).limit(limit)
    query = delete(ImportFile).where(ImportFile.job_id == job_id, ImportFile.position.in_(first))
    return len(session.scalars(query.returning(ImportFile.position)).all())


def remove(session: Session, job_id: str) -> None:
    session.execute(delete(ImportJob).where(ImportJob.id == job_id))


def checked(session: Session, job_id: str, limit: int) -> list[ImportFile]:
    """Files whose images are stored and not yet in the project, the first of them."""
    query = select(ImportFile).where(ImportFile.job_id == job_id, ImportFile.status == CHECKED)
    return list(session.scalars(query.order_by(ImportFile.position).limit(limit)))


def last_position(session: Session, job_id: str) -> int:
    """-1 when nothing was met yet."""
    last = session.scalar(select(func.max(ImportFile.position)).where(ImportFile.job_id == job_id))
    return -1 if last is None else last


def names_of_images(session: Session, job_id: str) -> list[tuple[str, str]]:
    """(name in the source, image id) of the files that are in the project now."""
    query = select(ImportFile.name, ImportFile.image_id).where(
        ImportFile.job_id == job_id, ImportFile.image_id.is_not(None)
    )
    return [(name, image_id) for name, image_id in session.execute(query) if image_id is not None]


def spools(session: Session) -> dict[str, datetime]:
    """The files that imports may still need, and when something was last done on them."""
    query = select(ImportJob.spool, ImportJob.updated_at).where(ImportJob.spool.is_not(None))
    return {spool: moment for spool, moment in session.execute(query) if spool is not None}


def spools_of_unfinished(session: Session) -> dict[str, str]:
    """The files of imports that failed or stopped, by the job's id."""
    query = select(ImportJob.id, ImportJob.spool).join(JobRow, _ITS_JOB)
    query = query.where(ImportJob.spool.is_not(None), JobRow.state.in_(("failed", "stopped")))
    return {job_id: spool for job_id, spool in session.execute(query) if spool is not None}


def forget_spools(session: Session, job_ids: list[str]) -> None:
    session.execute(update(ImportJob).where(ImportJob.id.in_(job_ids)).values(spool=None))
