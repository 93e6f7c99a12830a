"""Share links: made, listed and revoked by who manages the project."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.policy import Actor
from ...domain.times import UNDO_DAYS, optional_timestamp, timestamp
from ...errors import BadRequest, Conflict, LinkNotFound
from ...runtime.afterwards import afterwards
from ...storage.engine import Database
from ...storage.rows import accounts, project_images
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import annotators_per_image
from ...storage.rows.visits import links as rows
from ...storage.tables import Link, now
from ...storage.unit_of_work import UnitsOfWork
from ..accounts.passwords import Passwords
from ..accounts.secrets import hash_of, make
from . import schema
from .schema import LinkList, MadeLink, NewLink

log = logging.getLogger(__name__)

MOST_WORKING, _MOST_LISTED = 100, 1000  # of a project


class Links:
    """`listeners` are called with the id of a link that was revoked."""

    def __init__(self, db: Database, passwords: Passwords, unit_of_work: UnitsOfWork) -> None:
        self._db, self._passwords, self._unit_of_work = db, passwords, unit_of_work
        self.listeners: list[Callable[[str], None]] = []

    def of_project(self, project_id: str) -> LinkList:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
            listed = rows.of_project(session, project_id, _MOST_LISTED)
            return LinkList(_described(session, project_id, listed), MOST_WORKING)

    def create(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> MadeLink:
        """See NewLink; its secret is in this answer alone.

        Raises ProjectNotFound, ImageNotFound, BadRequest; Conflict where too many work, or for an annotator where
        those do not see each other's work."""
        asked = parse(NewLink, data, BadRequest)
        if asked.sandbox and (asked.kind != "try" or asked.image is not None):
            raise BadRequest("A sandbox is for links of the kind try that are of no image.")
        hashed = None if asked.password is None else self._passwords.hash(asked.password)
        secret, moment = make(), now()
        with self._unit_of_work(actor) as work:
            session = work.session
            project = found_project(session, project_id)
            if project.sandbox:
                raise Conflict("Nothing of a visitor's sandbox is shared.")
            gold = asked.image is not None and found_place(session, project_id, asked.image)[0].gold
            if asked.kind == "annotate" and (gold or annotators_per_image(project) > 1):
                raise Conflict(
                    "Here annotators do not see each other's work, which takes accounts.",
                    hint="Invite people as annotators instead.",
                )
            rows.drop_ended(session, project_id, moment - timedelta(days=UNDO_DAYS))
            if len(rows.working(session, project_id, moment)) >= MOST_WORKING:
                raise Conflict(
                    f"{MOST_WORKING} links of this project work already.", hint="Revoke one first."
                )
            link = Link(
                id=token_hex(8),
                project_id=project_id,
                image_id=asked.image,
                sandbox=asked.sandbox,
                kind=asked.kind,
                name=asked.name,
                secret_hash=hash_of(secret),
                password_hash=hashed,
                made_by=actor.account,
                created_at=moment,
                expires_at=moment + timedelta(days=asked.days),
                max_uses=asked.max_uses,
                uses=0,
            )
            session.add(link)
            session.flush()
            work.tell("links:changed", project_id, _told(link, "made"))
            [made] = _fields(session, project_id, [link])
        return MadeLink(**made, path=f"/s/{secret}")

    def revoke(self, actor: Actor, project_id: str, link_id: str) -> None:
        """It stops working, and visits by it end. Once is enough. Raises ProjectNotFound, LinkNotFound."""
        with self._unit_of_work(actor, reserved=True) as work:
            found_project(work.session, project_id)
            link = rows.find(work.session, project_id, link_id)
            if link is None:
                raise LinkNotFound()
            if link.revoked_at is None:
                link.revoked_at = now()
                work.tell("links:changed", project_id, _told(link, "revoked"))
        for listener in self.listeners:
            with afterwards("telling that a link was revoked"):
                listener(link_id)


def _told(link: Link, what: str) -> dict[str, Any]:
    return {"link": link.id, "what": what, "link_kind": link.kind}


def _described(session: Session, project_id: str, links: list[Link]) -> list[schema.Link]:
    return [schema.Link(**each) for each in _fields(session, project_id, links)]


def _fields(session: Session, project_id: str, links: list[Link]) -> list[dict[str, Any]]:
    moment = now()
    works = rows.working(session, project_id, moment)
    makers = accounts.names(session, {each.made_by for each in links if each.made_by is not None})
    images = project_images.names(session, project_id, {each.image_id for each in links if each.image_id})
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "image": each.image_id,
            "image_name": images.get(each.image_id or ""),
            "name": each.name,
            "sandbox": each.sandbox,
            "has_password": each.password_hash is not None,
            "made_by": makers.get(each.made_by or ""),
            "created_at": timestamp(each.created_at),
            "expires_at": timestamp(each.expires_at),
            "max_uses": each.max_uses,
            "uses": each.uses,
            "used_at": optional_timestamp(each.used_at),
            "revoked_at": optional_timestamp(each.revoked_at),
            "state": _state(each, each.id in works, moment),
        }
        for each in links
    ]


def _state(link: Link, works: bool, moment: datetime) -> str:
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at <= moment:
        return "expired"
    if not works:
        return "ended"
    return "used_up" if link.is_used_up else "works"
