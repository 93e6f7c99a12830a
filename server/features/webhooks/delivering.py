"""What is sent to webhooks: read from the log of events, signed, and tried for a day.

A webhook's job sends what waits for it, one delivery after the other, and ends when nothing is left or one fails; a
greenlet begins jobs when something has happened, or when it is time for another attempt. What is left stands in the
rows, so a restart goes on.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from ...contract.json import dumps
from ...domain.policy import ROLES, Actor
from ...domain.times import backoff, timestamp
from ...errors import SamphireError
from ...paths import VERSION
from ...runtime import greenlets
from ...runtime.bus import Bus
from ...runtime.outside import Answer, NotReached, Outside
from ...runtime.queue.base import Job, JobQueue, Urgency
from ...runtime.queue.handlers import Handler, Lane, Running
from ...runtime.turns import Path
from ...storage.access import Access
from ...storage.engine import Database
from ...storage.rows import events
from ...storage.rows.layers import Sight
from ...storage.rows.webhooks import deliveries, hooks
from ...storage.tables import Project, Webhook, WebhookDelivery, now
from . import schema
from .signing import sign

log = logging.getLogger("samphire.webhooks")

WEBHOOK = "webhook"  # the kind of its jobs
_CHANGED = "webhooks"  # what processes tell each other
ANSWER_SECONDS = 10.0
GIVEN_UP = timedelta(days=1)
_MANAGER = ROLES.index("manager")
_EVENTS, _CHARACTERS = 100, 1_000_000  # of a delivery
_GATHER_SECONDS = 0.5  # what happens at once is told at once
_LOOK_SECONDS, _LATEST_LOOK = 1.0, 60.0  # while something is under way, and otherwise
_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 3600.0
_GONE = 410
_NOT_ALLOWED = "The person who added or last changed it may no longer manage webhooks here."
_UNWANTED = "It answered with 410, so it wants no more."
_SILENT = "Nothing arrived for a day."
PAUSES = (_NOT_ALLOWED, _UNWANTED, _SILENT)  # why one is paused that nobody paused


class Sending(NamedTuple):
    """A delivery as it goes out."""

    delivery: int
    message_id: str
    url: str
    secret: str
    body: bytes


class Delivering:
    """One per process. Between `start` and `stop` it notices what happens."""

    def __init__(self, db: Database, outside: Outside, queue: JobQueue, bus: Bus, access: Access) -> None:
        self._db, self._outside, self._queue, self._access = db, outside, queue, access
        self.handler = Handler(self._run, Lane(WEBHOOK, at_once=32, of_one=4), interruptible=True, path=_path)
        self._projects: set[str] = set()
        self._broken: dict[str, float] = {}  # webhooks whose job failed, and when that was seen
        self._wake = greenlets.Event()
        self._greenlet: greenlets.Greenlet | None = None
        bus.on_stored.append(self._note)
        bus.on(_CHANGED, lambda _data: self._look_again())
        self._bus = bus

    def start(self) -> None:
        self._greenlet = greenlets.spawn(self._watch)

    def stop(self) -> None:
        """What is under way is left to the queue."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def look(self) -> None:
        """Webhooks have changed."""
        self._look_again()
        self._bus.spread(_CHANGED, None)

    def _look_again(self) -> None:
        with self._db.read() as session:
            self._projects = hooks.projects(session)
        self._wake.set()

    def send(self, webhook_id: str, project_id: str) -> None:
        """Have sent what waits for a webhook. Raises DatabaseBusy, StorageFull."""
        args = {"webhook": webhook_id, "project": project_id}
        self._queue.submit(Job(WEBHOOK, args, webhook_id, Urgency.AHEAD))

    def forget(self, webhook_id: str) -> None:
        """It is deleted."""
        self._queue.cancel(lambda job: job.key == (WEBHOOK, webhook_id))
        self.look()

    def send_due(self) -> float:
        """Have sent what is due; in how many seconds to look again, if nothing happens."""
        moment = now()
        with self._db.read() as session:
            due, following = hooks.due(session, moment), hooks.next_at(session)
        looked = time.monotonic()
        self._broken = {each: at for each, at in self._broken.items() if looked - at < _LATEST_LOOK}
        for webhook_id, project_id in due:
            if webhook_id in self._broken:
                continue
            if self._queue.status((WEBHOOK, webhook_id)).state == "failed":  # not in being sent: see the log
                self._broken[webhook_id] = looked
            self.send(webhook_id, project_id)
        if due:
            return _LOOK_SECONDS
        wait = _LATEST_LOOK if following is None else (following - moment).total_seconds()
        return min(max(wait, _LOOK_SECONDS), _LATEST_LOOK)

    def _note(self, project_id: str) -> None:
        if project_id in self._projects:
            self._wake.set()

    def _watch(self) -> None:
        seconds = _LOOK_SECONDS
        self._tried_look()
        while True:
            self._wake.wait(seconds)
            greenlets.sleep(_GATHER_SECONDS)
            self._wake.clear()
            try:
                seconds = self.send_due()
            except SamphireError as error:  # the database is locked, say
                log.warning("Webhooks wait: %s", error)
                seconds = _LATEST_LOOK

    def _tried_look(self) -> None:
        try:
            self._look_again()
        except SamphireError as error:
            log.warning("Webhooks wait: %s", error)

    def _run(self, running: Running) -> None:
        """The handler."""
        project_id, webhook_id = running.job.args["project"], running.job.args["webhook"]
        while not running.cancelled:
            with self._db.read() as session:
                hook = hooks.find(session, project_id, webhook_id)
            if hook is None:
                return
            allowed = self._access.may_still(Actor.read(hook.actor), "webhook.manage", project_id)
            with self._db.write(synced=False) as session:
                sending = _next(session, project_id, webhook_id, allowed)
            if sending is None:
                return
            outcome = self._send(sending)
            with self._db.write(synced=False) as session:
                hook = hooks.find(session, project_id, webhook_id)
                delivery = session.get(WebhookDelivery, sending.delivery)
                if hook is not None and delivery is not None:
                    record(hook, delivery, outcome, now())

    def _send(self, sending: Sending) -> Answer | NotReached:
        seconds = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Samphire-Webhooks/{VERSION}",
            "webhook-id": sending.message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign(sending.secret, sending.message_id, seconds, sending.body),
        }
        try:
            return self._outside.ask(
                "POST", sending.url, headers=headers, body=sending.body, seconds=ANSWER_SECONDS
            )
        except NotReached as error:
            return error


