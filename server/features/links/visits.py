"""Visits: how they begin by a link, whom a cookie is of, and how they end."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Any, NamedTuple

from msgspec import UNSET

from ...contract import parse
from ...domain.policy import VISITOR_ID, Actor
from ...domain.visits import Visit
from ...errors import BadRequest, LinkNotFound, LinkPasswordWrong
from ...runtime.afterwards import afterwards
from ...storage.engine import Database
from ...storage.rows import projects
from ...storage.rows.visits import links as rows
from ...storage.tables import Link, Visitor, now
from ..accounts.limits import Limit
from ..accounts.passwords import Passwords
from ..accounts.secrets import hash_of, make
from .schema import LinkToOpen

_DAYS = 30  # a visit, where its link works for longer
_SECONDS = 15 * 60.0
_GUESSES_OF_ADDRESS, _VISITS_OF_ADDRESS = 60, 300
_PASSWORDS_OF_ONE, _PASSWORDS_OF_LINK = 10, 100


class Door(NamedTuple):
    """What a link is, before it is opened. `name`: what it is for."""

    kind: str
    project: str
    name: str
    takes_password: bool
    takes_name: bool


class Begun(NamedTuple):
    """`secret`: what the browser's cookie is to hold, for so many seconds; None: it goes on as who it is."""

    path: str
    secret: str | None = None
    seconds: int = 0


class Visits:
    """`listeners` are called with the id of a visitor who has left."""

    def __init__(self, db: Database, passwords: Passwords) -> None:
        self._db, self._passwords = db, passwords
        self.listeners: list[Callable[[str], None]] = []
        self._guesses = Limit(_GUESSES_OF_ADDRESS, _SECONDS)
        often = ("Too many visits have begun from this address.", "Wait some minutes, then try again.")
        self._begun = Limit(_VISITS_OF_ADDRESS, _SECONDS, refusal=often)
        self._of_one = Limit(_PASSWORDS_OF_ONE, _SECONDS)
        self._of_link = Limit(_PASSWORDS_OF_LINK, _SECONDS)

    def look(self, token: str, address: str) -> Door:
        """What a link leads to, without using it. Raises LinkNotFound, TooManyRequests."""
        link = self._find(token, address)
        with self._db.read() as session:
            project = projects.find(session, link.project_id)
        return Door(
            link.kind,
            "" if project is None else project.name,
            link.name,
            link.password_hash is not None,
            _visit(link).signs,
        )

    def embedded(self, token: str, address: str) -> Visit:
        """Of whoever sees a link's image in somebody's page, where no cookie says who they are: nothing is counted.

        Raises LinkNotFound, also for a link that is not one to view or try an image, or asks for more than its address;
        TooManyRequests."""
        link = self._find(token, address)
        visit = _visit(link)
        if (
            visit.image_id is None
            or visit.signs
            or link.password_hash is not None
            or link.max_uses is not None
        ):
            raise LinkNotFound()
        return visit

    def open(
        self, data: Mapping[str, Any], address: str, replaced: str | None, is_member: Callable[[str], bool]
    ) -> Begun:
        """Begin a visit. `replaced`: what the browser's cookie holds: of a visit that ends, or goes on where it is by
        this very link. `is_member`: whether the sender has a role in a project, as which they go on.

        Raises BadRequest, also without a name where it takes one, LinkPasswordWrong, LinkNotFound, TooManyRequests."""
        asked = parse(LinkToOpen, data, BadRequest)
        link = self._find(asked.token, address)
        visit, moment = _visit(link), now()
        if is_member(visit.project_id) or self._goes_on(replaced, link):
            return Begun(_path_of(visit))
        if visit.signs and asked.name is UNSET:
            raise BadRequest("Somebody who follows this link needs a name.", hint='Send a "name".')
        self._check_password(asked.password, link, address)
        secret, ends = make(), min(link.expires_at, moment + timedelta(days=_DAYS))
        with self._begun.use(address), self._db.write() as session:
            if not rows.use(session, link.id, moment):
                raise LinkNotFound()
            rows.drop_nameless(session, moment)
            if replaced:
                rows.end_visit(session, hash_of(replaced))
            session.add(
                Visitor(
                    id=VISITOR_ID + token_hex(8),
                    link_id=link.id,
                    secret_hash=hash_of(secret),
                    name=asked.name if visit.signs and asked.name is not UNSET else "",
                    created_at=moment,
                    expires_at=ends,
                )
            )
        return Begun(_path_of(visit), secret, max(1, int((ends - moment).total_seconds())))

    def of_cookie(self, secret: str) -> Actor | None:
        """Whom a visit's cookie is of; None: nobody, or nobody any more."""
        with self._db.read() as session:
            known = rows.by_visit(session, hash_of(secret), now())
        if known is None:
            return None
        visitor, link = known
        return Actor("visitor", visitor.id, rows.called(visitor.name), visit=_visit(link))

    def leave(self, secret: str) -> None:
        """End a visit before its time."""
        with self._db.write(reserved=True) as session:
            known = rows.by_visit(session, hash_of(secret), now())
            rows.end_visit(session, hash_of(secret))
        if known is None:
            return
        for listener in self.listeners:
            with afterwards("telling that a visit ended"):
                listener(known.visitor.id)

    def _find(self, token: str, address: str) -> Link:
        with self._guesses.attempt(address), self._db.read() as session:
            link = rows.by_secret(session, hash_of(token), now())
            if link is None:
                raise LinkNotFound()
        return link

    def _check_password(self, password: str | None, link: Link, address: str) -> None:
        if link.password_hash is None:
            return
        if password is None:
            raise LinkPasswordWrong("This link takes a password.")
        with self._of_one.attempt((link.id, address)), self._of_link.attempt(link.id):
            if not self._passwords.matches(link.password_hash, password):
                raise LinkPasswordWrong()

    def _goes_on(self, secret: str | None, link: Link) -> bool:
        if not secret:
            return False
        with self._db.read() as session:
            known = rows.by_visit(session, hash_of(secret), now())
        return known is not None and known.link.id == link.id


def _path_of(visit: Visit) -> str:
    """Of the page that a visit begins with."""
    image = "" if visit.image_id is None else f"/images/{visit.image_id}"
    return f"/projects/{visit.project_id}{image}"


def _visit(link: Link) -> Visit:
    return Visit(link.id, link.kind, link.project_id, link.image_id, link.made_by)
