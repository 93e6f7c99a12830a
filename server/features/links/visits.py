"""Visits by share links: how they begin, whom a cookie is of, and how they end."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from secrets import token_hex
from typing import Any, Literal, NamedTuple

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.policy import VISITOR_ID, Actor
from ...domain.visits import Visit
from ...errors import BadRequest, LinkNotFound, LinkPasswordWrong, SandboxesTaken, TooManyVisits
from ...runtime.afterwards import afterwards
from ...storage.engine import Database
from ...storage.rows import projects
from ...storage.rows.visits import links as rows
from ...storage.rows.visits import sandboxes
from ...storage.tables import Link, Visitor, now
from ..accounts.limits import ALONE, Limits
from ..accounts.passwords import Passwords
from ..accounts.secrets import hash_of, make
from .schema import LinkToOpen

_DAYS, _SANDBOX_DAYS = 30, 1  # a visit, where its link works for longer
_SECONDS = 15 * 60.0
_GUESSES_OF_ADDRESS, _VISITS_OF_ADDRESS = 60, 300
_SANDBOXES_OF_ADDRESS, _SANDBOX_SECONDS = 60, 3600.0
_PASSWORDS_OF_ONE, _PASSWORDS_OF_LINK = 10, 100


class Caller(NamedTuple):
    """Who asks about a link. `secret`: what the browser's cookie of a visit holds; `is_member`: whether they have a
    role in a project by a sign-in or a token."""

    address: str
    secret: str | None
    is_member: Callable[[str], bool]


class Door(NamedTuple):
    """What a link is, before it is opened. `project` and `name`, what it is for, are "" as long as it takes a password;
    `takes_...`: what must be typed; `preview`: what its card shows; None: it takes a password."""

    kind: str
    project: str
    name: str
    takes_password: bool
    takes_name: bool
    sandbox: bool
    preview: Visit | None


class Begun(NamedTuple):
    """`secret`: what the browser's cookie is to hold, for so many seconds, "" nothing; None: what it does."""

    path: str
    secret: str | None = None
    seconds: int = 0


