"""`samphire user`: the accounts of a team's server, through the running server if there is one."""

import argparse
import getpass
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..config import Settings
from ..contract import parse
from ..domain.outside.people_names import name_key
from ..domain.policy import OWNER
from ..errors import AccountNotFound, BadRequest, InvalidAccount, InvalidSetting, unknown
from ..features.accounts.schema import AccountList, AccountSummary, InvitationLink
from .running_server import RunningServer, here_or_there

if TYPE_CHECKING:
    from ..services import Services

_NAMED = ("add", "disable", "enable", "reset")


class _Here:
    """Accounts of a data folder that no server has. `address`: where one would answer."""

    def __init__(self, services: "Services") -> None:
        self._administration, self._invitations = services.administration, services.invitations
        self.address = services.settings.local_address(services.settings.port)

    def list(self) -> list[AccountSummary]:
        return self._administration.list()

    def create(self, data: Mapping[str, Any]) -> AccountSummary:
        return self._administration.create(data)

    def disable(self, account_id: str) -> AccountSummary:
        return self._administration.disable(account_id)

    def enable(self, account_id: str) -> AccountSummary:
        return self._administration.enable(account_id)

    def reset(self, account_id: str) -> InvitationLink:
        return self._invitations.reset(OWNER, account_id)

    def invite(self, is_admin: bool) -> InvitationLink:
        return self._invitations.create(OWNER, is_admin=is_admin)


class _Remote:
    """The same, by a running server."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server
        self.address = server.address

    def list(self) -> list[AccountSummary]:
        return parse(AccountList, self._server.ask("GET", "/api/accounts"), BadRequest).accounts

    def create(self, data: Mapping[str, Any]) -> AccountSummary:
        return parse(AccountSummary, self._server.ask("POST", "/api/accounts", data), BadRequest)

    def disable(self, account_id: str) -> AccountSummary:
        return self._to("disable", account_id)

    def enable(self, account_id: str) -> AccountSummary:
        return self._to("enable", account_id)

    def reset(self, account_id: str) -> InvitationLink:
        link = self._server.ask("POST", f"/api/accounts/{account_id}/reset")
        return parse(InvitationLink, link, BadRequest)

    def invite(self, is_admin: bool) -> InvitationLink:
        link = self._server.ask("POST", "/api/invitations", {"is_admin": is_admin})
        return parse(InvitationLink, link, BadRequest)

    def _to(self, verb: str, account_id: str) -> AccountSummary:
        return parse(
            AccountSummary, self._server.ask("POST", f"/api/accounts/{account_id}/{verb}"), BadRequest
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "verb", choices=("list", "add", "invite", "disable", "enable", "reset"), help="What to do."
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="Of the account; `invite` needs none.")
    parser.add_argument("--admin", action="store_true", help="With add and invite: as an administrator.")
    parser.add_argument(
        "--link",
        action="store_true",
        help="With add: print a link that sets the password, instead of asking for it.",
    )


def user(settings: Settings, arguments: argparse.Namespace) -> int:
    """List, add, invite, disable or enable accounts, or make a link that gives one a new password."""
    verb, name = arguments.verb, arguments.name
    if verb in _NAMED and not name:
        raise InvalidSetting(f"`samphire user {verb}` needs a name.")
    password = ask_password() if verb == "add" and not arguments.link else None
    with here_or_there(settings, _Here, _Remote) as accounts:
        if verb == "list":
            for each in accounts.list():
                print(_told(each))
        elif verb == "invite":
            _print_link(accounts.address, accounts.invite(arguments.admin))
        elif verb == "add":
            data = {"name": name, "is_admin": arguments.admin}
            made = accounts.create(data if password is None else data | {"password": password})
            print(_told(made))
            if password is None:
                _print_link(accounts.address, accounts.reset(made.id))
        elif verb == "reset":
            _print_link(accounts.address, accounts.reset(_find(accounts, name)))
        else:
            print(_told(getattr(accounts, verb)(_find(accounts, name))))
    return 0


def _find(accounts: _Here | _Remote, name: str) -> str:
    """The id of the account with this name. Raises AccountNotFound, which lists those there are."""
    listed = accounts.list()
    found = next((each.id for each in listed if name_key(each.name) == name_key(name)), None)
    if found is None:
        raise AccountNotFound(
            unknown("account", name, [each.name for each in listed]),
            hint="Make one with `samphire user add NAME`.",
        )
    return found


def ask_password() -> str:
    """From the terminal, twice; or the first line of what is piped in. Raises InvalidAccount."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("The same again: "):
        raise InvalidAccount("The two passwords differ.", hint="Run the command again.")
    return password


def _print_link(address: str, link: InvitationLink) -> None:
    print(f"{address.rstrip('/')}{link.path}")
    print(
        f"It works once, until {link.expires_at[:10]}. Behind a proxy it begins with the address people use.",
        file=sys.stderr,
    )


def _told(account: AccountSummary) -> str:
    notes = [
        *(["administrator"] if account.is_admin else []),
        *(["disabled"] if account.disabled_at else []),
        *([] if account.has_password else ["no password yet"]),
    ]
    seen = f"seen {account.seen_at[:10]}" if account.seen_at else "never seen"
    return f"{account.id}  {account.name}  {seen}" + (f"  ({', '.join(notes)})" if notes else "")
