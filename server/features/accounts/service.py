"""Whom a cookie or a token is of, signing in and out, and what people change of their own accounts."""

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.outside.people_names import name_key
from ...domain.outside.strings import fit
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...errors import (
    AccountNotFound,
    BadRequest,
    Forbidden,
    NameTaken,
    NotFound,
    SamphireError,
    TooManyRequests,
    Unauthorized,
    WrongPassword,
)
from ...runtime.afterwards import afterwards
from ...storage.engine import Database
from ...storage.rows import accounts as rows
from ...storage.rows.accounts import Known
from ...storage.tables import Account, SignIn, now
from .limits import ALONE, Limits
from .passwords import Passwords
from .schema import Account as AccountJson
from .schema import AccountChange, Credentials, PasswordChange
from .schema import SignIn as SignInJson
from .secrets import hash_of, make, public_id

log = logging.getLogger(__name__)

SIGN_IN_DAYS = 30
_MOST_SIGN_INS = 50  # of an account; the one that was used longest ago ends
_BROWSER_CHARACTERS = 200
_SEEN_EVERY = timedelta(hours=1)
_MINUTES = 15 * 60.0
_FAILURES_OF_ONE = 10  # for a name from one address, so that others can lock nobody out
_FAILURES_OF_NAME, _FAILURES_OF_ADDRESS = 100, 60
_FAMILIAR_SECONDS = 30 * 24 * 3600.0
_RENAMES, _HOUR = 10, 3600.0  # tried or done: each tells whether a name is somebody's


class SignedIn(NamedTuple):
    """`secret`: what the browser's cookie is to hold. `ended`: accounts of which a sign-in ended for it."""

    account: Account
    secret: str
    ended: frozenset[str]


