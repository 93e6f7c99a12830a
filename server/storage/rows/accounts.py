"""Rows of accounts, and of what signs them in. Every function takes the session of the caller's transaction."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ...domain.outside.ids import some_of
from ...domain.outside.people_names import name_key
from ...domain.policy import SCOPES, VISITOR_ID, Scope
from ..tables import Account, ApiToken, Invitation, Member, Project, SignIn
from .visits import links

_SCOPES: dict[str, Scope] = {scope: scope for scope in SCOPES}


class Known(NamedTuple):
    """Whom a secret is of. `scope`: of an API token; None: of a sign-in. `used_at`: when it was used last, about."""

    account: Account
    secret_hash: str
    scope: Scope | None
    used_at: datetime | None


def find(session: Session, account_id: str) -> Account | None:
    return session.get(Account, account_id)


def named(session: Session, name: str) -> Account | None:
    return session.scalar(select(Account).where(Account.name_key == name_key(name)))


def every(session: Session) -> list[Account]:
    """In the order of their names."""
    return list(session.scalars(select(Account).order_by(Account.name_key)))


def names(session: Session, account_ids: Collection[str]) -> dict[str, str]:
    """By id; of disabled ones too, and of visitors."""
    visitors = [each for each in account_ids if each.startswith(VISITOR_ID)]
    found = links.names(session, visitors)
    for some in some_of(list(set(account_ids).difference(visitors))):
        query = select(Account.id, Account.name).where(Account.id.in_(some))
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def exist(session: Session) -> bool:
    return session.scalar(select(Account.id).limit(1)) is not None


def another_administrator(session: Session, account_id: str) -> bool:
    """Whether one is left without this account."""
    others = select(Account.id).where(
        Account.is_admin, Account.disabled_at.is_(None), Account.id != account_id
    )
    return session.scalar(others.limit(1)) is not None


def own_every_project(session: Session, account_id: str) -> None:
    """Those of a server that had no accounts, deleted ones included."""
    session.flush()
    for project_id in session.scalars(select(Project.id)):
        session.merge(Member(project_id=project_id, account_id=account_id, role="owner"))


def by_sign_in(session: Session, secret_hash: str, moment: datetime) -> Known | None:
    """Not of a disabled account, nor of a sign-in that has expired."""
    query = select(Account, SignIn.seen_at).join(SignIn, SignIn.account_id == Account.id)
    query = query.where(SignIn.secret_hash == secret_hash, SignIn.expires_at > moment)
    found = session.execute(query.where(Account.disabled_at.is_(None))).first()
    return None if found is None else Known(found[0], secret_hash, None, found[1])


def by_token(session: Session, secret_hash: str, moment: datetime) -> Known | None:
    """Not of a disabled account, nor of a token that has expired."""
    query = select(Account, ApiToken).join(ApiToken, ApiToken.account_id == Account.id)
    query = query.where(ApiToken.secret_hash == secret_hash, ApiToken.expires_at > moment)
    found = session.execute(query.where(Account.disabled_at.is_(None))).first()
    if found is None:
        return None
    account, token = found
    return Known(account, secret_hash, _SCOPES.get(token.scope, SCOPES[0]), token.used_at)


def used(session: Session, known: Known, moment: datetime) -> None:
    """That somebody used a sign-in or a token; nothing where it is gone by now."""
    hashed = known.secret_hash
    if known.scope is None:
        session.execute(update(SignIn).where(SignIn.secret_hash == hashed).values(seen_at=moment))
    else:
        session.execute(update(ApiToken).where(ApiToken.secret_hash == hashed).values(used_at=moment))
    session.execute(update(Account).where(Account.id == known.account.id).values(seen_at=moment))


def sign_ins(session: Session, account_id: str, moment: datetime) -> list[SignIn]:
    """Those that have not expired, the one that was used last first."""
    query = select(SignIn).where(SignIn.account_id == account_id, SignIn.expires_at > moment)
    return list(session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.secret_hash)))


def end_sign_ins(session: Session, account_id: str, but: str | None = None) -> None:
    """All of an account, or all others than the one with this hash."""
    query = delete(SignIn).where(SignIn.account_id == account_id)
    session.execute(query if but is None else query.where(SignIn.secret_hash != but))


def end_sign_in(session: Session, secret_hash: str) -> None:
    session.execute(delete(SignIn).where(SignIn.secret_hash == secret_hash))


def tokens(session: Session, account_id: str, moment: datetime) -> list[ApiToken]:
    """Those that have not expired, the newest first."""
    query = select(ApiToken).where(ApiToken.account_id == account_id, ApiToken.expires_at > moment)
    return list(session.scalars(query.order_by(ApiToken.created_at.desc(), ApiToken.id)))


def drop_tokens(session: Session, account_id: str) -> None:
    session.execute(delete(ApiToken).where(ApiToken.account_id == account_id))


def count_tokens(session: Session, account_id: str) -> int:
    query = select(func.count()).where(ApiToken.account_id == account_id)
    return session.scalar(query) or 0


def invitation(session: Session, secret_hash: str, moment: datetime) -> Invitation | None:
    found = session.get(Invitation, secret_hash)
    return found if found is not None and found.expires_at > moment else None


def invitations(session: Session, moment: datetime, project_id: str | None = None) -> list[Invitation]:
    """Those whose time is not over, the newest first; into a project, or all."""
    query = select(Invitation).where(Invitation.expires_at > moment)
    if project_id is not None:
        query = query.where(Invitation.project_id == project_id)
    return list(session.scalars(query.order_by(Invitation.created_at.desc(), Invitation.secret_hash)))


def drop_invitations(
    session: Session, *, account_id: str | None = None, invited_by: str | None = None
) -> None:
    """Those that give this account a password, or that were made by somebody."""
    query = delete(Invitation)
    if account_id is not None:
        query = query.where(Invitation.account_id == account_id)
    if invited_by is not None:
        query = query.where(Invitation.invited_by == invited_by)
    session.execute(query)


def drop_expired(session: Session, moment: datetime) -> None:
    """Sign-ins, tokens and invitations whose time is over."""
    for table in (SignIn, ApiToken, Invitation):
        session.execute(delete(table).where(table.expires_at <= moment))
