"""Comments as the API has them."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, lines
from ...contract.answers import Moment, Utc
from ..annotations.schema import Id

TEXT_CHARACTERS = 2000
LARGEST_SIDE = 10_000_000
_SPOT = f"must be a number of pixels from 0 to {LARGEST_SIDE}."
_X = about("Of the spot it is about, in pixels of the image.", says=f'"x" {_SPOT}', ge=0, le=LARGEST_SIDE)
_Y = about("Of the same spot.", says=f'"y" {_SPOT}', ge=0, le=LARGEST_SIDE)
Text = Annotated[
    str,
    lines(
        "Plain text. `<@ID>` mentions the member of the project whose account has this id.",
        TEXT_CHARACTERS,
        "A comment",
        empty=False,
    ),
]


class Comment(Resource):
    """What somebody said."""

    id: Annotated[str, about("Made by the client, or by the server.")]
    text: Annotated[str, about("Plain text, in which `<@ID>` mentions an account; empty once it is deleted.")]
    created_by: Annotated[
        str | None, about("Id of the account that wrote it; null: on a server without accounts.")
    ]
    created_at: Utc
    edited_at: Annotated[Moment | None, about("When its text was last changed, UTC.")]
    deleted: Annotated[bool, about("It was deleted, and is kept because of the replies.")]


class Thread(Resource):
    """A comment and the replies to it. It is about an object, a spot, or else the whole image."""

    id: Annotated[str, about("Of its first comment.")]
    image_id: Annotated[str, about("The image it is on.")]
    annotation_id: Annotated[
        str | None, about("The object it is about; it may be deleted since. Null: none.")
    ]
    x: Annotated[float | None, about("Of the spot it is about, in pixels of the image; null: none.")]
    y: Annotated[float | None, about("Of the same spot.")]
    resolved_at: Annotated[Moment | None, about("When it was resolved, UTC; null: it is open.")]
    resolved_by: Annotated[str | None, about("Id of the account that resolved it.")]
    comments: Annotated[list[Comment], about("The first, then the replies in the order they were written.")]


class ThreadList(Resource):
    """What was said about an image."""

    threads: Annotated[list[Thread], about("The oldest first.")]
    names: Annotated[
        dict[str, str],
        about("By id of account, the names of who wrote, resolved and is mentioned in them."),
    ]


class NewComment(Request, kw_only=True):
    """A comment to add: a reply if it has a `thread`, else the first of a new one."""

    noun = "The comment"
    says = "A comment is a JSON object."

    id: Id | None = None
    text: Text
    thread: Annotated[str, about("Id of the thread that it replies to.", max_length=64)] | None = None
    x: Annotated[float, _X] | None = None
    y: Annotated[float, _Y] | None = None
    annotation_id: (
        Annotated[
            str,
            about("Id of the object of the image that it is about; needs `x` and `y` too.", max_length=64),
        ]
        | None
    ) = None


class CommentChange(Request, kw_only=True):
    """One's own comment, in other words; or whether its thread is resolved."""

    noun = "The comment"
    also = {"anyOf": [{"required": ["text"]}, {"required": ["resolved"]}]}

    text: Text | UnsetType = UNSET
    resolved: Annotated[bool | UnsetType, about("Of the thread that it is in.")] = UNSET
