"""What people did, by day: counted in the transaction in which they do it. Every function takes the session of the
caller's transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ....domain.events import Event
from ....domain.policy import Actor
from ...tables import Activity, ProjectImage
from ..layers import OTHERS

IDLE = timedelta(minutes=2)  # a longer pause is none of the time that somebody is active
COUNTS = ("made", "changed", "deleted", "submitted", "accepted", "returned", "reviewed")
_OF_PROGRAMS = (
    "annotations:imported",
    "annotations:agreed",
    "annotations:segmented",
    "images:added",
)  # told while a job runs


def record(session: Session, actor: Actor, events: Sequence[Event]) -> None:
    """`events`: of one transaction."""
    by_project: dict[str, list[Event]] = {}
    for event in events:
        by_project.setdefault(event.project_id, []).append(event)
    for project_id, some in by_project.items():
        counts: dict[str, Counter[str]] = {str(actor): Counter()}
        for event in some:
            _count(event, counts)
        moment = some[0].at
        for who, counted in counts.items():
            if not any(counted.values()) and who != str(actor):
                continue
            row = _row(session, project_id, moment, who)
            for name, number in counted.items():
                setattr(row, name, getattr(row, name) + number)
            if who == str(actor):
                _be_active(session, row, actor, some, moment)


def of_days(session: Session, project_id: str, first: str, last: str) -> list[Activity]:
    """In the order of the days, both included."""
    query = select(Activity).where(
        Activity.project_id == project_id, Activity.day >= first, Activity.day <= last
    )
    return list(session.scalars(query.order_by(Activity.day, Activity.actor)))


def _count(event: Event, counts: dict[str, Counter[str]]) -> None:
    own, payload = counts[event.actor], event.payload
    if event.kind == "annotation:changed":
        own["made" if payload["annotation"]["version"] == 1 else "changed"] += 1
    elif event.kind == "annotation:deleted":
        own["deleted"] += 1
    elif event.kind == "images:changed":
        own["submitted"] += payload.get("submitted", 0)
    elif event.kind == "image:changed" and "decision" in payload:
        own["reviewed"] += -1 if payload["decision"] == "reopen" else 1  # which takes a decision back
        if event.audience is None:
            _decided(payload["submitted_by"], payload, counts)
    elif event.kind == "image:changed" and "follows" in payload:
        if event.audience != OTHERS:  # who hear of the image as a whole
            _decided(event.audience, payload, counts)
    elif event.kind == "image:changed" and payload.get("state") == "done" and payload.get("was") != "done":
        own["submitted"] += 1


def _decided(account_id: str | None, payload: Mapping[str, Any], counts: dict[str, Counter[str]]) -> None:
    """A reviewer's decision, or that it was taken back, is counted for whoever submitted the image."""
    taken_back = payload["state"] == "done"
    decided = payload.get("was") if taken_back else payload["state"]
    if account_id is not None and decided in ("accepted", "returned"):
        counts.setdefault(str(Actor.of_author(account_id)), Counter())[decided] += -1 if taken_back else 1


def _row(session: Session, project_id: str, moment: datetime, actor: str) -> Activity:
    day = _day(moment)
    row = session.get(Activity, (project_id, day, actor))
    if row is None:
        row = Activity(project_id=project_id, day=day, actor=actor, active_seconds=0)
        for name in COUNTS:
            setattr(row, name, 0)
        session.add(row)
    return row


def _be_active(
    session: Session, row: Activity, actor: Actor, events: Sequence[Event], moment: datetime
) -> None:
    """From when they did something last, unless that is too long ago. Programs are not people."""
    if actor.kind == "machine" or actor.scope or any(event.kind in _OF_PROGRAMS for event in events):
        return
    last = row.last_at
    if last is None:
        before = session.get(Activity, (row.project_id, _day(moment - IDLE), row.actor))
        last = before.last_at if before is not None else None
    if last is not None and timedelta(0) < moment - last <= IDLE:
        row.active_seconds += (moment - last).total_seconds()
    row.last_at = moment if last is None else max(last, moment)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


class Submitted(NamedTuple):
    """Images that somebody submitted: those that wait for a reviewer, and those changed since they were accepted."""

    waiting: int
    changed: int


def submitted(session: Session, project_id: str) -> dict[str | None, Submitted]:
    """By who submitted them."""
    changed = (ProjectImage.state == "accepted") & ProjectImage.changed_since_review
    query = (
        select(
            ProjectImage.submitted_by,
            func.sum(case((ProjectImage.state == "done", 1), else_=0)),
            func.sum(case((changed, 1), else_=0)),
        )
        .where(
            ProjectImage.project_id == project_id,
            ProjectImage.removed_at.is_(None),
            ProjectImage.state.in_(("done", "accepted")),
        )
        .group_by(ProjectImage.submitted_by)
    )
    return {account_id: Submitted(waiting, late) for account_id, waiting, late in session.execute(query)}
