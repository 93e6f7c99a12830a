"""Webhooks of projects: added, changed, paused, tried. What is sent, and when, is `delivering`'s."""

import logging
from collections.abc import Mapping
from functools import partial
from secrets import token_hex
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.policy import Actor
from ...domain.times import optional_timestamp, timestamp
from ...errors import BadRequest, Conflict, Gone, NotFound, TooManyRequests
from ...runtime.outside import NotReached, Outside
from ...storage.engine import Database
from ...storage.rows.finding import found_project
from ...storage.rows.webhooks import deliveries, hooks
from ...storage.tables import Project, WebhookDelivery, now
from ...storage.tables import Webhook as Row
from ..accounts.limits import ALONE, Limits
from . import schema
from .delivering import Delivering
from .signing import make_secret

log = logging.getLogger("samphire.webhooks")

MOST = 10  # of a project
_TRIES, _SECONDS = 30, 60.0  # of one person
_BY_HAND = "Someone paused it."


class Webhooks:
    def __init__(
        self, db: Database, outside: Outside, delivering: Delivering, limits: Limits = ALONE
    ) -> None:
        self._db, self._outside, self._delivering = db, outside, delivering
        often = partial(
            TooManyRequests,
            f"Webhooks may be tried {_TRIES} times in a minute.",
            hint="Wait a minute, then try again.",
        )
        self._pace = limits.of("webhooks", _TRIES, _SECONDS, often)

    def of_project(self, project_id: str) -> list[schema.Webhook]:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
            return [schema.Webhook(**_fields(each)) for each in hooks.of_project(session, project_id)]

    def add(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> schema.NewSecret:
        """It is told what happens from now on. Raises ProjectNotFound, BadRequest, Conflict for too many."""
        asked = parse(schema.NewWebhook, data, BadRequest)
        self._check(asked.url)
        secret = make_secret()
        with self._db.write() as session:
            project = found_project(session, project_id)
            if hooks.count(session, project_id) >= MOST:
                raise Conflict(f"A project has at most {MOST} webhooks.", hint="Delete one first.")
            hook = Row(
                id=token_hex(6),
                project_id=project_id,
                url=asked.url,
                kinds=asked.events,
                secret=secret,
                actor=str(actor),
                seq=project.last_seq,
            )
            session.add(hook)
            session.flush()
            added = schema.NewSecret(**_fields(hook), secret=secret)
        log.info("%s added the webhook %s to the project %s", actor, added.id, project_id)
        self._delivering.look()
        return added

    def change(
        self, actor: Actor, project_id: str, webhook_id: str, data: Mapping[str, Any]
    ) -> schema.Webhook:
        """Whoever changes one takes it over: it is told things for as long as they may manage it. Raises NotFound,
        BadRequest."""
        asked = parse(schema.WebhookChange, data, BadRequest)
        if asked.url is UNSET and asked.events is UNSET and asked.paused is UNSET:
            raise BadRequest("Nothing is changed.", hint='Send "url", "events" or "paused".')
        if asked.url is not UNSET:
            self._check(asked.url)
        with self._db.write() as session:
            hook = _found(session, project_id, webhook_id)
            hook.actor = str(actor)
            if asked.url is not UNSET:
                hook.url = asked.url
            if asked.events is not UNSET:
                hook.kinds = None if asked.events is None else [*asked.events]
            if asked.paused is True and hook.paused_at is None:
                hook.paused_at, hook.paused_because = now(), _BY_HAND
            if asked.paused is False:
                hook.paused_at = hook.paused_because = None
            if asked.paused is False or asked.url is not UNSET:
                hook.failures, hook.failing_since, hook.next_at = 0, None, None
            changed = schema.Webhook(**_fields(hook))
        self._delivering.look()
        return changed

    def renew_secret(self, project_id: str, webhook_id: str) -> schema.NewSecret:
        """Another secret; the one before signs nothing any more. Raises NotFound."""
        with self._db.write() as session:
            hook = _found(session, project_id, webhook_id)
            hook.secret = make_secret()
            return schema.NewSecret(**_fields(hook), secret=hook.secret)

    def delete(self, actor: Actor, project_id: str, webhook_id: str) -> None:
        """Raises NotFound."""
        with self._db.write(reserved=True) as session:
            session.delete(_found(session, project_id, webhook_id))
        log.info("%s deleted the webhook %s of the project %s", actor, webhook_id, project_id)
        self._delivering.forget(webhook_id)

    def deliveries(self, project_id: str, webhook_id: str) -> list[schema.Delivery]:
        """Raises NotFound."""
        with self._db.read() as session:
            hook = _found(session, project_id, webhook_id)
            return [_described(each) for each in deliveries.of_hook(session, hook.id)]

    def ping(self, actor: Actor, project_id: str, webhook_id: str) -> schema.Delivery:
        """Have a delivery sent that tells of nothing, also to one that is paused. Raises NotFound, TooManyRequests."""
        with self._pace.use(str(actor)):
            with self._db.write() as session:
                hook = _found(session, project_id, webhook_id)
                delivery = _described(deliveries.add(session, hook, "ping"))
            self._delivering.send(webhook_id, project_id)
        return delivery

    def redeliver(self, actor: Actor, project_id: str, webhook_id: str, delivery_id: str) -> schema.Delivery:
        """Have one sent again, as another delivery. Raises NotFound, TooManyRequests; Gone where its events are no
        longer kept."""
        with self._pace.use(str(actor)):
            with self._db.write() as session:
                hook = _found(session, project_id, webhook_id)
                before = deliveries.find(session, hook.id, delivery_id)
                if before is None:
                    raise NotFound("There is no such delivery.", hint="The last 50 of a webhook are kept.")
                kind = "ping" if before.first_seq is None else "again"
                if before.first_seq is not None:
                    _check_kept(session, project_id, before.first_seq)
                added = deliveries.add(session, hook, kind, before.first_seq, before.last_seq)
                delivery = _described(added)
            self._delivering.send(webhook_id, project_id)
        return delivery

    def _check(self, url: str) -> None:
        try:
            self._outside.check(url)
        except NotReached as error:
            raise BadRequest(
                str(error), hint="An administrator can allow networks with --outgoing-networks."
            ) from None


def _found(session: Session, project_id: str, webhook_id: str) -> Row:
    """Raises ProjectNotFound, NotFound."""
    found_project(session, project_id)
    hook = hooks.find(session, project_id, webhook_id)
    if hook is None:
        raise NotFound("There is no such webhook.", hint="It may have been deleted.")
    return hook


def _check_kept(session: Session, project_id: str, seq: int) -> None:
    project = session.get_one(Project, project_id)
    if seq < project.replay_from:
        raise Gone("The events of this delivery are no longer kept.", hint="They are kept for 30 days.")


def _fields(hook: Row) -> dict[str, Any]:
    return {
        "id": hook.id,
        "url": hook.url,
        "events": hook.kinds,
        "created_at": timestamp(hook.created_at),
        "created_by": Actor.read(hook.actor).account,
        "seq": hook.seq,
        "failures": hook.failures,
        "failing_since": optional_timestamp(hook.failing_since),
        "next_at": optional_timestamp(hook.next_at),
        "paused_at": optional_timestamp(hook.paused_at),
        "paused_because": hook.paused_because,
    }


def _described(delivery: WebhookDelivery) -> schema.Delivery:
    return schema.Delivery(
        id=delivery.id,
        kind=delivery.kind,  # type: ignore[arg-type]
        state=delivery.state,  # type: ignore[arg-type]
        first_seq=delivery.first_seq,
        last_seq=delivery.last_seq,
        attempts=delivery.attempts,
        status=delivery.status,
        reason=delivery.reason,
        seconds=delivery.seconds,
        created_at=timestamp(delivery.created_at),
        ended_at=optional_timestamp(delivery.ended_at),
    )
