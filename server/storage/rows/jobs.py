"""Rows of jobs. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from ...runtime.queue.base import GOING, Job, JobKey, Standing, State, StoredJob, Urgency, process_of
from ..portable import insert_for, seconds_now
from ..tables import ImportJob, JobRow, now

IMPORT = "import"  # the kind whose jobs are kept as long as what they tell of

_AGAIN = ("args", "urgency", "actor", "state", "attempts", "progress", "error", "created_at", "updated_at")
_NOBODY: dict[str, None] = {"owner": None, "leased_until": None}
_UNSEEN = {"synchronize_session": False}  # no session here has the rows that it changes as objects


def put(session: Session, job: Job) -> StoredJob:
    """Queue a job, unless it is queued or running; one that ended begins anew."""
    moment = now()
    values = {
        "kind": job.kind, "dedupe_key": job.dedupe_key, "args": dict(job.args), "urgency": int(job.urgency),
        "actor": job.actor, "state": "queued", "attempts": 0, "progress": None, "error": None,
        "created_at": moment, "updated_at": moment,
    }  # fmt: skip
    putting = insert_for(session, JobRow)
    query = putting.on_conflict_do_update(
        index_elements=[JobRow.kind, JobRow.dedupe_key],
        set_={name: putting.excluded[name] for name in _AGAIN},
        where=JobRow.state.not_in(GOING),
    )
    job_id = session.connection().execute(query.returning(JobRow.id), values).scalar()
    if job_id is None:
        query = select(JobRow).where(JobRow.kind == job.kind, JobRow.dedupe_key == job.dedupe_key)
        return stored(session.execute(query).scalar_one())
    return StoredJob(job_id, job, "queued")


def begin(session: Session, job_id: int, run: str, seconds: float | None) -> bool:
    """One more attempt, which is this run's for so long (None: until it ends). False when it is not queued any more,
    or another process's. Without leases there is no other: one that is named has ended."""
    query = update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(GOING))
    if seconds is not None:
        own = JobRow.owner.startswith(process_of(run))
        query = query.where(own | ((JobRow.state == "queued") & or_(JobRow.owner.is_(None), _expired())))
    values = {"state": "running", "attempts": JobRow.attempts + 1, "owner": run, "updated_at": now()}
    query = query.values(**values, leased_until=_until(seconds)).returning(JobRow.id)
    return session.scalar(query, execution_options=_UNSEEN) is not None


def renew(session: Session, runs: Mapping[str, int], seconds: float) -> set[str]:
    """What these runs have is theirs for so long from now on; those that are still to go on."""
    query = update(JobRow).where(JobRow.id.in_(list(runs.values())), JobRow.owner.in_(list(runs)))
    query = query.values(leased_until=_until(seconds)).returning(JobRow.owner, JobRow.state)
    found = session.execute(query, execution_options=_UNSEEN)
    return {run for run, state in found if state == "running" and run is not None}


def release(session: Session, job_id: int, run: str) -> None:
    """It was stopped, and the run has noticed: another may do it, if it is queued again."""
    query = update(JobRow).where(JobRow.id == job_id, JobRow.owner == run, JobRow.state != "running")
    session.execute(query.values(**_NOBODY), execution_options=_UNSEEN)


def end(session: Session, job_id: int, run: str, state: State, error: Mapping[str, Any] | None) -> bool:
    """False, and nothing is stored, of one that was stopped or begun again meanwhile."""
    query = update(JobRow).where(JobRow.id == job_id, *_held_by(run))
    query = query.values(state=state, error=error, updated_at=now(), **_NOBODY).returning(JobRow.id)
    return session.scalar(query, execution_options=_UNSEEN) is not None


def call_off(session: Session, job_id: int, error: Mapping[str, Any]) -> None:
    """One that is queued or runs is to stop, and `error` says why."""
    query = update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(GOING))
    session.execute(query.values(state="stopped", error=error, updated_at=now()))


def put_back(session: Session, runs: Mapping[str, int]) -> None:
    """What these runs do is queued as before."""
    query = update(JobRow).where(JobRow.id.in_(list(runs.values())), *_held_by(*runs))
    values = {"state": "queued", "attempts": JobRow.attempts - 1, **_NOBODY}
    session.execute(query.values(**values), execution_options=_UNSEEN)