class Accounts:
    """`listeners` are called with the id of an account that lost something: a sign-in, a token or a right."""

    def __init__(self, db: Database, passwords: Passwords, limits: Limits = ALONE) -> None:
        self._db, self._passwords = db, passwords
        self._of_one = limits.of("sign-in of one", _FAILURES_OF_ONE, _MINUTES)
        self._of_name = limits.of("sign-in of name", _FAILURES_OF_NAME, _MINUTES)
        self._of_address = limits.of("sign-in", _FAILURES_OF_ADDRESS, _MINUTES)
        self._familiar = limits.known("familiar")  # (name, address) that have signed in
        often = partial(
            TooManyRequests,
            f"An account may try {_RENAMES} names within an hour.",
            hint="Wait, then try again.",
        )
        self._renames = limits.of("renames", _RENAMES, _HOUR, often)
        self.listeners: list[Callable[[str], None]] = []

    def exist(self) -> bool:
        """Whether there is an account at all."""
        with self._db.read() as session:
            return rows.exist(session)

    def of_sign_in(self, secret: str) -> Actor | None:
        """Whom a cookie is of; None: nobody, or nobody any more."""
        with self._db.read() as session:
            known = rows.by_sign_in(session, hash_of(secret), now())
        return self._actor(known)

    def of_token(self, secret: str) -> Actor | None:
        """Whom an API token is of; None: nobody, or nobody any more."""
        with self._db.read() as session:
            known = rows.by_token(session, hash_of(secret), now())
        return self._actor(known)

    def _actor(self, known: Known | None) -> Actor | None:
        if known is None:
            return None
        if known.used_at is None or now() - known.used_at > _SEEN_EVERY:
            with suppress(SamphireError), self._db.write(reserved=True, synced=False) as session:
                rows.used(session, known, now())
        account = known.account
        return Actor("account", account.id, account.name, account.is_admin, known.scope)

    def of(self, actor: Actor) -> AccountJson | None:
        """None for who has none."""
        if actor.kind != "account":
            return None
        return AccountJson(actor.id, actor.name, actor.admin)

    def sign_in(
        self, data: Mapping[str, Any], address: str, browser: str, replaced: str | None = None
    ) -> SignedIn:
        """{"name", "password"} as a new sign-in. `replaced`: what the browser's cookie holds, which ends.

        Raises BadRequest; TooManyRequests; Unauthorized, alike for a name that is nobody's, a wrong password and a
        disabled account, and as late."""
        asked = parse(Credentials, data, BadRequest)
        key = name_key(asked.name)
        familiar = self._familiar.noted((key, address))  # whatever others at this address have tried
        with (
            nullcontext() if familiar else self._of_address.attempt(address),
            self._of_one.attempt((key, address)),
            self._of_name.attempt(key),
        ):
            with self._db.read() as session:
                account = rows.named(session, asked.name)
            fits = self._passwords.matches(None if account is None else account.password_hash, asked.password)
            if account is None or not fits or account.disabled_at is not None:
                # What is nobody's name may be a password, typed in the wrong place.
                whose = (
                    "a name that is nobody's" if account is None else f"account {account.id} {account.name!r}"
                )
                log.info("Sign-in refused: %s, from %s", whose, address)
                raise Unauthorized(
                    "The name or the password is wrong.", hint="An administrator can send you a new link."
                )
        with self._db.write() as session:
            current = rows.find(session, account.id)
            if current is None or current.disabled_at or current.password_hash != account.password_hash:
                raise Unauthorized("The name or the password is wrong.", hint="Try again.")
            signed = self.begin(session, current, browser, replaced)
        self._familiar.note((key, address), _FAMILIAR_SECONDS)
        self.welcome(signed, "with a password", address)
        return signed

    @staticmethod
    def begin(session: Session, account: Account, browser: str, replaced: str | None = None) -> SignedIn:
        """A new sign-in of an account that has proved who it is, under a secret that nobody has seen. Once that is
        committed, `welcome` follows."""
        moment = now()
        rows.drop_expired(session, moment)
        ended: set[str] = set()
        if replaced:
            holder = rows.by_sign_in(session, hash_of(replaced), moment)
            ended |= set() if holder is None else {holder.account.id}
            rows.end_sign_in(session, hash_of(replaced))
        for old in rows.sign_ins(session, account.id, moment)[_MOST_SIGN_INS - 1 :]:
            session.delete(old)
            ended.add(account.id)
        secret = make()
        session.add(
            SignIn(
                secret_hash=hash_of(secret),
                account_id=account.id,
                browser=fit(browser, _BROWSER_CHARACTERS),
                created_at=moment,
                seen_at=moment,
                expires_at=moment + timedelta(days=SIGN_IN_DAYS),
            )
        )
        account.seen_at = moment
        return SignedIn(account, secret, frozenset(ended))

    def welcome(self, signed: SignedIn, how: str, address: str) -> None:
        """Have it in the log, and those look again who serve whoever was signed in before."""
        log.info("Signed in %s: account %s %r from %s", how, signed.account.id, signed.account.name, address)
        self.tell(*signed.ended)

    def sign_out(self, actor: Actor, secret: str | None, everywhere: bool) -> None:
        """`secret`: of this browser's cookie. Raises Forbidden for who has no account."""
        account_id = own_id(actor)
        with self._db.write(reserved=True) as session:
            if everywhere:
                rows.end_sign_ins(session, account_id)
            elif secret:
                rows.end_sign_in(session, hash_of(secret))
        self.tell(account_id)

    def change(self, actor: Actor, data: Mapping[str, Any]) -> AccountJson:
        """{"name"}. Raises InvalidAccount, NameTaken, TooManyRequests; Forbidden for who has no account."""
        asked = parse(AccountChange, data, BadRequest)
        self._renames.begin(own_id(actor))
        with self._db.write() as session:
            account = found(session, own_id(actor))
            check_free(session, asked.name, account.id)
            account.name, account.name_key = asked.name, name_key(asked.name)
        return AccountJson(account.id, account.name, account.is_admin)

    def change_password(self, actor: Actor, data: Mapping[str, Any], browser: str) -> SignedIn:
        """{"current", "new"}; all sign-ins end, this browser has a new one. Raises InvalidAccount, WrongPassword,
        TooManyRequests; Forbidden for who has no account."""
        asked = parse(PasswordChange, data, BadRequest)
        account_id = own_id(actor)
        with self._db.read() as session:
            before = found(session, account_id).password_hash
        with self._of_one.attempt(account_id):
            if not self._passwords.matches(before, asked.current):
                raise WrongPassword()
        hashed = self._passwords.hash(asked.new)
        with self._db.write() as session:
            account = found(session, account_id)
            if account.password_hash != before or account.disabled_at is not None:
                raise WrongPassword()
            account.password_hash = hashed
            rows.end_sign_ins(session, account_id)
            signed = self.begin(session, account, browser)
        log.info("Password changed, other sign-ins ended: account %s", account_id)
        self.tell(account_id)
        return signed

    def sign_ins(self, actor: Actor, secret: str | None) -> list[SignInJson]:
        """`secret`: of this browser's cookie. Raises Forbidden for who has no account."""
        own = hash_of(secret) if secret else None
        with self._db.read() as session:
            listed = rows.sign_ins(session, own_id(actor), now())
        return [
            SignInJson(
                public_id(each.secret_hash),
                each.browser,
                timestamp(each.created_at),
                timestamp(each.seen_at),
                timestamp(each.expires_at),
                each.secret_hash == own,
            )
            for each in listed
        ]

    def end_sign_in(self, actor: Actor, sign_in_id: str) -> None:
        """Of one's own. Raises NotFound; Forbidden for who has no account."""
        account_id = own_id(actor)
        with self._db.write(reserved=True) as session:
            listed = rows.sign_ins(session, account_id, now())
            meant = next((each for each in listed if public_id(each.secret_hash) == sign_in_id), None)
            if meant is None:
                raise NotFound("There is no such sign-in.", hint="It may have ended already.")
            session.delete(meant)
        self.tell(account_id)

    def tell(self, *account_ids: str) -> None:
        """Have those who serve these accounts look again whether they may."""
        for account_id in account_ids:
            for listener in self.listeners:
                with afterwards("telling that a sign-in ended"):
                    listener(account_id)


def own_id(actor: Actor) -> str:
    """Raises Forbidden for who has no account."""
    if actor.kind != "account":
        raise Forbidden("This is for people who are signed in.", hint="Sign in with an account.")
    return actor.id


def found(session: Session, account_id: str) -> Account:
    """Raises AccountNotFound."""
    account = rows.find(session, account_id)
    if account is None:
        raise AccountNotFound()
    return account


def check_free(session: Session, name: str, account_id: str | None = None) -> None:
    """That a name is nobody's, or this account's. Raises NameTaken."""
    holder = rows.named(session, name)
    if holder is not None and holder.id != account_id:
        raise NameTaken()
