"""Jobs in the database, as queues want them (`runtime.queue.base.JobStore`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..domain.outside.ids import some_of
from ..domain.outside.strings import fit
from ..errors import SamphireError
from ..runtime.queue.base import Job, State, StoredJob
from .engine import Database
from .rows import jobs as rows

_MESSAGE_CHARACTERS = 500


class StoredJobs:
    """Each call is a transaction that survives the death of the process, and not always a power cut: a job is done
    again rather than never, and who stores one with something that counts does so in the same transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, job: Job) -> StoredJob:
        with self._db.write(synced=False) as session:
            return rows.put(session, job)

    def begin(self, job_id: int) -> bool:
        with self._db.write(reserved=True, synced=False) as session:
            return rows.begin(session, job_id)

    def end(self, job_id: int, state: State, error: SamphireError | None = None) -> None:
        with self._db.write(reserved=True, synced=False) as session:
            rows.end(session, job_id, state, None if error is None else _told(error))

    def put_back(self, job_ids: Sequence[int]) -> None:
        if not job_ids:
            return
        with self._db.write(reserved=True, synced=False) as session:
            for some in some_of(job_ids):
                rows.put_back(session, some)

    def stop(self, job_ids: Sequence[int]) -> None:
        if not job_ids:
            return
        with self._db.write(reserved=True, synced=False) as session:
            for some in some_of(job_ids):
                rows.stop(session, some)

    def tell(self, job_id: int, progress: Mapping[str, Any]) -> None:
        with self._db.write(reserved=True, synced=False) as session:
            rows.tell(session, job_id, progress)

    def unfinished(self) -> Sequence[StoredJob]:
        with self._db.read() as session:
            return rows.unfinished(session)

    def failed(self, limit: int) -> Sequence[StoredJob]:
        with self._db.read() as session:
            return rows.failed(session, limit)


def _told(error: SamphireError) -> dict[str, Any]:
    told = error.answer()["error"]
    return {**told, "message": fit(told["message"], _MESSAGE_CHARACTERS)}
