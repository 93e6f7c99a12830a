"""The addresses of projects, their labels and their images: one row each."""

from ..contract import line_pattern
from ..features.projects.selection import SEARCHED_CHARACTERS, SORTING
from ..features.projects.service import WHICH
from ..storage.rows.listing.order import SORTS, STATES
from .operation import (
    EXAMPLE_ANNOTATION,
    FILE_BODY,
    Json,
    Operation,
    bytes_answer,
    bytes_body,
    choice_in_query,
    flag_in_query,
    in_path,
    in_query,
    json_answer,
    json_body,
)

PROJECT = in_path("project_id", 'Id of a project; "default" is always there.')
_IMAGE = in_path("image_id", "Id of an image.")
_PATH = "/api/projects/{project_id}"
LAYER = in_query("layer", "string", "Id of an annotator, whose independent work reviewers ask for.")
_SEARCHED: Json = {"pattern": f"^$|{line_pattern(SEARCHED_CHARACTERS)}"}
FILTER: tuple[Json, ...] = (
    choice_in_query("state", "Only images in this state.", *STATES),
    in_query("label", "string", "Only images with an object of this label.", **_SEARCHED),
    in_query("search", "string", "Only images with this in their name, in any case.", **_SEARCHED),
    in_query(
        "score",
        ["number", "string"],
        "Only images with an object whose predicted IoU is below this, from 0 to 1.",
        anyOf=[{"type": "number", "minimum": 0, "maximum": 1}, {"const": ""}],
    ),
    in_query(
        "person",
        "string",
        "Only images of this account: to work on, or with objects it made or changed.",
        **_SEARCHED,
    ),
    in_query(
        "assigned",
        "string",
        "Only images that are this account's to work on; \"nobody\": nobody's.",
        **_SEARCHED,
    ),
)
_SELECTION: tuple[Json, ...] = (
    *FILTER,
    choice_in_query("sort", SORTING, *SORTS),
    choice_in_query("order", "asc when left out.", "asc", "desc"),
)
_EXAMPLE_LABELS = {
    "version": 1,
    "labels": [
        {
            "name": "car",
            "color": "#1f77b4",
            "key": "1",
            "attributes": [{"name": "cut off", "type": "flag"}],
        }
    ],
}


def _to_project(verb: str, summary: str) -> Operation:
    return Operation(
        "post",
        f"{_PATH}/{verb}",
        f"{verb}Project",
        summary,
        {200: json_answer("Project", "As it is now.")},
        (404, 409) if verb == "archive" else (404,),
        parameters=(PROJECT,),
    )