class Visits:
    """`listeners` are called with the id of a visitor who has left. At most `max_sandboxes` are there at once."""

    def __init__(
        self, db: Database, passwords: Passwords, max_sandboxes: int, limits: Limits = ALONE
    ) -> None:
        self._db, self._passwords, self._max_sandboxes = db, passwords, max_sandboxes
        self.listeners: list[Callable[[str], None]] = []
        self._guesses = limits.of("links guessed", _GUESSES_OF_ADDRESS, _SECONDS)
        self._begun = limits.of("visits", _VISITS_OF_ADDRESS, _SECONDS, TooManyVisits)
        self._made = limits.of("sandboxes", _SANDBOXES_OF_ADDRESS, _SANDBOX_SECONDS, TooManyVisits)
        self._of_one = limits.of("links' passwords of one", _PASSWORDS_OF_ONE, _SECONDS)
        self._of_link = limits.of("links' passwords", _PASSWORDS_OF_LINK, _SECONDS)

    def look(self, token: str, caller: Caller) -> Door:
        """What a link leads to, without using it. Raises LinkNotFound, TooManyRequests."""
        link = self._find(token, caller.address)
        is_new = self._known(link, caller) is None
        is_closed = is_new and link.password_hash is not None
        with self._db.read() as session:
            project = projects.find(session, link.project_id)
        return Door(
            link.kind,
            "" if project is None or is_closed else project.name,
            "" if is_closed else link.name,
            is_closed,
            is_new and _visit(link).signs,
            link.sandbox,
            _preview(link),
        )

    def preview(self, token: str, address: str) -> Visit:
        """What the card of a link shows, without using it. Raises LinkNotFound, also for one that is used up or takes a
        password; TooManyRequests."""
        link = self._find(token, address)
        visit = None if link.is_used_up else _preview(link)
        if visit is None:
            raise LinkNotFound()
        return visit

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

    def open(self, data: Mapping[str, Any], caller: Caller) -> Begun:
        """Begin a visit, and end the one that the browser has, which goes on where it is by this very link. Members go
        on as who they are.

        Raises BadRequest, also without a name where it takes one, LinkPasswordWrong, LinkNotFound, TooManyRequests,
        SandboxesTaken."""
        asked = parse(LinkToOpen, data, BadRequest)
        link = self._find(asked.token, caller.address)
        known, moment = self._known(link, caller), now()
        if known is not None:
            return self._go_on(known, link, caller)
        visit = _visit(link)
        if visit.signs and asked.name is UNSET:
            raise BadRequest("Visitors by this share link need a name.", hint='Send a "name".')
        self._check_password(asked.password, link, caller.address)
        days = _SANDBOX_DAYS if link.sandbox else _DAYS
        secret, ends = make(), min(link.expires_at, moment + timedelta(days=days))
        with self._beginning(link, caller.address), self._db.write() as session:
            if not rows.use(session, link.id, moment):
                raise LinkNotFound()
            rows.drop_nameless(session, moment)
            visitor = Visitor(
                id=VISITOR_ID + token_hex(8),
                project_id=link.project_id,
                link_id=link.id,
                sandbox_id=self._make_sandbox(session, link) if link.sandbox else None,
                secret_hash=hash_of(secret),
                name=asked.name if visit.signs and asked.name is not UNSET else "",
                created_at=moment,
                expires_at=ends,
            )
            session.add(visitor)
        if caller.secret:
            self.end(caller.secret)
        path = _path_of(_visit(link, visitor))
        return Begun(path, secret, max(1, int((ends - moment).total_seconds())))

    def of_cookie(self, secret: str) -> Actor | None:
        """Whom a visit's cookie is of; None: nobody, or nobody any more."""
        with self._db.read() as session:
            known = rows.by_visit(session, hash_of(secret), now())
        if known is None:
            return None
        visitor, link = known
        return Actor("visitor", visitor.id, rows.called(visitor.name), visit=_visit(link, visitor))

    def end(self, secret: str) -> None:
        """The visit of a cookie, before its time; where there is none, nothing."""
        with self._db.write(reserved=True) as session:
            visitor_id = rows.end_visit(session, hash_of(secret))
        if visitor_id is None:
            return
        for listener in self.listeners:
            with afterwards("telling that a visit ended"):
                listener(visitor_id)

    def _find(self, token: str, address: str) -> Link:
        """One that works, used up or not. Who asks for one that never was is guessing."""
        with self._guesses.attempt(address), self._db.read() as session:
            found = rows.by_secret(session, hash_of(token), now())
            if found is None:
                raise LinkNotFound()
        link, works = found
        if not works:
            raise LinkNotFound()
        return link

    def _known(self, link: Link, caller: Caller) -> Literal["member"] | Visit | None:
        """What somebody is already where a link leads; None: nothing. Raises LinkNotFound where such a one cannot begin
        a visit."""
        if caller.is_member(link.project_id):
            return "member"
        going_on = self.of_cookie(caller.secret) if caller.secret else None
        if going_on is not None and going_on.visit is not None and going_on.visit.link_id == link.id:
            return going_on.visit
        if link.is_used_up:
            raise LinkNotFound()
        return None

    def _go_on(self, known: Literal["member"] | Visit, link: Link, caller: Caller) -> Begun:
        if known != "member":
            return Begun(_path_of(known))
        if not caller.secret:
            return Begun(_path_of(_visit(link)))
        self.end(caller.secret)
        return Begun(_path_of(_visit(link)), "")

    @contextmanager
    def _beginning(self, link: Link, address: str) -> Iterator[None]:
        """Raises TooManyVisits."""
        with self._begun.use(address), self._made.use(address) if link.sandbox else nullcontext():
            yield

    def _make_sandbox(self, session: Session, link: Link) -> str:
        """Raises SandboxesTaken."""
        most = self._max_sandboxes
        if sandboxes.count(session) >= most or sandboxes.count(session, link) >= max(1, most // 2):
            raise SandboxesTaken()
        return sandboxes.make(session, link)

    def _check_password(self, password: str | None, link: Link, address: str) -> None:
        if link.password_hash is None:
            return
        if password is None:
            raise LinkPasswordWrong("This share link takes a password.")
        with self._of_one.attempt((link.id, address)), self._of_link.attempt(link.id):
            if not self._passwords.matches(link.password_hash, password):
                raise LinkPasswordWrong()


def _path_of(visit: Visit) -> str:
    """Of the page that a visit begins with."""
    image = "" if visit.image_id is None else f"/images/{visit.image_id}"
    return f"/projects/{visit.project_id}{image}"


def _preview(link: Link) -> Visit | None:
    return None if link.password_hash is not None else _visit(link)


def _visit(link: Link, visitor: Visitor | None = None) -> Visit:
    """`visitor`: None before it has begun."""
    own = None if visitor is None else visitor.sandbox_id
    return Visit(link.id, link.kind, own or link.project_id, link.image_id, link.made_by, link.sandbox)
