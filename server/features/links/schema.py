"""Share links and visits as the API has them."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line, named
from ...contract.answers import Utc
from ...domain.visits import LinkKind
from ...errors import BadRequest
from ..accounts.schema import MOST_PASSWORD, SECRET_CHARACTERS, Name

MOST_DAYS, MOST_USES, NAME_CHARACTERS, LEAST_PASSWORD = 365, 100_000, 100, 6
_KIND = named(
    "view: looks; try: segments, and nothing is saved; annotate: saves under the visitor's name; review: accepts and "
    "returns images, too.",
    "kind of link",
)
_IMAGE = about("Id of the one image that it is of; null: all of the project.")
_SANDBOX = about(
    "With kind try, of no image: each visitor gets a project of their own to add images to, gone after a day at most."
)
_MAX_USES = about("How many visits may begin by it; null: any number.", ge=1, le=MOST_USES)
_NEW_PASSWORD = about(
    f"What whoever follows it must type: {LEAST_PASSWORD} to {MOST_PASSWORD} characters; null: nothing.",
    says=f"A password must have {LEAST_PASSWORD} to {MOST_PASSWORD} characters.",
    min_length=LEAST_PASSWORD,
    max_length=MOST_PASSWORD,
)


class Link(Resource):
    """A share link of a project."""

    id: Annotated[str, about("Its id, which leads nowhere.")]
    kind: Annotated[LinkKind, _KIND]
    image: Annotated[str | None, _IMAGE]
    image_name: Annotated[str | None, about("Name of that image in the project.")]
    name: Annotated[str, about("What it is for; whoever follows it reads it, too.")]
    has_password: Annotated[bool, about("Whether it takes a password.")]
    made_by: Annotated[str | None, about("Name of whoever made it; null: a command on the server's machine.")]
    created_at: Utc
    expires_at: Annotated[Utc, about("Until when it works.")]
    sandbox: Annotated[bool, _SANDBOX]
    max_uses: Annotated[int, _MAX_USES] | None
    uses: Annotated[int, about("How many visits have begun by it.")]
    used_at: Annotated[Utc | None, about("When the last began; null: none did.")]
    revoked_at: Annotated[Utc | None, about("When it was revoked; null: it was not.")]
    state: Annotated[
        Literal["works", "used_up", "expired", "revoked", "ended"],
        about(
            "used_up: no other visit begins, those that have go on; ended: what it leads to is gone, or its maker may "
            "not make it any more."
        ),
    ]


class LinkList(Resource):
    """The share links of a project."""

    links: Annotated[list[Link], about("The newest first; those that have ended, too.")]
    most: Annotated[int, about("How many of a project may work at once.")]


class MadeLink(Link):
    """A new share link."""

    path: Annotated[str, about("Below the server's address; it holds the secret, and is never shown again.")]


class NewLink(Request):
    """A share link to make."""

    noun = "The link"

    kind: Annotated[LinkKind, _KIND]
    days: Annotated[int, about("How long it works.", ge=1, le=MOST_DAYS)]
    name: Annotated[
        str,
        line("What it is for; whoever follows it reads it, too.", NAME_CHARACTERS, "The name", empty=True),
    ] = ""
    image: Annotated[str, about(_IMAGE.description, max_length=64)] | None = None
    sandbox: Annotated[bool, _SANDBOX] = False
    max_uses: Annotated[int, _MAX_USES] | None = None
    password: Annotated[str, _NEW_PASSWORD] | None = None


class LinkToOpen(Request):
    """A share link that is followed."""

    token: Annotated[str, about("What its address has after /s/.", max_length=SECRET_CHARACTERS)]
    password: Annotated[str, about("Where it takes one.", max_length=MOST_PASSWORD)] | None = None
    name: Annotated[
        Name | UnsetType, about("Of the visitor, where what they do is saved.", error=BadRequest)
    ] = UNSET


class OpenedLink(Resource):
    """Where a share link leads."""

    path: Annotated[str, about("Below the server's address: of the page to go on to.")]
