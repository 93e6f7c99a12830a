"""Rows of webhooks. Every function takes the session of the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ...tables import Project, Webhook


def of_project(session: Session, project_id: str) -> Sequence[Webhook]:
    """Oldest first."""
    query = select(Webhook).where(Webhook.project_id == project_id)
    return session.scalars(query.order_by(Webhook.created_at, Webhook.id)).all()


def find(session: Session, project_id: str, webhook_id: str) -> Webhook | None:
    hook = session.get(Webhook, webhook_id)
    return hook if hook is not None and hook.project_id == project_id else None


def count(session: Session, project_id: str) -> int:
    return session.scalar(select(func.count()).where(Webhook.project_id == project_id)) or 0


def projects(session: Session) -> set[str]:
    """Ids of those that have any."""
    return set(session.scalars(select(Webhook.project_id).distinct()))


def due(session: Session, moment: datetime) -> Sequence[tuple[str, str]]:
    """(id, project) of those with something to be told of by then."""
    ready = or_(Webhook.next_at.is_(None), Webhook.next_at <= moment)
    query = select(Webhook.id, Webhook.project_id).join(Project, Project.id == Webhook.project_id)
    found = session.execute(query.where(_behind(), ready))
    return [(webhook_id, project_id) for webhook_id, project_id in found]


def next_at(session: Session) -> datetime | None:
    """When the first of those that have to wait is due."""
    query = select(func.min(Webhook.next_at)).join(Project, Project.id == Webhook.project_id)
    return session.scalar(query.where(_behind()))


def _behind():
    return Webhook.paused_at.is_(None) & (Webhook.seq < Project.last_seq)
