"""Accounts of people who sign in with a provider. They are known by its issuer and their subject there, and by nothing
else: an e-mail address or a name is what somebody wrote."""

import hmac
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from itertools import count
from typing import NamedTuple

from sqlalchemy.orm import Session

from ....domain.outside.people_names import check_name, is_seen
from ....domain.outside.strings import fit
from ....domain.policy import Actor
from ....domain.times import optional_timestamp, timestamp
from ....errors import Conflict, InvalidAccount, NotFound, ProviderUnavailable, SignInRefused
from ....storage.engine import Database
from ....storage.facts import SEAL, agreed
from ....storage.rows import accounts as account_rows
from ....storage.rows import identities as rows
from ....storage.tables import Account, Identity, now
from ..invitations import add_account, found_invitation, join_project
from ..limits import ALONE, Limits
from ..schema import NAME_CHARACTERS
from ..secrets import public_id
from ..service import Accounts, SignedIn, found, own_id
from .flows import Flow, Flows
from .provider import Person, Provider
from .schema import Identity as IdentityJson

_FAILURES_OF_ADDRESS, _SECONDS = 60, 15 * 60.0
_MOST = 10  # of an account
_IDENTITY_NAME_CHARACTERS = 200
_NOBODYS_NAME = "Someone"


class Begun(NamedTuple):
    """`address`: where the browser goes; `sealed`: what it keeps meanwhile."""

    address: str
    sealed: str


class Came(NamedTuple):
    """Somebody came back. `signed`: where that signed them in; `onward`: the page to show, below the server's own."""

    signed: SignedIn | None
    onward: str


class Identities:
    """`anybody`: whether whoever the provider knows gets an account; else they need a link. `return_to`, everywhere:
    the whole address at which the provider is to send people back."""

    def __init__(
        self,
        db: Database,
        accounts: Accounts,
        provider: Provider,
        anybody: bool,
        limits: Limits = ALONE,
    ) -> None:
        self._db, self._accounts, self._provider, self._anybody = db, accounts, provider, anybody
        self._of_address = limits.of("provider", _FAILURES_OF_ADDRESS, _SECONDS)

    @cached_property
    def _flows(self) -> Flows:
        return Flows(agreed(self._db, SEAL))

    def enter(self, return_to: str, onward: str) -> Begun:
        """To sign in. Raises ProviderUnavailable."""
        return self._begin(Flows.begin("enter", "", onward), return_to)

    def accept(self, secret: str, address: str, return_to: str) -> Begun:
        """To follow a link, with a new account or one that signs in with the provider already.

        Raises InvitationNotFound, TooManyRequests, ProviderUnavailable; Conflict for a link that sets a password."""
        with self._of_address.attempt(address), self._db.read() as session:
            if found_invitation(session, secret).account_id is not None:
                raise Conflict("This link is for a password.", hint="Choose one, then sign in with it.")
        return self._begin(Flows.begin("accept", secret, "/"), return_to)

    def link(self, actor: Actor, return_to: str) -> Begun:
        """To have one's account signed in to by the provider, too. Raises ProviderUnavailable; Forbidden for who has no
        account."""
        return self._begin(Flows.begin("link", own_id(actor), "/account"), return_to)

    def _begin(self, flow: Flow, return_to: str) -> Begun:
        address = self._provider.address(return_to, flow.state, flow.nonce, flow.verifier)
        return Begun(address, self._flows.seal(flow))

    def come_back(
        self,
        sealed: str | None,
        answer: Mapping[str, str],
        return_to: str,
        actor: Actor,
        address: str,
        browser: str,
        replaced: str | None,
    ) -> Came:
        """`sealed`: what the browser kept; `answer`: the provider's, in the query; `actor`: who is signed in to the
        browser; `replaced`: what its cookie holds, which ends.

        Raises SignInRefused, ProviderUnavailable, TooManyRequests, InvitationNotFound, Conflict."""
        with self._of_address.attempt(address, ProviderUnavailable):
            flow = self._flows.open(sealed)
            if not hmac.compare_digest(flow.state.encode(), answer.get("state", "").encode()):
                raise SignInRefused("This answer belongs to another sign-in.", hint="Sign in again.")
            person = self._provider.person(answer, return_to, flow.nonce, flow.verifier)
            if flow.purpose == "link":
                self._link(person, flow.detail, actor)
                return Came(None, flow.onward)
            with self._db.write() as session:
                account = self._account(session, person, flow)
                signed = self._accounts.begin(session, account, browser, replaced)
        self._accounts.welcome(signed, "with the provider", address)
        self._accounts.tell(account.id)
        return Came(signed, flow.onward)

    def _link(self, person: Person, account_id: str, actor: Actor) -> None:
        """To the account that asked for it, while it is signed in to the same browser."""
        if own_id(actor) != account_id:
            raise SignInRefused("Somebody else is signed in to this browser now.", hint="Sign in again.")
        with self._db.write() as session:
            known = rows.find(session, person.issuer, person.subject)
            if known is not None and known.account_id != account_id:
                raise Conflict(
                    "Another account here is signed in to with this one.", hint="Sign out, then use it."
                )
            if known is None:
                if len(rows.of_account(session, account_id)) >= _MOST:
                    raise Conflict(f"An account has at most {_MOST} of them.", hint="Remove one first.")
                _add(session, person, found(session, account_id))

    def _account(self, session: Session, person: Person, flow: Flow) -> Account:
        """Whose it is, or the one that a link makes, or anybody may have."""
        invitation = found_invitation(session, flow.detail) if flow.purpose == "accept" else None
        if invitation is not None:
            session.delete(invitation)
            session.flush()
        known = rows.find(session, person.issuer, person.subject)
        if known is not None:
            account = found(session, known.account_id)
            if account.disabled_at is not None:
                raise SignInRefused("Your account here is disabled.", hint="Ask an administrator.")
            known.used_at = now()
            if invitation is None:
                return account
            if invitation.project_id is None:
                raise Conflict(
                    "You have an account already.", hint="Sign in; the link stays for somebody else."
                )
        elif invitation is not None:
            account = _new(session, person, invitation.is_admin)
        elif self._anybody and account_rows.exist(
            session
        ):  # the first is an administrator's, for whom a link is made
            account = _new(session, person, is_admin=False)
        else:
            raise SignInRefused("You have no account here yet.", hint="Ask an administrator for a link.")
        if invitation is not None:
            join_project(session, invitation, account.id)
        return account

    def list(self, actor: Actor) -> list[IdentityJson]:
        """One's own. Raises Forbidden for who has no account."""
        with self._db.read() as session:
            return [_described(each) for each in rows.of_account(session, own_id(actor))]

    def remove(self, actor: Actor, identity_id: str) -> None:
        """One's own. Raises NotFound; Conflict for the only way to sign in; Forbidden for who has no account."""
        account_id = own_id(actor)
        with self._db.write(reserved=True) as session:
            listed = rows.of_account(session, account_id)
            meant = next((each for each in listed if _id(each) == identity_id), None)
            if meant is None:
                raise NotFound("There is no such identity.", hint="It may have been removed already.")
            if len(listed) == 1 and found(session, account_id).password_hash is None:
                raise Conflict(
                    "Without it nobody could sign in to this account.",
                    hint="Ask an administrator for a link that sets a password first.",
                )
            session.delete(meant)


