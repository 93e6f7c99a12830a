"""Accounts as the API has them, and what signs people and programs in."""

from functools import partial
from typing import Annotated, Any, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line_pattern, named
from ...contract.answers import Utc
from ...domain.outside.people_names import check_name, is_seen
from ...domain.outside.strings import one_line
from ...domain.policy import Role, Scope
from ...domain.visits import LinkKind
from ...errors import BadRequest, InvalidAccount

NAME_CHARACTERS = 64
TOKEN_NAME_CHARACTERS = 100
LEAST_PASSWORD, MOST_PASSWORD = 10, 1000
MOST_TOKEN_DAYS = 365
SECRET_CHARACTERS = 200
SIGN_IN_WITH_PROVIDER = "/sign-in/oidc"


def _seen(value: Any, called: str, error: type[BadRequest], most: int = NAME_CHARACTERS) -> str:
    text = one_line(value, called, most, error)
    if not all(map(is_seen, text)):
        raise error(f"{called} must not contain characters that cannot be seen.")
    return text


def _person(value: Any, called: str, error: type[BadRequest]) -> str:
    return check_name(_seen(value, called, error), called, error)


def _line(description: str, most: int, called: str, check: Any) -> Any:
    schema = {"pattern": line_pattern(most)}
    return about(description, called=called, error=InvalidAccount, check=check, schema=schema)


def _secret(description: str) -> Any:
    return about(description, max_length=SECRET_CHARACTERS)


Name = Annotated[
    str,
    _line(
        f"1 to {NAME_CHARACTERS} characters, none that cannot be seen; within a word of one alphabet.",
        NAME_CHARACTERS,
        "The name",
        _person,
    ),
]
_TOO_WEAK = f"A password must have {LEAST_PASSWORD} to {MOST_PASSWORD} characters."
NewPassword = Annotated[
    str,
    about(
        f"{LEAST_PASSWORD} to {MOST_PASSWORD} characters, whichever.",
        says=_TOO_WEAK,
        error=InvalidAccount,
        min_length=LEAST_PASSWORD,
        max_length=MOST_PASSWORD,
    ),
]
Password = Annotated[str, about("The one it has.", max_length=MOST_PASSWORD)]
_ROLE = about("What whoever follows it becomes in the project.")
_IS_ADMIN = about("Whether it is an administrator's, who may do everything on this server.")


class Account(Resource):
    """A person."""

    id: Annotated[str, about("Its id.")]
    name: Annotated[str, about("As others read it.")]
    is_admin: Annotated[bool, _IS_ADMIN]


class OfferedProvider(Resource):
    """An OpenID Connect provider that people may sign in with."""

    name: Annotated[str, about("As people call it.")]
    path: Annotated[
        str,
        about(
            "Below the server's address: a page that leads there; `?next=` names the one to show afterwards."
        ),
    ]


class Visit(Resource):
    """A visit by a share link."""

    id: Annotated[str, about("Of the visitor, on what they do.")]
    kind: Annotated[LinkKind, about("What the link allows.")]
    project: Annotated[str, about("Id of the project.")]
    image: Annotated[str | None, about("Id of the one image that it is of; null: all of the project.")]
    sandbox: Annotated[bool, about("Whether the project is theirs alone, to add images to.")]
    name: Annotated[str, about("Of the visitor, as others read it; empty: nothing that they do is saved.")]


class Visitor(Resource):
    """Who asks."""

    mode: Annotated[
        Literal["local", "team"],
        about("local: whoever sits at the server's machine, without an account; team: people sign in."),
    ]
    account: Annotated[
        Account | None, about("Whom the cookie or the API token is of; null: nobody is signed in.")
    ]
    oidc: Annotated[OfferedProvider | None, about("null: people sign in with a password only.")]
    visit: Annotated[Visit | None, about("By which link somebody came; null: who asks did not.")] = None


class Credentials(Request):
    """Who signs in."""

    name: Annotated[str, about("Of the account.", max_length=1000)]
    password: Password


class SignOut(Request):
    """Which sign-ins end."""

    everywhere: Annotated[bool, about("All of the account, not only this one.")]


class AccountChange(Request):
    """Another name."""

    noun = "The account"

    name: Name


