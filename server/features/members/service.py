"""Members of projects: added, given other roles, removed. Nobody gives or takes a role above their own, and a project
keeps an owner."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.policy import Actor, Role, at_least
from ...domain.times import timestamp
from ...errors import AccountNotFound, BadRequest, Conflict, Forbidden, ProjectNotFound, TooManyRequests
from ...storage.access import HIGHEST
from ...storage.engine import Database
from ...storage.rows import accounts as account_rows
from ...storage.rows import assignments
from ...storage.rows import members as rows
from ...storage.rows.finding import found_project
from ...storage.rows.layers import Sight, sight_of
from ...storage.tables import Account
from ...storage.tables import Member as Row
from ..accounts.limits import ALONE, Limits
from .schema import Member, MemberList, NewMember, NewRole

log = logging.getLogger(__name__)

_UNKNOWN_NAMES, _SECONDS = 20, 15 * 60.0
_ADDED, _DAY = 100, 24 * 3600.0  # nobody is asked before a project stands on their home page


class Members:
    """`tell` is given the id of an account whose role ended or changed, so that whoever serves it looks again."""

    def __init__(self, db: Database, tell: Callable[[str], None], limits: Limits = ALONE) -> None:
        self._db, self._tell = db, tell
        self._unknown = limits.of("unknown names", _UNKNOWN_NAMES, _SECONDS)
        often = partial(
            TooManyRequests,
            f"A person may add {_ADDED} members in a day, to all projects together.",
            hint="Invite others by links.",
        )
        self._added = limits.of("members", _ADDED, _DAY, often)

    def of_project(self, actor: Actor, project_id: str) -> MemberList:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            sight = sight_of(session, actor, found_project(session, project_id))
            listed = [_described(member, account) for member, account in rows.of_project(session, project_id)]
            return MemberList(listed, rows.names(session, project_id, *_known_to(sight)))

    def add(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> Member:
        """{"account", "role"}. The answer tells whether an account has that name, so unknown names are limited.

        Raises ProjectNotFound, BadRequest, Forbidden, AccountNotFound, TooManyRequests; Conflict for a member."""
        if actor.everywhere:
            return self._add(actor, project_id, data)
        with self._added.use(str(actor)):
            return self._add(actor, project_id, data)

    def _add(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> Member:
        asked = parse(NewMember, data, BadRequest)
        with self._unknown.attempt(str(actor)), self._db.write() as session:
            _check_rank(asked.role, _own_role(session, actor, project_id))
            account = account_rows.find(session, asked.account) or account_rows.named(session, asked.account)
            if account is None or account.disabled_at is not None:
                raise AccountNotFound(
                    "Nobody has this name here.", hint="Check how it is written, or invite them by a link."
                )
            if rows.find(session, project_id, account.id) is not None:
                raise Conflict(f"{account.name} is a member already.", hint="Change the role instead.")
            rows.put(session, project_id, account.id, asked.role)
            session.flush()
            added = _described(*_found(session, project_id, account.id))
        log.info("%s made account %s %s of project %s", actor, account.id, asked.role, project_id)
        self._tell(account.id)
        return added

    def change(self, actor: Actor, project_id: str, account_id: str, data: Mapping[str, Any]) -> Member:
        """{"role"}. Raises ProjectNotFound, BadRequest, AccountNotFound, Forbidden; Conflict for the last owner."""
        asked = parse(NewRole, data, BadRequest)
        with self._db.write() as session:
            own = _own_role(session, actor, project_id)
            member, account = _found(session, project_id, account_id)
            _check_rank(member.role, own)
            _check_rank(asked.role, own)
            with _staying_owned(session, project_id):
                falls = not at_least(asked.role, member.role)
                member.role = asked.role
            if falls:
                rows.drop_invitations_into(session, project_id, account_id)
            if not at_least(asked.role, "annotator"):
                assignments.end_all(session, project_id, account_id)
            changed = _described(member, account)
        log.info("%s made account %s %s of project %s", actor, account_id, asked.role, project_id)
        self._tell(account_id)
        return changed

    def remove(self, actor: Actor, project_id: str, account_id: str) -> None:
        """Members may remove themselves. Links into the project that the member made stop working.

        Raises ProjectNotFound, AccountNotFound, Forbidden; Conflict for the last owner."""
        with self._db.write(reserved=True) as session:
            own = _own_role(session, actor, project_id)
            member, _ = _found(session, project_id, account_id)
            if account_id != actor.id:
                _check_rank(member.role, own)
            with _staying_owned(session, project_id):
                rows.remove(session, member)
            rows.drop_invitations_into(session, project_id, account_id)
        log.info("%s removed account %s from project %s", actor, account_id, project_id)
        self._tell(account_id)

    def check_may_give(self, actor: Actor, project_id: str, role: Role) -> None:
        """Raises ProjectNotFound, Forbidden."""
        with self._db.read() as session:
            _check_rank(role, _own_role(session, actor, project_id))


def _known_to(sight: Sight) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which events and annotations tell somebody who did something; reviewers may look into all."""
    return (true(), true()) if sight.reviews else (sight.events(), sight.annotations())


def _own_role(session: Session, actor: Actor, project_id: str) -> Role:
    found_project(session, project_id)
    if actor.everywhere:
        return HIGHEST
    role = rows.role_in(session, actor.id, project_id)
    if role is None:  # it ended a moment ago
        raise ProjectNotFound()
    return role


def _check_rank(role: Role, own: Role) -> None:
    if not at_least(own, role):
        raise Forbidden(
            f"The role {role} is above your own in this project.", hint="Ask somebody with that role."
        )


@contextmanager
def _staying_owned(session: Session, project_id: str) -> Iterator[None]:
    """A change after which a project that had an owner who can sign in has one still. Raises Conflict."""
    before = rows.owners(session, project_id)
    yield
    session.flush()
    if before and not rows.owners(session, project_id):
        raise Conflict(
            "A project needs an owner, and this is the last.", hint="Make another member an owner first."
        )


def _found(session: Session, project_id: str, account_id: str) -> tuple[Row, Account]:
    member = rows.find(session, project_id, account_id)
    account = None if member is None else account_rows.find(session, account_id)
    if member is None or account is None:
        raise AccountNotFound("There is no such member.", hint="The project's settings list its members.")
    return member, account


def _described(member: Row, account: Account) -> Member:
    return Member(account.id, account.name, member.role, timestamp(member.added_at))