def _next(session: Session, project_id: str, webhook_id: str, allowed: bool) -> Sending | None:
    """What is to be sent now; None: nothing. `allowed`: whether whoever is behind the webhook may still manage it."""
    hook, project = hooks.find(session, project_id, webhook_id), session.get(Project, project_id)
    if hook is None or project is None:
        return None
    if not allowed:
        if hook.paused_at is None:
            _pause(hook, _NOT_ALLOWED, now())
        return None
    asked = deliveries.waiting(session, hook.id, "ping", "again")
    if asked is not None:
        return _prepared(session, project, hook, asked)
    if hook.paused_at is not None or (hook.next_at is not None and hook.next_at > now()):
        return None
    found = _events(session, hook, hook.seq)
    pending = deliveries.waiting(session, hook.id, "events")
    if not found and not _missed(hook, project):
        hook.seq = project.last_seq
        if pending is not None:
            session.delete(pending)
        return None
    first, last = (found[0]["seq"], found[-1]["seq"]) if found else (hook.seq + 1, project.last_seq)
    if pending is None:
        pending = deliveries.add(session, hook, "events", first, last)
    pending.first_seq, pending.last_seq = first, last
    return _prepared(session, project, hook, pending, found)


def record(hook: Webhook, delivery: WebhookDelivery, outcome: Answer | NotReached, moment: datetime) -> None:
    """How an attempt ended. What was asked for is tried once; events until they arrive or a day has passed."""
    delivery.attempts += 1
    delivery.ended_at = moment
    delivery.status = delivery.seconds = delivery.reason = None
    if isinstance(outcome, Answer):
        delivery.status, delivery.seconds = outcome.status, round(outcome.seconds, 3)
    if isinstance(outcome, Answer) and 200 <= outcome.status < 300:
        delivery.state = "delivered"
        hook.failures, hook.failing_since, hook.next_at = 0, None, None
        if delivery.kind == "events":
            hook.seq = max(hook.seq, delivery.last_seq or 0)
        return
    delivery.reason = f"It answered with {outcome.status}." if isinstance(outcome, Answer) else str(outcome)
    if delivery.kind != "events":
        delivery.state = "failed"
        return
    hook.failures += 1
    since = hook.failing_since = hook.failing_since or moment
    hook.next_at = moment + timedelta(seconds=backoff(hook.failures - 1, _FIRST_PAUSE, _LONGEST_PAUSE))
    if delivery.status == _GONE:
        _pause(hook, _UNWANTED, moment)
    elif moment - since >= GIVEN_UP:
        _pause(hook, _SILENT, moment)
    if hook.paused_at is not None:
        delivery.state = "failed"


def _pause(hook: Webhook, reason: str, moment: datetime) -> None:
    hook.paused_at, hook.paused_because = moment, reason
    log.warning("The webhook %s of the project %s is paused. %s", hook.id, hook.project_id, reason)


def _events(session: Session, hook: Webhook, seq: int) -> list[dict]:
    """Those after `seq`, as whoever manages the project is told them: nobody's independent work."""
    sight = Sight(hook.project_id, _MANAGER)
    found = events.since(session, sight, seq, _EVENTS, _CHARACTERS, hook.kinds)
    return [event.as_json() for event in found]


def _missed(hook: Webhook, project: Project) -> bool:
    """Whether events that follow the last it was told of are no longer kept."""
    return hook.seq + 1 < project.replay_from


def _prepared(
    session: Session,
    project: Project,
    hook: Webhook,
    delivery: WebhookDelivery,
    found: list[dict] | None = None,
) -> Sending:
    first, last = delivery.first_seq, delivery.last_seq
    if found is None and first is not None and last is not None:
        found = [each for each in _events(session, hook, first - 1) if each["seq"] <= last]
    told = schema.Told(
        type="ping" if first is None else "events",
        timestamp=timestamp(now()),
        webhook=hook.id,
        project=schema.ToldProject(project.id, project.name),
        events=found or [],
        missed=delivery.kind == "events" and _missed(hook, project),
    )
    return Sending(delivery.number, delivery.id, hook.url, hook.secret, dumps(told).encode())


def _path(job: Job) -> Path:
    """Of a project's webhooks only some are sent to at once: those that take long do not hold up other projects'."""
    return ("webhooks", job.args["project"], job.dedupe_key)
