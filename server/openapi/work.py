"""The addresses of who works on which images of a project."""

from .operation import Operation, in_path, in_query, json_answer, json_body
from .project_operations import PROJECT

_PATH = "/api/projects/{project_id}/assignments"

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
        parameters=(PROJECT, in_path("image_id", "Id of an image.")),
        body=json_body("Decision", {"decision": "return", "note": "The left car is missing."}),
    ),
)
