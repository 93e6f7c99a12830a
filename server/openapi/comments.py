"""The addresses of comments on images, and of an account's inbox."""

from .operation import Json, Operation, in_path, in_query, json_answer, json_body
from .project_operations import PROJECT

_OF_IMAGE = "/api/projects/{project_id}/images/{image_id}/comments"
_ONE = "/api/projects/{project_id}/comments/{comment_id}"
_INBOX = "/api/account/inbox"
_IMAGE = in_path("image_id", "Id of an image.")
_COMMENT = in_path("comment_id", "Id of a comment.")
_TEXT: Json = {"text": "<@0123456789ab>, is this a car?"}
_NEED = "Answered with 404 by a server that has no accounts."

COMMENT_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        _OF_IMAGE,
        "listComments",
        "What people said about an image.",
        {200: json_answer("ThreadList", "All of it.")},
        (404,),
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "post",
        _OF_IMAGE,
        "addComment",
        "Say something about an image, a spot or an object of it, or reply.",
        {
            201: json_answer("Thread", "With the new comment."),
            200: json_answer("Thread", "The comment with this id is there already."),
        },
        (400, 404, 409, 413, 507),
        description="It is told to whom it mentions, who wrote in its thread, and whose image it is. An image has at "
        "most 1000 comments, and a person makes or changes at most 60 in a minute.",
        parameters=(PROJECT, _IMAGE),
        body=json_body("NewComment", {**_TEXT, "x": 520.5, "y": 310.5}),
    ),
    Operation(
        "patch",
        _ONE,
        "changeComment",
        "Change the words of one's own comment, or resolve its thread or open it again.",
        {200: json_answer("Thread", "As it is now.")},
        (400, 404, 413, 507),
        parameters=(PROJECT, _COMMENT),
        body=json_body("CommentChange", {"resolved": True}),
    ),
    Operation(
        "delete",
        _ONE,
        "deleteComment",
        "Delete a comment: one's own, or any for managers.",
        {204: {"description": "Deleted. The first of a thread that has replies stays, without its words."}},
        (404,),
        parameters=(PROJECT, _COMMENT),
    ),
    Operation(
        "get",
        _INBOX,
        "getInbox",
        "What concerns whoever asks: comments, and images that were returned.",
        {200: json_answer("InboxPage", "50 at most.")},
        (400, 404),
        description=_NEED,
        parameters=(in_query("before", "integer", "Id of the item after which to continue."),),
    ),
    Operation(
        "get",
        f"{_INBOX}/unread",
        "countUnread",
        "How much of the inbox was not read.",
        {200: json_answer("Unread", "How much.")},
        (404,),
        description=_NEED,
    ),
    Operation(
        "post",
        f"{_INBOX}/read",
        "markRead",
        "Mark something in the inbox as read.",
        {200: json_answer("Unread", "What is left.")},
        (400, 404, 413, 507),
        description=_NEED,
        body=json_body("Read", {"ids": [1]}),
    ),
)
