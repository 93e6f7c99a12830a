"""The log of a project, replayed to those who missed some of it."""

from typing import Any

from ...errors import EventsExpired
from ...storage.engine import Database
from ...storage.rows import events as rows
from ...storage.rows.finding import found_project

MOST = 500  # events of one answer
_CHARACTERS = 2_000_000  # of its events


class Events:
    def __init__(self, db: Database) -> None:
        self._db = db

    def last(self, project_id: str) -> int:
        """The number of the last event; 0 before the first. Raises ProjectNotFound."""
        with self._db.read() as session:
            return found_project(session, project_id).last_seq

    def since(self, project_id: str, seq: int) -> dict[str, Any]:
        """{"events", "seq"}: those after `seq`, the oldest first, MOST of them, as they were told when they happened;
        and the number of the project's last.

        Raises ProjectNotFound; EventsExpired where some of them are forgotten, or `seq` is of another past."""
        with self._db.read() as session:
            last = found_project(session, project_id).last_seq
            found = rows.since(session, project_id, seq, MOST, _CHARACTERS)
        if seq > last or (seq < last and (not found or found[0].seq > seq + 1)):
            raise EventsExpired(seq=last)
        return {"events": [event.as_json() for event in found], "seq": last}
