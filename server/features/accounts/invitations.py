"""Links that work once: they make an account, give one a new password, or lead somebody into a project."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.outside.people_names import name_key
from ...domain.policy import Actor, Role, at_least
from ...domain.times import timestamp
from ...errors import Conflict, InvalidAccount, InvitationNotFound
from ...storage.engine import Database
from ...storage.rows import accounts as rows
from ...storage.rows import members
from ...storage.rows import projects as project_rows
from ...storage.tables import Account, Invitation, Member, now
from .limits import ALONE, Limits
from .open_links import still_counts
from .passwords import Passwords
from .schema import Acceptance, InvitationLink, InvitationSecret, OpenedInvitation
from .secrets import hash_of, make
from .service import Accounts, SignedIn, check_free, found, own_id

log = logging.getLogger(__name__)

DAYS = 7
_FIRST = "first"  # who invited: the server, when it started without an account
_FAILURES_OF_ADDRESS, _SECONDS = 60, 15 * 60.0


class Invitations:
    def __init__(
        self, db: Database, passwords: Passwords, accounts: Accounts, limits: Limits = ALONE
    ) -> None:
        self._db, self._passwords, self._accounts = db, passwords, accounts
        self._of_address = limits.of("invitations", _FAILURES_OF_ADDRESS, _SECONDS)

    def first(self) -> str | None:
        """Path of a link that makes the first account, in the place of any that an earlier start made; None where
        somebody has one."""
        with self._db.write() as session:
            rows.drop_invitations(session, invited_by=_FIRST)
            if rows.exist(session):
                return None
            return _add(session, Invitation(is_admin=True, invited_by=_FIRST)).path

    def create(
        self, actor: Actor, *, is_admin: bool = False, project_id: str | None = None, role: Role | None = None
    ) -> InvitationLink:
        """Makes an account, which is then an administrator's, or has a role in a project. Whether `actor` may give that
        is the caller's to ask."""
        with self._db.write() as session:
            return _add(
                session,
                Invitation(is_admin=is_admin, project_id=project_id, role=role, invited_by=str(actor)),
            )

    def reset(self, actor: Actor, account_id: str) -> InvitationLink:
        """Gives an account a new password, in the place of an earlier such link. Raises AccountNotFound, Conflict."""
        with self._db.write() as session:
            if found(session, account_id).disabled_at is not None:
                raise Conflict("This account is disabled.", hint="Enable it first.")
            rows.drop_invitations(session, account_id=account_id)
            return _add(session, Invitation(account_id=account_id, invited_by=str(actor)))

    def open(self, data: Mapping[str, Any], address: str) -> OpenedInvitation:
        """{"secret"}: what it is for. Raises InvitationNotFound, TooManyRequests."""
        asked = parse(InvitationSecret, data, InvalidAccount)
        with self._of_address.attempt(address), self._db.read() as session:
            invitation = found_invitation(session, asked.secret)
            account = None if invitation.account_id is None else found(session, invitation.account_id)
            project = (
                None if invitation.project_id is None else project_rows.find(session, invitation.project_id)
            )
        return OpenedInvitation(
            "new" if account is None else "password",
            None if account is None else account.name,
            None if project is None else project.name,
            invitation.role,
            invitation.is_admin,
            invitation.invited_by == _FIRST,
        )

    def accept(
        self, data: Mapping[str, Any], address: str, browser: str, replaced: str | None = None
    ) -> SignedIn:
        """{"secret", "password", "name"}: signs in with the new account, or with the old one and its new password.

        The first account of a server is an administrator's, and owns every project there is. Raises InvalidAccount,
        NameTaken, InvitationNotFound, TooManyRequests."""
        asked = parse(Acceptance, data, InvalidAccount)
        name = None if asked.name is UNSET else asked.name
        with self._of_address.attempt(address), self._db.read() as session:
            _check(session, found_invitation(session, asked.secret), name)  # before the costly part
        hashed = self._passwords.hash(asked.password)
        with self._db.write() as session:
            invitation = found_invitation(session, asked.secret)
            _check(session, invitation, name)
            session.delete(invitation)
            session.flush()
            if invitation.account_id is not None:
                account = found(session, invitation.account_id)
                account.password_hash = hashed
                rows.end_sign_ins(session, account.id)
            else:
                account = add_account(session, name or "", hashed, invitation.is_admin)
                session.flush()
                join_project(session, invitation, account.id)
            signed = self._accounts.begin(session, account, browser, replaced)
        self._accounts.welcome(signed, "with a link", address)
        self._accounts.tell(account.id)
        return signed

    def join(self, actor: Actor, data: Mapping[str, Any], address: str) -> str:
        """{"secret"}: into a project with the account one has; the project's id. A higher role there stays.

        Raises InvitationNotFound, TooManyRequests; Conflict for a link that leads into no project; Forbidden for who
        has no account."""
        asked = parse(InvitationSecret, data, InvalidAccount)
        account_id = own_id(actor)
        with self._of_address.attempt(address), self._db.write() as session:
            invitation = found_invitation(session, asked.secret)
            project_id = invitation.project_id
            if project_id is None or invitation.account_id is not None:
                raise Conflict("This link leads into no project.", hint="Sign out, then follow it again.")
            join_project(session, invitation, account_id)
            session.delete(invitation)
        log.info("Account %s followed a link into project %s", account_id, project_id)
        return project_id


def add_account(session: Session, name: str, password_hash: str | None, is_admin: bool) -> Account:
    """The first is an administrator's, owns every project there is, and ends the link that was for the first. Raises
    NameTaken."""
    check_free(session, name)
    is_first = not rows.exist(session)
    account = Account(
        id=token_hex(6),
        name=name,
        name_key=name_key(name),
        password_hash=password_hash,
        is_admin=is_admin or is_first,
    )
    session.add(account)
    if is_first:
        rows.own_every_project(session, account.id)
        rows.drop_invitations(session, invited_by=_FIRST)
    return account


def _add(session: Session, invitation: Invitation) -> InvitationLink:
    secret, moment = make(), now()
    rows.drop_expired(session, moment)
    invitation.secret_hash = hash_of(secret)
    invitation.created_at, invitation.expires_at = moment, moment + timedelta(days=DAYS)
    session.add(invitation)
    return InvitationLink(f"/join#{secret}", timestamp(invitation.expires_at))


def found_invitation(session: Session, secret: str) -> Invitation:
    """Raises InvitationNotFound."""
    invitation = rows.invitation(session, hash_of(secret), now())
    if invitation is None or not still_counts(session, invitation):
        raise InvitationNotFound()
    return invitation


def _check(session: Session, invitation: Invitation, name: str | None) -> None:
    if invitation.account_id is None:
        if name is None:
            raise InvalidAccount('A new account needs a "name".')
        check_free(session, name)


def join_project(session: Session, invitation: Invitation, account_id: str) -> None:
    """Where the link leads into one. A higher role there stays."""
    role = invitation.role
    if invitation.project_id is None or role is None:
        return
    member = members.find(session, invitation.project_id, account_id)
    if member is None:
        session.add(Member(project_id=invitation.project_id, account_id=account_id, role=role))
    elif not at_least(member.role, role):
        member.role = role
