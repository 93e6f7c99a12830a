"""An account's inbox as the API has it."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from ...contract import Request, Resource, about
from ...contract.answers import Utc
from ...storage.rows.comments import Why

MOST_ITEMS = 500
MOST_UNREAD = 100
WHICH = 'Send "ids", "up_to", or "project" and "thread".'
_LARGEST_ID = 2**53 - 1
_Id = Annotated[str, Meta(max_length=64)]


class InboxItem(Resource):
    """Something that concerns an account."""

    id: Annotated[int, about("Greater is newer.")]
    kind: Annotated[
        Why,
        about(
            "A comment mentions the account, replies where it wrote, or is about an image that it submitted or has to "
            "work on; or such an image was returned."
        ),
    ]
    at: Utc
    read: Annotated[bool, about("Whether it was marked as read.")]
    by: Annotated[str | None, about("Id of the account that did it.")]
    by_name: Annotated[str | None, about("The name of that account.")]
    project_id: Annotated[str, about("The project it is in.")]
    project: Annotated[str, about("The name of the project.")]
    image_id: Annotated[str, about("The image it is about.")]
    image: Annotated[str, about("The name of the image.")]
    thread: Annotated[str | None, about("Id of the thread of comments; null: the image was returned.")]
    text: Annotated[str, about("The comment, or what the reviewer said.")]


class InboxPage(Resource):
    """Some of what concerns an account."""

    items: Annotated[list[InboxItem], about("The newest first; they are kept for 90 days.")]
    names: Annotated[dict[str, str], about("By id of account, the names of who is mentioned in them.")]
    unread: Annotated[int, about(f"How many of all were not read; {MOST_UNREAD} stands for any more.")]
    next: Annotated[int | None, about("What `before` is for the following page; null on the last one.")]


class Unread(Resource):
    """How much of an inbox was not read."""

    unread: Annotated[int, about(f"{MOST_UNREAD} stands for any more.")]


class Read(Request, forbid_unknown_fields=True, kw_only=True):
    """What was read: some items, all up to one, or what is about a thread."""

    also = {
        "oneOf": [
            {"required": ["ids"], "maxProperties": 1},
            {"required": ["up_to"], "maxProperties": 1},
            {"required": ["project", "thread"], "maxProperties": 2},
        ]
    }

    ids: (
        Annotated[
            list[Annotated[int, Meta(ge=1, le=_LARGEST_ID)]],
            about("Ids of items.", says=WHICH, min_length=1, max_length=MOST_ITEMS),
        ]
        | UnsetType
    ) = UNSET
    up_to: (
        Annotated[int, about("Id of the newest item that is read.", says=WHICH, ge=1, le=_LARGEST_ID)]
        | UnsetType
    ) = UNSET
    project: Annotated[_Id, about("Id of the project of a thread.", says=WHICH)] | UnsetType = UNSET
    thread: Annotated[_Id, about("Id of the thread.", says=WHICH)] | UnsetType = UNSET
