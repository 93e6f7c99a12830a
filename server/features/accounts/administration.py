"""What administrators do with the accounts of a server."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.policy import Actor
from ...domain.times import optional_timestamp, timestamp
from ...errors import BadRequest, InvalidAccount, LastAdministrator
from ...storage.engine import Database
from ...storage.rows import accounts as rows
from ...storage.tables import Account, now
from .invitations import add_account
from .passwords import Passwords
from .schema import AccountRights, AccountSummary, NewAccount
from .service import Accounts, found


class Administration:
    """Whether the one who asks is an administrator is the policy's to say."""

    def __init__(self, db: Database, passwords: Passwords, accounts: Accounts) -> None:
        self._db, self._passwords, self._accounts = db, passwords, accounts

    def list(self) -> list[AccountSummary]:
        with self._db.read() as session:
            return [_summary(each) for each in rows.every(session)]

    def create(self, data: Mapping[str, Any]) -> AccountSummary:
        """{"name", "password", "is_admin"}; without a password a link gives it one.

        Raises InvalidAccount, NameTaken."""
        asked = parse(NewAccount, data, InvalidAccount)
        hashed = None if asked.password is UNSET else self._passwords.hash(asked.password)
        with self._db.write() as session:
            account = add_account(session, asked.name, hashed, asked.is_admin)
            session.flush()
        return _summary(account)

    def disable(self, account_id: str) -> AccountSummary:
        """Its sign-ins, its API tokens and the links it made end for good. Raises AccountNotFound,
        LastAdministrator."""
        with self._db.write(reserved=True) as session:
            account = found(session, account_id)
            _check_others(session, account)
            account.disabled_at = account.disabled_at or now()
            rows.end_sign_ins(session, account_id)
            rows.drop_tokens(session, account_id)
            rows.drop_invitations(session, account_id=account_id)
            rows.drop_invitations(session, invited_by=str(Actor("account", account_id)))
        self._accounts.tell(account_id)
        return _summary(account)

    def enable(self, account_id: str) -> AccountSummary:
        """Raises AccountNotFound."""
        with self._db.write() as session:
            account = found(session, account_id)
            account.disabled_at = None
        return _summary(account)

    def change(self, account_id: str, data: Mapping[str, Any]) -> AccountSummary:
        """{"is_admin"}. Raises BadRequest, AccountNotFound, LastAdministrator."""
        asked = parse(AccountRights, data, BadRequest)
        with self._db.write() as session:
            account = found(session, account_id)
            if not asked.is_admin:
                _check_others(session, account)
                rows.drop_invitations(session, invited_by=str(Actor("account", account_id)))
            account.is_admin = asked.is_admin
        self._accounts.tell(account_id)
        return _summary(account)


def _check_others(session: Session, account: Account) -> None:
    """That somebody can still administer the server without this one. Raises LastAdministrator."""
    if (
        account.is_admin
        and account.disabled_at is None
        and not rows.another_administrator(session, account.id)
    ):
        raise LastAdministrator()


def _summary(account: Account) -> AccountSummary:
    return AccountSummary(
        account.id,
        account.name,
        account.is_admin,
        account.password_hash is not None,
        timestamp(account.created_at),
        optional_timestamp(account.seen_at),
        optional_timestamp(account.disabled_at),
    )
