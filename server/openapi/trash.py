"""The addresses of a project's trash, and its JSON objects."""

from ..storage.rows.project_images import STATES
from .image_schemas import IDS, only, yes
from .operation import Operation, file_answers, in_path, in_query, json_answer, json_body
from .project_operations import PROJECT
from .schema import Schema, an_object, integer, list_of, or_null, ref, string

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

TRASH_SCHEMAS: dict[str, Schema] = {
    "RemovedImage": an_object(
        "An image that was removed from a project.",
        {
            "id": string("Its id."),
            "name": string("Its name in the project."),
            "state": string("How far work on it was.", enum=list(STATES)),
            "width": integer("Pixels, after the EXIF rotation."),
            "height": integer("Pixels, after the EXIF rotation."),
            "bytes": integer("Size of the upload."),
            "annotation_count": integer("How many annotations it has."),
            "thumbnail_url": string("At most 256 pixels long."),
            "removed_at": string("UTC.", format="date-time"),
            "until": string("Until when it can be restored, UTC.", format="date-time"),
        },
    ),
    "TrashPage": an_object(
        "Some removed images.",
        {
            "images": list_of(ref("RemovedImage"), "The one removed last comes first."),
            "next": or_null(string("What `after` is for the following page; null on the last one.")),
            "total": integer("How many there are in all."),
        },
    ),
    "TrashChoice": {
        "description": "Some removed images, or all.",
        "anyOf": [only(ids=IDS), only(all=yes("All of them."))],
    },
}
