"""The addresses of who did what when, and of what objects were."""

from typing import Any

from ...features.history.service import GROUPS
from ..operation import Operation, choice_in_query, in_path, in_query, json_answer, json_body
from ..project_operations import PROJECT

_IMAGE = in_path("image_id", "Id of an image.")
_ANNOTATION = in_path("annotation_id", "Id of an annotation.")
_IN_PROJECT = in_query(
    "project",
    "string",
    "Id of the project it is in; needed for one that was deleted. Without it, the oldest with this id is meant.",
)
_PAGE = (
    in_query("before", "integer", 'Continue: the "next" of the page before.'),
    in_query("limit", "integer", "How many entries, at most 200; 50 when left out."),
)
_TIME: dict[str, Any] = {"maxLength": 64}
_FILTERS = (
    choice_in_query("kind", "Only entries of this kind.", *GROUPS),
    in_query("person", "string", "Only what this account did.", **_TIME),
    in_query("from", "string", "Only what happened at this time or later; a day, or a time.", **_TIME),
    in_query("to", "string", "Only what happened before this time.", **_TIME),
)
_PAGE_ANSWER = {200: json_answer("HistoryPage", "The newest first.")}

HISTORY_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/projects/{project_id}/history",
        "getProjectHistory",
        "Who did what when in a project.",
        _PAGE_ANSWER,
        (400, 404),
        parameters=(PROJECT, *_FILTERS, *_PAGE),
    ),
    Operation(
        "get",
        "/api/projects/{project_id}/images/{image_id}/history",
        "getImageHistory",
        "Who did what when on an image of a project.",
        _PAGE_ANSWER,
        (400, 404),
        parameters=(PROJECT, _IMAGE, *_FILTERS, *_PAGE),
    ),
    Operation(
        "post",
        "/api/projects/{project_id}/images/{image_id}/restore",
        "restoreImage",
        "Have all objects of an image be as they were at a moment.",
        {200: json_answer("ImageRestored", "As they are now, and how to undo it.")},
        (400, 404, 413, 507),
        description="In one step. Objects that were made since are deleted. Where annotators do not see each other's "
        "work, only one's own is restored. Undone by the request of its answer, which leaves what anybody did since.",
        parameters=(PROJECT, _IMAGE),
        body=json_body("ImageRestore", {"at": "2026-01-31T12:00:00.000Z"}),
    ),
    Operation(
        "get",
        "/api/annotations/{annotation_id}/history",
        "getAnnotationHistory",
        "The versions of an annotation, and who made them.",
        _PAGE_ANSWER,
        (400, 404),
        parameters=(_ANNOTATION, _IN_PROJECT, *_PAGE),
    ),
    Operation(
        "get",
        "/api/annotations/{annotation_id}/versions/{version}",
        "getAnnotationVersion",
        "An annotation as it was, mask and all.",
        {200: json_answer("Annotation", "As it was then.")},
        (404,),
        parameters=(_ANNOTATION, in_path("version", "Its number."), _IN_PROJECT),
    ),
    Operation(
        "post",
        "/api/annotations/{annotation_id}/restore",
        "restoreAnnotation",
        "Have an annotation be as an earlier version of it, also one that was deleted.",
        {200: json_answer("Annotation", "As it is now: a new version.")},
        (400, 404, 409, 413, 507),
        description="Asked again after it was done, it is not done again.",
        parameters=(_ANNOTATION, _IN_PROJECT),
        body=json_body("Restore", {"version": 1, "base": 3}),
    ),
)
