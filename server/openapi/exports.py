"""The addresses of exports out of projects."""

from ..features.transfer.formats import FORMATS
from .operation import (
    Operation,
    bytes_answer,
    file_answers,
    flag_in_query,
    in_path,
    in_query,
    json_answer,
    json_body,
)
from .project_operations import FILTER, PROJECT

_PATH = "/api/projects/{project_id}"
_IMAGE = in_path("image_id", "Id of an image.")
_EXPORT_FORMAT = in_path("format_name", f"One of {', '.join(FORMATS)}.")
_SHARE = r"[0-9]{1,4}(\.[0-9]{1,3})?"
_OPTIONS = (
    in_query(
        "split",
        "string",
        "As 80/10/10: shares to split those images by that were imported without a split.",
        pattern=rf"^([1-9][0-9]{{0,3}}(\.[0-9]{{1,3}})?(/{_SHARE}){{1,2}})?$",
    ),
    flag_in_query("images", "1: with the pictures, upright."),
    flag_in_query(
        "provenance",
        "1: with the names of who made, changed and reviewed each object, and when: in COCO and SA-1B among what "
        '"samphire" has, else in provenance.csv beside the files.',
    ),
)
_NAMED = in_query(
    "file", "string", "The file that `prepare` named, as it was made, whatever has changed since."
)
_EXPORTED = file_answers("The file; a zip file when it is several.", "application/json", "application/zip")
_RESUMED = (
    "The file is made whole first. It stays the same, under its ETag, as long as nothing changes, so that a "
    "download that broke off can go on by Range and If-Range."
)
_SELECTED = in_query("selected", "string", "Only images of this selection.", pattern="^([0-9a-f]{32})?$")

EXPORT_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "post",
        f"{_PATH}/selections",
        "selectImages",
        "Name images to export, by more ids than an address can hold.",
        {201: json_answer("Selected", "Kept for a day.")},
        (400, 404, 413, 507),
        parameters=(PROJECT,),
        body=json_body("NewSelection", {"ids": ["0123456789abcdef"]}),
    ),
    Operation(
        "get",
        f"{_PATH}/export/{{format_name}}",
        "exportProject",
        "The annotations of a project as a file.",
        _EXPORTED,
        (400, 404, 410, 416, 500, 507),
        description=_RESUMED,
        parameters=(PROJECT, _EXPORT_FORMAT, *_OPTIONS, *FILTER, _SELECTED, _NAMED),
    ),
    Operation(
        "get",
        f"{_PATH}/bundle",
        "bundleImages",
        "Images as one HTML file that segments them without a server.",
        {200: bytes_answer("The page, with the images, their embeddings and the decoder.", "text/html")},
        (400, 404, 500, 503, 507),
        parameters=(
            PROJECT,
            in_query("images", "string", "Ids of 1 to 50 images, comma-separated."),
            flag_in_query("objects", "1: with the objects that are on them."),
        ),
    ),
    Operation(
        "post",
        f"{_PATH}/export/{{format_name}}/prepare",
        "prepareExport",
        "Make an export's file ahead of its download, and see how far that is.",
        {
            200: json_answer("ExportStanding", "It is ready."),
            202: json_answer("ExportStanding", "It is being made; ask again for this file."),
        },
        (400, 404, 410),
        parameters=(PROJECT, _EXPORT_FORMAT, *_OPTIONS, *FILTER, _SELECTED, _NAMED),
    ),
    Operation(
        "get",
        f"{_PATH}/export/{{format_name}}/losses",
        "getLosses",
        "What the format cannot carry of a project's annotations.",
        {200: json_answer("Losses", "Nothing is written yet.")},
        (400, 404, 410),
        parameters=(PROJECT, _EXPORT_FORMAT, *_OPTIONS, *FILTER, _SELECTED),
    ),
    Operation(
        "get",
        f"{_PATH}/images/{{image_id}}/export/{{format_name}}",
        "exportProjectImage",
        "The annotations of one image of a project as a file.",
        _EXPORTED,
        (400, 404, 416, 500, 507),
        description=_RESUMED,
        parameters=(PROJECT, _IMAGE, _EXPORT_FORMAT, *_OPTIONS),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/export/{format_name}",
        "exportImage",
        "The annotations of one image of the default project as a file.",
        _EXPORTED,
        (400, 404, 416, 500, 507),
        description=_RESUMED,
        parameters=(_IMAGE, _EXPORT_FORMAT, *_OPTIONS),
    ),
    Operation(
        "get",
        "/api/export/{format_name}",
        "exportAll",
        "The annotations of the default project as a file.",
        _EXPORTED,
        (400, 404, 416, 500, 507),
        description=_RESUMED,
        parameters=(_EXPORT_FORMAT, *_OPTIONS),
    ),
)