PROJECT_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/projects",
        "listProjects",
        "The projects there are.",
        {200: json_answer("ProjectList", "All of this kind.")},
        (400,),
        parameters=(choice_in_query("which", "active when left out.", *WHICH),),
    ),
    Operation(
        "post",
        "/api/projects",
        "createProject",
        "Create a project.",
        {201: json_answer("Project", "Created.")},
        (400, 404, 413, 507),
        body=json_body(
            "NewProject", {"name": "Street scenes", "guidelines": "Every **car**, parked ones too."}
        ),
    ),
    Operation(
        "get",
        _PATH,
        "getProject",
        "One project, with its guidelines.",
        {200: json_answer("Project", "The project.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "patch",
        _PATH,
        "changeProject",
        "Change a project.",
        {200: json_answer("Project", "As it is now.")},
        (400, 404, 413, 507),
        parameters=(PROJECT,),
        body=json_body("ProjectChange", {"settings": {"key_preset": "cvat"}}),
    ),
    Operation(
        "delete",
        _PATH,
        "deleteProject",
        "Delete a project and all that was made in it; it can be restored for 30 days.",
        {200: json_answer("Undoable", "How to restore it.")},
        (404, 409),
        parameters=(PROJECT,),
    ),
    _to_project("restore", "Have a deleted project back."),
    Operation(
        "post",
        f"{_PATH}/delete-forever",
        "deleteProjectForever",
        "Delete a deleted project permanently; it cannot be restored.",
        {204: {"description": "Gone."}},
        (404, 409, 507),
        parameters=(PROJECT,),
    ),
    _to_project("archive", "Archive a project. Its content stays as it is."),
    _to_project("unarchive", "Put an archived project on the list again."),
    Operation(
        "get",
        f"{_PATH}/labels",
        "getLabels",
        "The labels of a project.",
        {200: json_answer("LabelList", "In their order.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "get",
        f"{_PATH}/labels/uses",
        "getLabelUses",
        "How many objects have each label of a project.",
        {200: json_answer("LabelUses", "Of those that any has.")},
        (404,),
        description="A label that objects have cannot be removed, only replaced.",
        parameters=(PROJECT,),
    ),
    Operation(
        "put",
        f"{_PATH}/labels",
        "replaceLabels",
        "Change the labels of a project, the whole list at once.",
        {200: json_answer("LabelList", "As it is now.")},
        (400, 404, 409, 413, 507),
        description="Where a label's name or colour changes, its annotations follow, and have a new version. A label "
        "that annotations carry cannot be left out, only replaced. Labels that annotations bring are added by "
        "themselves.",
        parameters=(PROJECT,),
        body=json_body("NewLabelList", _EXAMPLE_LABELS),
    ),
    Operation(
        "get",
        f"{_PATH}/images",
        "listProjectImages",
        "The images of a project, page by page.",
        {200: json_answer("ProjectImagePage", "A page of them.")},
        (400, 404, 409),
        parameters=(
            PROJECT,
            *_SELECTION,
            in_query("limit", "integer", "How many, at most 500; 100 when left out."),
            in_query("cursor", "string", 'Continue: the "next" of the page before.'),
        ),
    ),
    Operation(
        "post",
        f"{_PATH}/images",
        "addProjectImage",
        "Add a picture to a project.",
        {
            201: json_answer("ProjectImage", "New to the project."),
            200: json_answer("ProjectImage", "The project has this picture already."),
            202: json_answer("Import", "An archive, which is worked through: ask for it until it is done."),
        },
        (400, 404, 409, 413, 415, 507),
        description='multipart/form-data with the picture as "file". A removed picture comes back with its '
        "annotations. Or a zip or tar archive of pictures as the body itself, with its own content type; with "
        "`format`, annotations in it are imported as well.",
        parameters=(
            PROJECT,
            in_query("format", "string", 'For archives: a format, or "auto"; only pictures when left out.'),
            in_query("name", "string", "For archives: what to call it."),
            flag_in_query("keep_going", "For archives with a format: 1 to import what can be."),
        ),
        body=FILE_BODY | bytes_body("application/zip", "application/x-tar"),
    ),
    Operation(
        "post",
        f"{_PATH}/images/bulk",
        "changeProjectImages",
        "One state for many images of a project, or remove them, or have them back; 20,000 at most.",
        {200: json_answer("BulkAnswer", "Done.")},
        (400, 404, 409, 413, 507),
        parameters=(PROJECT,),
        body=json_body("BulkChange", {"ids": ["0123456789abcdef"], "state": "done"}),
    ),
    Operation(
        "get",
        f"{_PATH}/images/{{image_id}}",
        "getProjectImage",
        "One image of a project.",
        {200: json_answer("ProjectImage", "The image.")},
        (404,),
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "get",
        f"{_PATH}/images/{{image_id}}/masks.png",
        "getProjectImageMasks",
        "Its objects in their labels' colours, transparent elsewhere, as large as the thumbnail they lie over.",
        {200: bytes_answer("A PNG.", "image/png")},
        (404,),
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "patch",
        f"{_PATH}/images/{{image_id}}",
        "changeProjectImage",
        "Change the state of an image, or how it is shown.",
        {200: json_answer("ProjectImage", "As it is now.")},
        (400, 404, 409, 413, 500, 503, 507),
        description="The first annotation of a new image makes it one in progress by itself.",
        parameters=(PROJECT, _IMAGE),
        body=json_body("ProjectImageChange", {"state": "done"}),
    ),
    Operation(
        "delete",
        f"{_PATH}/images/{{image_id}}",
        "removeProjectImage",
        "Remove an image from a project; you can restore it for 30 days.",
        {200: json_answer("BulkAnswer", "How to restore it.")},
        (404,),
        description="An image in a visitor's own sandbox is gone for good.",
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "get",
        f"{_PATH}/images/{{image_id}}/annotations",
        "listProjectAnnotations",
        "The annotations of an image in a project.",
        {200: json_answer("AnnotationList", "All of them.")},
        (404,),
        parameters=(PROJECT, _IMAGE, LAYER),
    ),
    Operation(
        "post",
        f"{_PATH}/images/{{image_id}}/annotations",
        "createProjectAnnotation",
        "Accept a mask, in a project.",
        {
            201: json_answer("Annotation", "Saved."),
            200: json_answer("Annotation", "This id was saved before; as it is now."),
        },
        (400, 404, 409, 413, 507),
        description="A label the project does not know is added to its labels. An annotation that was deleted stays "
        "so, unless its version is sent.",
        parameters=(PROJECT, _IMAGE),
        body=json_body("NewAnnotation", EXAMPLE_ANNOTATION),
    ),
    Operation(
        "get",
        f"{_PATH}/queue",
        "getQueue",
        "What comes before and after an image in a listing; the next images are encoded ahead.",
        {200: json_answer("Queue", "Where it stands.")},
        (400, 404),
        description="Takes the filters and the order of the listing. Without an image: the first ones.",
        parameters=(
            PROJECT,
            in_query("after", "string", "Id of the image that is open."),
            in_query("images", "integer", "How many images on either side of it to describe; at most 50."),
            in_query(
                "segmenter", "string", "What the next ones are encoded with; the project's when left out."
            ),
            *_SELECTION,
        ),
    ),
)