def _new(session: Session, person: Person, is_admin: bool) -> Account:
    account = add_account(session, _free_name(session, person.name), None, is_admin)
    session.flush()
    _add(session, person, account).used_at = now()
    return account


def _add(session: Session, person: Person, account: Account) -> Identity:
    identity = Identity(
        issuer=person.issuer,
        subject=person.subject,
        account_id=account.id,
        name=fit(person.name, _IDENTITY_NAME_CHARACTERS),
    )
    session.add(identity)
    return identity


def _free_name(session: Session, wanted: str) -> str:
    """As the provider calls them; with a number where somebody is called so already."""
    plain = unicodedata.normalize("NFC", wanted[:_IDENTITY_NAME_CHARACTERS])
    printable = " ".join("".join(each if is_seen(each) else " " for each in plain).split())
    try:
        check_name(printable[:NAME_CHARACTERS], "The name", InvalidAccount)
    except InvalidAccount:  # it could be taken for somebody else's
        printable = _NOBODYS_NAME
    for number in count(1):
        tail = "" if number == 1 else f" {number}"
        name = (printable[: NAME_CHARACTERS - len(tail)].strip() or _NOBODYS_NAME) + tail
        if account_rows.named(session, name) is None:
            return name
    raise AssertionError  # numbers do not end


def _id(identity: Identity) -> str:
    return public_id(f"{identity.issuer} {identity.subject}")


def _described(identity: Identity) -> IdentityJson:
    return IdentityJson(
        _id(identity),
        identity.issuer,
        identity.name,
        timestamp(identity.created_at),
        optional_timestamp(identity.used_at),
    )
