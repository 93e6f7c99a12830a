"""Rows of who signs in with an OpenID Connect provider. Functions take the session of the caller's transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..tables import Identity


def find(session: Session, issuer: str, subject: str) -> Identity | None:
    return session.get(Identity, (issuer, subject))


def of_account(session: Session, account_id: str) -> list[Identity]:
    """The oldest first."""
    query = select(Identity).where(Identity.account_id == account_id)
    return list(session.scalars(query.order_by(Identity.created_at, Identity.issuer, Identity.subject)))
