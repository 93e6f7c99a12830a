"""Jobs in the database, as queues want them (`runtime.queue.base.JobStore`)."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from ..domain.outside.ids import some_of
from ..domain.outside.strings import fit
from ..errors import SamphireError
from ..runtime.queue.base import Job, JobKey, Standing, State, StoredJob, Urgency, name_run
from .engine import Database
from .rows import jobs as rows

_MESSAGE_CHARACTERS = 500
_PROCESS_CHARACTERS = 16  # of 32: the number of a run follows


LEASE_SECONDS = 7.0  # so long after the last word of a process its jobs are another's


class StoredJobs:
    """Each call is a transaction that survives the death of the process, and not always a power cut: a job is done
    again rather than never, and who stores one with something that counts does so in the same transaction.

    `shared`: whether other processes may do the same jobs, so that what runs here is leased; else it is this one's
    until it ends."""

    def __init__(
        self, db: Database, shared: bool = False, changed: Callable[[], None] = lambda: None
    ) -> None:
        """`changed` is called when others should look."""
        self._db, self.shared, self._changed = db, shared, changed
        self.owner = uuid.uuid4().hex[:_PROCESS_CHARACTERS]
        self._numbers = count(1)
        self._seconds = LEASE_SECONDS if shared else None

    def changed(self) -> None:
        self._changed()

    def put(self, job: Job) -> StoredJob:
        with self._db.write(synced=False) as session:
            return rows.put(session, job)

    def new_run(self) -> str:
        return name_run(self.owner, next(self._numbers))

    def begin(self, job_id: int, run: str) -> bool:
        with self._writing() as session:
            begun = rows.begin(session, job_id, run, self._seconds)
        self._changed()
        return begun

    def renew(self, runs: Mapping[str, int]) -> set[str]:
        with self._writing() as session:
            return rows.renew(session, runs, LEASE_SECONDS)

    def end(self, job_id: int, run: str, state: State, error: SamphireError | None = None) -> bool:
        told = None if error is None else _told(error)
        with self._writing() as session:
            ended = rows.end(session, job_id, run, state, told)
        self._changed()
        return ended

    def settle(self, left: StoredJob, state: State, error: SamphireError | None = None) -> bool:
        expired_only = self.shared and left.state == "running"
        with self._writing() as session:
            settled = rows.settle(session, left, expired_only, state, None if error is None else _told(error))
        self._changed()
        return settled

    def put_back(self, runs: Mapping[str, int]) -> None:
        if runs:
            with self._writing() as session:
                rows.put_back(session, runs)
            self._changed()

    def stop(self, job_ids: Sequence[int]) -> None:
        self._change(job_ids, rows.stop)

    def release(self, job_id: int, run: str) -> None:
        self._change([job_id], lambda session, _some: rows.release(session, job_id, run))

    def urge(self, job_ids: Sequence[int], urgency: Urgency) -> None:
        self._change(job_ids, lambda session, some: rows.urge(session, some, urgency))

    def tell(self, job_id: int, run: str, progress: Mapping[str, Any]) -> None:
        with self._writing() as session:
            rows.tell(session, job_id, run, progress)

    def unfinished(self) -> Sequence[StoredJob]:
        with self._db.read() as session:
            return rows.unfinished(session)

    def standing(self) -> Sequence[Standing]:
        with self._db.read() as session:
            return rows.standing(session)

    def failed(self, limit: int) -> Sequence[StoredJob]:
        with self._db.read() as session:
            return rows.failed(session, limit)

    def failures(self, limit: int) -> Mapping[JobKey, int]:
        with self._db.read() as session:
            return rows.failures(session, limit)

    def load(self, job_ids: Sequence[int]) -> Sequence[StoredJob]:
        with self._db.read() as session:
            return [each for some in some_of(job_ids) for each in rows.load(session, some)]

    def _change(self, job_ids: Sequence[int], change: Callable[[Session, Sequence[int]], None]) -> None:
        if not job_ids:
            return
        with self._writing() as session:
            for some in some_of(job_ids):
                change(session, some)
        self._changed()

    def _writing(self) -> AbstractContextManager[Session]:
        return self._db.write(reserved=True, synced=False)


def _told(error: SamphireError) -> dict[str, Any]:
    told = error.answer()["error"]
    return {**told, "message": fit(told["message"], _MESSAGE_CHARACTERS)}
