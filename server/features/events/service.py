"""The log of a project, replayed to those who missed some of it."""

from collections.abc import Collection
from typing import Any

from ...domain.events import Event
from ...domain.policy import Actor
from ...errors import EventsExpired
from ...storage.engine import Database
from ...storage.rows import events as rows
from ...storage.rows.finding import found_project
from ...storage.rows.layers import sight_of

MOST = 500  # events of one answer
_CHARACTERS = 2_000_000  # of its events


class Events:
    def __init__(self, db: Database) -> None:
        self._db = db

    def last(self, project_id: str) -> int:
        """The number of the last event; 0 before the first. Raises ProjectNotFound."""
        with self._db.read() as session:
            return found_project(session, project_id).last_seq

    def stored(self, project_id: str, seq: int) -> list[Event]:
        """For telling them: some of those after `seq`, the oldest first."""
        with self._db.read() as session:
            return rows.stored_since(session, project_id, seq, MOST)

    def lasts(self, project_ids: Collection[str]) -> dict[str, int]:
        """The numbers of the last events of these projects."""
        with self._db.read() as session:
            return rows.lasts(session, project_ids)

    def since(self, actor: Actor, project_id: str, seq: int) -> dict[str, Any]:
        """{"events", "seq"}: those after `seq` that the actor is told, the oldest first, MOST of them, as they were
        told then; and the number of the project's last.

        Raises ProjectNotFound; EventsExpired where some of them are forgotten, or `seq` is of another past."""
        with self._db.read() as session:
            project = found_project(session, project_id)
            last = project.last_seq
            found = rows.since(session, sight_of(session, actor, project), seq, MOST, _CHARACTERS)
        if seq > last or (seq < last and seq + 1 < project.replay_from):
            raise EventsExpired(seq=last)
        told = [event.as_json() for event in found]
        visit = actor.visit
        return {"events": told if visit is None else [visit.reads(each) for each in told], "seq": last}
