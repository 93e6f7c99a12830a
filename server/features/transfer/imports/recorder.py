"""What became of the files of one import, written down in batches: a row each, and none twice."""

import time
from collections.abc import Callable

from ....domain.outside.file_names import shown
from ....domain.outside.strings import fit
from ....storage.engine import Database
from ....storage.rows import imports as rows
from ....storage.tables import ImportFile, now
from ..formats.objects import FileProblem

_SECONDS = 1.0
_ROWS = 100
_MESSAGE_CHARACTERS = 1000
_MOST_PROBLEMS = 10_000  # with elements of files; each file has a row anyway


class Recorder:
    """`on_flush` is called after each batch, for progress. What was not written when the process was killed is found
    to be known when the import is taken up again."""

    def __init__(self, db: Database, job_id: str, on_flush: Callable[[], None] = lambda: None) -> None:
        self._db, self._job_id, self._on_flush = db, job_id, on_flush
        self._waiting: list[ImportFile] = []
        self._objects = 0
        self._told: set[int] = set()
        self._written_at = time.monotonic()
        with db.read() as session:
            self._position = rows.last_position(session, job_id)
            self.settled = rows.settled(session, job_id)

    def file(self, name: str, status: str, message: str | None = None, image_id: str | None = None) -> None:
        self._position += 1
        message = None if message is None else fit(message, _MESSAGE_CHARACTERS)
        values = {"job_id": self._job_id, "position": self._position, "name": shown(name)}
        self._waiting.append(ImportFile(**values, status=status, message=message, image_id=image_id))
        self._flush_now_and_then()

    def problem(self, problem: FileProblem) -> None:
        """With an element of a file, told once; one that was read all the same is only noted."""
        told = hash(problem)
        if told in self._told or len(self._told) > _MOST_PROBLEMS:
            return
        self._told.add(told)
        status = rows.NOTED if problem.note else rows.FAILED
        if len(self._told) > _MOST_PROBLEMS:
            self.file("", status, f"There are more than {_MOST_PROBLEMS} problems; only these are listed.")
        else:
            self.file(problem.file, status, str(problem))

    def objects(self, added: int) -> None:
        self._objects += added
        self._flush_now_and_then()

    def flush(self) -> None:
        waiting, objects, self._waiting, self._objects = self._waiting, self._objects, [], 0
        self._written_at = time.monotonic()
        if waiting or objects:
            with self._db.write() as session:
                job = rows.find(session, self._job_id)
                if job is None:  # gone with its project
                    return
                session.add_all(waiting)
                job.objects += objects
                job.updated_at = now()
        self._on_flush()

    def _flush_now_and_then(self) -> None:
        if len(self._waiting) >= _ROWS or time.monotonic() - self._written_at > _SECONDS:
            self.flush()