def stop(session: Session, job_ids: Collection[int]) -> None:
    """Whoever runs one keeps it until it has noticed: nobody else is to begin it meanwhile."""
    query = update(JobRow).where(JobRow.id.in_(job_ids), JobRow.state.not_in(("done", "stopped")))
    session.execute(query.values(state="stopped", error=None, updated_at=now()))


def settle(
    session: Session, left: StoredJob, expired_only: bool, state: State, error: Mapping[str, Any] | None
) -> bool:
    """What becomes of one whose process is gone; False when it stands otherwise by now."""
    query = update(JobRow).where(
        JobRow.id == left.id,
        JobRow.state == left.state,
        JobRow.attempts == left.attempts,
        JobRow.owner.is_not_distinct_from(left.owner),
    )
    if expired_only:
        query = query.where(_expired())
    query = query.values(state=state, error=error, updated_at=now(), **_NOBODY).returning(JobRow.id)
    return session.scalar(query, execution_options=_UNSEEN) is not None


def urge(session: Session, job_ids: Collection[int], urgency: Urgency) -> None:
    """Queued ones are as urgent as this."""
    query = update(JobRow).where(JobRow.id.in_(job_ids), JobRow.state == "queued")
    session.execute(query.values(urgency=int(urgency)))


def tell(session: Session, job_id: int, run: str, progress: Mapping[str, Any]) -> None:
    query = update(JobRow).where(JobRow.id == job_id, *_held_by(run))
    session.execute(query.values(progress=dict(progress)))


def unfinished(session: Session) -> list[StoredJob]:
    """Oldest first."""
    query = select(JobRow).where(JobRow.state.in_(GOING)).order_by(JobRow.created_at, JobRow.id)
    return [stored(row) for row in session.scalars(query)]


def standing(session: Session) -> list[Standing]:
    """How the unfinished stand, without what they are told; oldest first."""
    query = select(
        JobRow.id, JobRow.kind, JobRow.dedupe_key, JobRow.state, JobRow.owner, JobRow.urgency, JobRow.progress,
        JobRow.owner.is_not(None) & _expired(),
    )  # fmt: skip
    query = query.where(JobRow.state.in_(GOING)).order_by(JobRow.created_at, JobRow.id)
    return [Standing(*row) for row in session.execute(query)]


def failed(session: Session, limit: int) -> list[StoredJob]:
    """The latest, oldest first."""
    query = (
        select(JobRow)
        .where(JobRow.state == "failed")
        .order_by(JobRow.created_at.desc(), JobRow.id.desc())
        .limit(limit)
    )
    return [stored(row) for row in reversed(session.scalars(query).all())]


def failures(session: Session, limit: int) -> dict[JobKey, int]:
    """The ids of the latest that failed."""
    query = select(JobRow.kind, JobRow.dedupe_key, JobRow.id).where(JobRow.state == "failed")
    query = query.order_by(JobRow.created_at.desc(), JobRow.id.desc()).limit(limit)
    return {(kind, key): job_id for kind, key, job_id in session.execute(query)}


def load(session: Session, job_ids: Collection[int]) -> list[StoredJob]:
    """Oldest first."""
    query = select(JobRow).where(JobRow.id.in_(job_ids)).order_by(JobRow.created_at, JobRow.id)
    return [stored(row) for row in session.scalars(query)]


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many of each kind are in each state; not of those that went well, or that nobody wanted."""
    states = ("queued", "running", "failed")
    query = select(JobRow.kind, JobRow.state, func.count()).where(JobRow.state.in_(states))
    return {
        (kind, state): count
        for kind, state, count in session.execute(query.group_by(JobRow.kind, JobRow.state))
    }


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
    return StoredJob(row.id, job, row.state, row.attempts, row.error, row.owner)  # type: ignore[arg-type]


def _until(seconds: float | None) -> ColumnElement[float] | None:
    return None if seconds is None else seconds_now() + seconds


def _expired() -> ColumnElement[bool]:
    """One without an end was begun where it was known that there is one process only."""
    return or_(JobRow.leased_until.is_(None), JobRow.leased_until < seconds_now())


def _held_by(*runs: str) -> tuple[ColumnElement[bool], ...]:
    """Of one process there may be two runs of a job: one that was stopped has not noticed, and is asked for again."""
    return JobRow.state == "running", JobRow.owner.in_(runs)
