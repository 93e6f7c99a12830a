"""Rows of the log of what happened in projects. Every function takes the session of the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ...domain import events
from ..tables import Event, Project, now


class Untold(NamedTuple):
    """An event before it has a number."""

    project_id: str
    kind: events.Kind
    image_id: str | None
    payload: Mapping[str, Any]


def add(session: Session, actor: str, untold: Sequence[Untold]) -> list[events.Event]:
    """Number and store them. Those of a project that is gone are left out."""
    session.flush()
    added: list[Event] = []
    moment = now()
    by_project: dict[str, list[Untold]] = {}
    for each in untold:
        by_project.setdefault(each.project_id, []).append(each)
    for project_id, some in by_project.items():
        taken = update(Project).where(Project.id == project_id).values(last_seq=Project.last_seq + len(some))
        last = session.scalar(taken.returning(Project.last_seq))
        if last is None:
            continue
        for seq, each in enumerate(some, start=last - len(some) + 1):
            about = {"image_id": each.image_id, "payload": dict(each.payload)}
            added.append(
                Event(project_id=project_id, seq=seq, kind=each.kind, actor=actor, at=moment, **about)
            )
    session.add_all(added)
    return [_event(row) for row in added]


def since(session: Session, project_id: str, seq: int, limit: int) -> list[events.Event]:
    """Those after `seq`, the oldest first."""
    query = select(Event).where(Event.project_id == project_id, Event.seq > seq)
    return [_event(row) for row in session.scalars(query.order_by(Event.seq).limit(limit))]


def oldest(session: Session, project_id: str) -> int | None:
    return session.scalar(select(func.min(Event.seq)).where(Event.project_id == project_id))


def prune(session: Session, moment: datetime) -> None:
    """Forget what happened before."""
    session.execute(delete(Event).where(Event.at < moment))


def _event(row: Event) -> events.Event:
    return events.Event(row.project_id, row.seq, row.kind, row.actor, row.at, row.image_id, row.payload)  # type: ignore[arg-type]
