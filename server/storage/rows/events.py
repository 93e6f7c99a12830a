"""Rows of the log of what happened in projects. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.orm import Session

from ...domain import events
from ..portable import json_of
from ..tables import Event, Project, now
from .layers import Sight


class Untold(NamedTuple):
    """An event before it has a number."""

    project_id: str
    kind: events.Kind
    image_id: str | None
    payload: Mapping[str, Any]
    audience: str | None = None


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
            about = {"image_id": each.image_id, "payload": dict(each.payload), "audience": each.audience}
            added.append(
                Event(project_id=project_id, seq=seq, kind=each.kind, actor=actor, at=moment, **about)
            )
    session.add_all(added)
    return [_event(row) for row in added]


def since(
    session: Session,
    sight: Sight,
    seq: int,
    limit: int,
    characters: int,
    kinds: Collection[str] | None = None,
) -> list[events.Event]:
    """Those after `seq` that somebody is told, the oldest first: `limit` at most, and one at least but not many more
    `characters`. `kinds`: none but these."""
    size = func.length(cast(Event.payload, Text))
    first = select(Project.replay_from).where(Project.id == sight.project_id).scalar_subquery()
    here = [Event.project_id == sight.project_id, Event.seq >= first, sight.events()]
    if kinds is not None:
        here.append(Event.kind.in_(kinds))
    following = select(Event.seq, size).where(*here, Event.seq > seq)
    last, total = seq, 0
    for number, length in session.execute(following.order_by(Event.seq).limit(limit)):
        total += length
        if total > characters and last > seq:
            break
        last = number
    query = select(Event).where(*here, Event.seq > seq, Event.seq <= last)
    return [_event(row) for row in session.scalars(query.order_by(Event.seq))]


def stored_since(session: Session, project_id: str, seq: int, limit: int) -> list[events.Event]:
    """Those after `seq`, whoever is told of them, the oldest first: `limit` at most."""
    query = select(Event).where(Event.project_id == project_id, Event.seq > seq)
    return [_event(row) for row in session.scalars(query.order_by(Event.seq).limit(limit))]


def lasts(session: Session, project_ids: Collection[str]) -> dict[str, int]:
    """The number of the last of each project that is there."""
    query = select(Project.id, Project.last_seq).where(Project.id.in_(project_ids))
    return dict(session.execute(query).tuples().all())


def merged_into(session: Session, project_id: str, label_id: str) -> str | None:
    """The id of the label that one became which is gone; None where nobody knows any more."""
    became, seq = label_id, 0
    while True:
        told = select(Event.seq, Event.payload).where(
            Event.project_id == project_id,
            Event.seq > seq,
            Event.kind == "labels:changed",
            cast(Event.payload, Text).contains(became, autoescape=True),
        )
        steps = ((number, payload["merged"].get(became)) for number, payload in session.execute(told))
        step = min(((number, into) for number, into in steps if into is not None), default=None)
        if step is None:
            return None if became == label_id else became
        seq, became = step


def thin(session: Session, moment: datetime) -> None:
    """Of what happened before, and what came before that (clocks are wrong at times, and numbers have no gaps), keep
    who did what, but not annotations as they were then. It is not replayed any more."""
    old = (
        select(Event.project_id, func.max(Event.seq))
        .join(Project, Project.id == Event.project_id)
        .where(Event.at < moment, Event.seq >= Project.replay_from)
        .group_by(Event.project_id)
    )
    annotation = Event.payload["annotation"]
    left = json_of(id=annotation["id"].as_string(), version=annotation["version"].as_integer())
    for project_id, last in session.execute(old).all():
        project = session.get_one(Project, project_id)
        thinned = update(Event).where(
            Event.project_id == project_id,
            Event.seq >= project.replay_from,
            Event.seq <= last,
            Event.kind == "annotation:changed",
        )
        session.execute(
            thinned.values(payload=json_of(annotation=left)).execution_options(synchronize_session=False)
        )
        project.replay_from = last + 1


def _event(row: Event) -> events.Event:
    about = (row.image_id, row.payload, row.audience)
    return events.Event(row.project_id, row.seq, row.kind, row.actor, row.at, *about)  # type: ignore[arg-type]