class PasswordChange(Request):
    """Another password."""

    current: Password
    new: NewPassword


class SignIn(Resource):
    """A browser that is signed in."""

    id: Annotated[str, about("Its id.")]
    browser: Annotated[str, about("As it named itself; may be empty.")]
    created_at: Utc
    seen_at: Annotated[Utc, about("When it was used, to the hour.")]
    expires_at: Annotated[Utc, about("When it ends by itself.")]
    current: Annotated[bool, about("Whether this request came with it.")]


class SignInList(Resource):
    """Browsers that are signed in."""

    sign_ins: Annotated[list[SignIn], about("The one that was used last first.")]


class ApiToken(Resource):
    """What a program sends as `Authorization: Bearer`."""

    id: Annotated[str, about("Its id.")]
    name: Annotated[str, about("What it is for.")]
    scope: Annotated[Scope, about("The most it may do.")]
    created_at: Utc
    used_at: Annotated[Utc | None, about("When it was used, to the hour; null: never.")]
    expires_at: Annotated[Utc, about("Until when it works.")]


class MadeApiToken(ApiToken):
    """A new token."""

    secret: Annotated[str, about("What the program sends; it is never shown again.")]


class ApiTokenList(Resource):
    """Tokens of an account."""

    tokens: Annotated[list[ApiToken], about("The newest first.")]


class NewApiToken(Request):
    """A token to make."""

    noun = "The token"

    name: Annotated[
        str,
        _line(
            f"What it is for: 1 to {TOKEN_NAME_CHARACTERS} characters.",
            TOKEN_NAME_CHARACTERS,
            "The name",
            partial(_seen, most=TOKEN_NAME_CHARACTERS),
        ),
    ]
    scope: Annotated[
        Scope,
        named(
            "read: looks; write: annotates and adds images too; manage: changes projects and members too. "
            "Never more than the account may.",
            "scope",
        ),
    ]
    days: Annotated[int, about("How long it works.", ge=1, le=MOST_TOKEN_DAYS)]


class InvitationSecret(Request):
    """A link that somebody was sent."""

    secret: Annotated[str, _secret("What its address has after the #.")]


class OpenedInvitation(Resource):
    """What a link is for."""

    purpose: Annotated[
        Literal["new", "password"], about("new: to make an account; password: to give one a new password.")
    ]
    name: Annotated[str | None, about("Of the account that gets a password.")]
    project: Annotated[str | None, about("Name of the project that it leads into.")]
    role: Annotated[Role | None, _ROLE]
    is_admin: Annotated[bool, _IS_ADMIN]
    is_first: Annotated[bool, about("Whether it is this server's first account, which owns all there is.")]


class Acceptance(Request):
    """What a link is followed with."""

    secret: Annotated[str, _secret("What its address has after the #.")]
    password: NewPassword
    name: Annotated[Name | UnsetType, about("Of the new account, where it makes one.")] = UNSET


class JoinedProject(Resource):
    """Where a link has led."""

    project: Annotated[str, about("Id of the project.")]


class AccountSummary(Account):
    """An account, as administrators see it."""

    has_password: Annotated[bool, about("Whether somebody can sign in; else a link gives it a password.")]
    created_at: Utc
    seen_at: Annotated[Utc | None, about("When somebody used it, to the hour; null: never.")]
    disabled_at: Annotated[
        Utc | None, about("Since when nobody can use it; null: everybody who can sign in.")
    ]


class AccountList(Resource):
    """The accounts of this server."""

    accounts: Annotated[list[AccountSummary], about("In the order of their names.")]


class NewAccount(Request):
    """An account to make."""

    noun = "The account"

    name: Name
    password: NewPassword | UnsetType = UNSET
    is_admin: Annotated[bool, _IS_ADMIN] = False


class AccountRights(Request):
    """What an account is to be."""

    is_admin: Annotated[bool, _IS_ADMIN]


class NewInvitation(Request):
    """A link to make."""

    is_admin: Annotated[bool, about("Whether the account that it makes is an administrator's.")]


class InvitationLink(Resource):
    """A link that works once."""

    path: Annotated[
        str,
        about("Below the server's address; what follows the # is the secret, which is never shown again."),
    ]
    expires_at: Annotated[Utc, about("Until when it works.")]
