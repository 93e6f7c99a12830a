"""The addresses of working together: who works on which images, what people say about them, and who is told."""

from .operation import Json, Operation, in_path, in_query, json_answer, json_body
from .project_operations import PROJECT

_PATH = "/api/projects/{project_id}/assignments"
_OF_IMAGE = "/api/projects/{project_id}/images/{image_id}/comments"
_ONE = "/api/projects/{project_id}/comments/{comment_id}"
_INBOX = "/api/account/inbox"
_IMAGE = in_path("image_id", "Id of an image.")
_COMMENT = in_path("comment_id", "Id of a comment.")
_TEXT: Json = {"text": "<@0123456789ab>, is this a car?"}
_NEED = "Answered with 404 by a server that has no accounts."

WORK_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        _PATH,
        "listShares",
        "How many images of a project each person has, by state.",
        {200: json_answer("Shares", "Who has what.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "post",
        _PATH,
        "assignImages",
        "Give images to one person, evenly to several, or to nobody; 20,000 at most.",
        {200: json_answer("AssignmentAnswer", "Done.")},
        (400, 404, 413, 507),
        description="They are nobody else's afterwards. People must be members who may annotate.",
        parameters=(PROJECT,),
        body=json_body("NewAssignments", {"ids": ["0123456789abcdef"], "to": ["0123456789ab"]}),
    ),
    Operation(
        "post",
        f"{_PATH}/take",
        "takeImage",
        "Take the next image that is nobody's out of the common queue.",
        {200: json_answer("Taken", "It is yours, until its lease ends.")},
        (404, 409, 507),
        description="No two people get the same image. Working on it renews the lease. At most 10 are yours at once.",
        parameters=(
            PROJECT,
            in_query("after", "string", "Id of the image that you leave: those behind it come first."),
        ),
    ),
    Operation(
        "post",
        f"{_PATH}/give-back",
        "giveImagesBack",
        "Give images of your own back, for the queue to offer.",
        {200: json_answer("AssignmentAnswer", "Done.")},
        (400, 404, 413, 507),
        parameters=(PROJECT,),
        body=json_body("GivenBack", {"ids": ["0123456789abcdef"]}),
    ),
    Operation(
        "post",
        "/api/projects/{project_id}/images/{image_id}/review",
        "reviewImage",
        "Accept an image that is done, return it to who submitted it, or take that back.",
        {200: json_answer("ProjectImage", "As it is now.")},
        (400, 404, 409, 413, 507),
        description="Nobody accepts what they submitted themselves, unless they are the only manager.",
        parameters=(PROJECT, _IMAGE),
        body=json_body("Decision", {"decision": "return", "note": "The left car is missing."}),
    ),
)
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
