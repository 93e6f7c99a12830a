"""API tokens: people make them for programs, which then act for them."""

from collections.abc import Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Any

from ...contract import parse
from ...domain.policy import Actor
from ...domain.times import optional_timestamp, timestamp
from ...errors import Conflict, InvalidAccount, NotFound
from ...storage.engine import Database
from ...storage.rows import accounts as rows
from ...storage.tables import ApiToken, now
from .schema import ApiToken as ApiTokenJson
from .schema import MadeApiToken, NewApiToken
from .secrets import TOKEN_PREFIX, hash_of, make
from .service import Accounts, found, own_id

_MOST = 50  # of an account


class ApiTokens:
    def __init__(self, db: Database, accounts: Accounts) -> None:
        self._db, self._accounts = db, accounts

    def list(self, actor: Actor) -> list[ApiTokenJson]:
        """One's own. Raises Forbidden for who has no account."""
        with self._db.read() as session:
            return [ApiTokenJson(**_fields(each)) for each in rows.tokens(session, own_id(actor), now())]

    def create(self, actor: Actor, data: Mapping[str, Any]) -> MadeApiToken:
        """{"name", "scope", "days"}. Raises BadRequest, Conflict; Forbidden for who has no account."""
        asked = parse(NewApiToken, data, InvalidAccount)
        account_id, secret, moment = own_id(actor), make(TOKEN_PREFIX), now()
        with self._db.write() as session:
            found(session, account_id)
            rows.drop_expired(session, moment)
            if rows.count_tokens(session, account_id) >= _MOST:
                raise Conflict(f"An account has at most {_MOST} API tokens.", hint="Delete one first.")
            token = ApiToken(
                id=token_hex(6),
                account_id=account_id,
                secret_hash=hash_of(secret),
                name=asked.name,
                scope=asked.scope,
                created_at=moment,
                expires_at=moment + timedelta(days=asked.days),
            )
            session.add(token)
        return MadeApiToken(**_fields(token), secret=secret)

    def delete(self, actor: Actor, token_id: str) -> None:
        """One's own. Raises NotFound; Forbidden for who has no account."""
        account_id = own_id(actor)
        with self._db.write(reserved=True) as session:
            token = session.get(ApiToken, token_id)
            if token is None or token.account_id != account_id:
                raise NotFound("There is no such API token.", hint="It may have been deleted already.")
            session.delete(token)
        self._accounts.tell(account_id)


def _fields(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope,
        "created_at": timestamp(token.created_at),
        "used_at": optional_timestamp(token.used_at),
        "expires_at": timestamp(token.expires_at),
    }
