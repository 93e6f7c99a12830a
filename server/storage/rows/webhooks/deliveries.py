"""Rows of what was sent to webhooks, or is to be. Every function takes the session of the caller's transaction."""

from collections.abc import Sequence
from secrets import token_hex

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ...tables import Webhook, WebhookDelivery

KEPT = 50  # of a webhook


def of_hook(session: Session, webhook_id: str) -> Sequence[WebhookDelivery]:
    """Newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    return session.scalars(query.order_by(WebhookDelivery.number.desc()).limit(KEPT)).all()


def find(session: Session, webhook_id: str, delivery_id: str) -> WebhookDelivery | None:
    query = select(WebhookDelivery).where(
        WebhookDelivery.id == delivery_id, WebhookDelivery.webhook_id == webhook_id
    )
    return session.scalars(query).one_or_none()


def add(
    session: Session, hook: Webhook, kind: str, first_seq: int | None = None, last_seq: int | None = None
) -> WebhookDelivery:
    """A new one, which waits; the oldest of the hook are forgotten."""
    added = WebhookDelivery(
        id=f"msg_{token_hex(12)}",
        webhook_id=hook.id,
        project_id=hook.project_id,
        kind=kind,
        first_seq=first_seq,
        last_seq=last_seq,
    )
    session.add(added)
    session.flush()
    kept = (
        select(WebhookDelivery.number)
        .where(WebhookDelivery.webhook_id == hook.id)
        .order_by(WebhookDelivery.number.desc())
        .limit(KEPT)
    )
    old = (WebhookDelivery.webhook_id == hook.id, WebhookDelivery.number.not_in(kept))
    session.execute(delete(WebhookDelivery).where(*old))
    return added


def waiting(session: Session, webhook_id: str, *kinds: str) -> WebhookDelivery | None:
    """The oldest of these kinds that is to be sent."""
    query = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id,
        WebhookDelivery.state == "waiting",
        WebhookDelivery.kind.in_(kinds),
    )
    return session.scalars(query.order_by(WebhookDelivery.number).limit(1)).one_or_none()
