"""Rows of jobs. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from ...runtime.queue.base import GOING, Job, JobKey, State, StoredJob, Urgency
from ..tables import ImportJob, JobRow, now

IMPORT = "import"  # the kind whose jobs are kept as long as what they tell of

_AGAIN = ("args", "urgency", "actor", "state", "attempts", "progress", "error", "created_at", "updated_at")
_INSERT = insert(JobRow)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=[JobRow.kind, JobRow.dedupe_key],
    set_={name: _INSERT.excluded[name] for name in _AGAIN},
    where=JobRow.state.not_in(GOING),
).returning(JobRow.id)


def put(session: Session, job: Job) -> StoredJob:
    """Queue a job, unless it is queued or running; one that ended begins anew."""
    moment = now()
    values = {
        "kind": job.kind, "dedupe_key": job.dedupe_key, "args": dict(job.args), "urgency": int(job.urgency),
        "actor": job.actor, "state": "queued", "attempts": 0, "progress": None, "error": None,
        "created_at": moment, "updated_at": moment,
    }  # fmt: skip
    job_id = session.connection().execute(_PUT, values).scalar()
    if job_id is None:
        query = select(JobRow).where(JobRow.kind == job.kind, JobRow.dedupe_key == job.dedupe_key)
        return stored(session.execute(query).scalar_one())
    return StoredJob(job_id, job, "queued")


def begin(session: Session, job_id: int) -> bool:
    """One more attempt; False when it is not queued or running any more."""
    query = update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(GOING))
    query = query.values(state="running", attempts=JobRow.attempts + 1, updated_at=now())
    return bool(session.scalars(query.returning(JobRow.id)).all())


def end(session: Session, job_id: int, state: State, error: Mapping[str, Any] | None) -> None:
    """One that was stopped meanwhile stays so."""
    query = update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(GOING))
    session.execute(query.values(state=state, error=error, updated_at=now()))


def put_back(session: Session, job_ids: Collection[int]) -> None:
    """Running ones are queued as before."""
    query = update(JobRow).where(JobRow.id.in_(job_ids), JobRow.state == "running")
    session.execute(query.values(state="queued", attempts=JobRow.attempts - 1))


def stop(session: Session, job_ids: Collection[int]) -> None:
    query = update(JobRow).where(JobRow.id.in_(job_ids), JobRow.state.not_in(("done", "stopped")))
    session.execute(query.values(state="stopped", error=None, updated_at=now()))


def tell(session: Session, job_id: int, progress: Mapping[str, Any]) -> None:
    session.execute(update(JobRow).where(JobRow.id == job_id).values(progress=dict(progress)))


def unfinished(session: Session) -> list[StoredJob]:
    """Oldest first."""
    query = select(JobRow).where(JobRow.state.in_(GOING)).order_by(JobRow.created_at, JobRow.id)
    return [stored(row) for row in session.scalars(query)]


def failed(session: Session, limit: int) -> list[StoredJob]:
    """The latest, oldest first."""
    query = (
        select(JobRow)
        .where(JobRow.state == "failed")
        .order_by(JobRow.created_at.desc(), JobRow.id.desc())
        .limit(limit)
    )
    return [stored(row) for row in reversed(session.scalars(query).all())]


def remove(session: Session, key: JobKey) -> None:
    session.execute(delete(JobRow).where(JobRow.kind == key[0], JobRow.dedupe_key == key[1]))


def remove_ended(session: Session, before: datetime) -> None:
    """Forget those that ended before then, but for those of imports, which are listed as long as their projects are."""
    listed = select(ImportJob.id)
    session.execute(
        delete(JobRow).where(
            JobRow.state.not_in(GOING),
            JobRow.updated_at < before,
            ~((JobRow.kind == IMPORT) & JobRow.dedupe_key.in_(listed)),
        )
    )


def stored(row: JobRow) -> StoredJob:
    job = Job(row.kind, row.args, row.dedupe_key, Urgency(row.urgency), row.actor)
    return StoredJob(row.id, job, row.state, row.attempts, row.error)  # type: ignore[arg-type]
