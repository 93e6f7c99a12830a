"""The addresses of a project's trash."""

from .operation import Operation, file_answers, in_path, in_query, json_answer, json_body
from .project_operations import PROJECT

_PATH = "/api/projects/{project_id}/trash"
_EXAMPLE = {"ids": ["0123456789abcdef"]}

TRASH_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        _PATH,
        "listTrash",
        "The images that were removed from a project, while they can be restored.",
        {200: json_answer("TrashPage", "A page of them.")},
        (400, 404),
        parameters=(
            PROJECT,
            in_query("limit", "integer", "How many, at most 500; 100 when left out."),
            in_query("after", "string", 'Continue: the "next" of the page before.'),
        ),
    ),
    Operation(
        "post",
        f"{_PATH}/restore",
        "restoreTrash",
        "Restore removed images with their annotations.",
        {200: json_answer("BulkAnswer", "Done.")},
        (400, 404, 413, 507),
        parameters=(PROJECT,),
        body=json_body("TrashChoice", _EXAMPLE),
    ),
    Operation(
        "post",
        f"{_PATH}/delete",
        "deleteTrash",
        "Delete removed images and their annotations permanently.",
        {200: json_answer("BulkAnswer", "Done; it cannot be undone.")},
        (400, 404, 413, 507),
        parameters=(PROJECT,),
        body=json_body("TrashChoice", _EXAMPLE),
    ),
    Operation(
        "get",
        f"{_PATH}/{{image_id}}/thumbnail",
        "getTrashThumbnail",
        "The thumbnail of a removed image.",
        file_answers("JPEG.", "image/jpeg"),
        (404, 416, 500),
        parameters=(PROJECT, in_path("image_id", "Id of a removed image.")),
    ),
)
