"""The addresses of imports into projects, of uploads into a bucket, and of the formats there are."""

from typing import get_args

from ..features.transfer.schema import Existing
from .operation import (
    Operation,
    bytes_body,
    choice_in_query,
    flag_in_query,
    in_path,
    in_query,
    json_answer,
    json_body,
)

_PATH = "/api/projects/{project_id}"
_PROJECT = in_path("project_id", "Id of a project.")
_JOB = in_path("job_id", "Id of an import.")
_FORMAT = in_path("format_name", 'A format, as coco or yolo; "auto": whichever the files are in.')
_NAME = in_query("name", "string", "What to call what is sent; readers look at the suffix.")
CHOICES = (
    flag_in_query("keep_going", "1: import what can be, and list the rest; otherwise all, or nothing."),
    flag_in_query(
        "skip_missing", "1: leave out annotations of images that are not there, instead of refusing them."
    ),
    flag_in_query(
        "ask_labels", "1: wait to be told what labels are that the project has not, where it has any."
    ),
    choice_in_query("existing", "What to do with objects imported before.", *get_args(Existing)),
)

TRANSFER_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "post",
        f"{_PATH}/uploads",
        "offerUpload",
        "Where to put an image into the bucket oneself.",
        {201: json_answer("DirectUpload", "An address that takes it for 15 minutes.")},
        (400, 404, 413, 429, 507),
        description="For servers with `--blobs s3://...?direct=`; others answer 404 `upload_not_found`. What is put "
        "there is deleted within two hours unless the server is told that it is there.",
        parameters=(_PROJECT,),
        body=json_body("NewUpload", {"bytes": 4_200_000}),
    ),
    Operation(
        "post",
        f"{_PATH}/uploads/{{upload_id}}",
        "finishUpload",
        "Have an image taken in that was put into the bucket.",
        {
            201: json_answer("ProjectImage", "New to the project."),
            200: json_answer("ProjectImage", "The project has this picture already."),
        },
        (400, 404, 409, 413, 415, 507),
        parameters=(_PROJECT, in_path("upload_id", "Id of an upload of one's own.")),
        body=json_body("Uploaded", {"name": "street.jpg"}),
    ),
    Operation(
        "get",
        "/api/formats",
        "listFormats",
        "The formats annotations are read from and written in.",
        {200: json_answer("FormatList", "All of them.")},
    ),
    Operation(
        "get",
        f"{_PATH}/imports",
        "listImports",
        "The imports into a project.",
        {200: json_answer("ImportList", "The latest 50.")},
        (404,),
        parameters=(_PROJECT,),
    ),
    Operation(
        "get",
        f"{_PATH}/imports/{{job_id}}",
        "getImport",
        "How far an import is, and what is wrong with single files.",
        {200: json_answer("Import", "The import.")},
        (400, 404),
        parameters=(_PROJECT, _JOB, in_query("after", "integer", "Only problems behind this position.")),
    ),
    Operation(
        "post",
        f"{_PATH}/imports/{{job_id}}/resume",
        "resumeImport",
        "Go on with an import that stopped or failed.",
        {202: json_answer("Import", "It goes on.")},
        (400, 404, 409, 413, 507),
        parameters=(_PROJECT, _JOB),
        body=json_body("ImportResume", {"keep_going": True}),
    ),
    Operation(
        "post",
        f"{_PATH}/imports/{{job_id}}/cancel",
        "cancelImport",
        "Stop an import that waits or runs; what was imported stays.",
        {200: json_answer("Import", "It is stopped.")},
        (404, 409, 507),
        parameters=(_PROJECT, _JOB),
    ),
    Operation(
        "delete",
        f"{_PATH}/imports/{{job_id}}",
        "discardImport",
        "Forget an import and free the bytes that were sent; what was imported stays.",
        {204: {"description": "It is forgotten."}},
        (404,),
        parameters=(_PROJECT, _JOB),
    ),
    Operation(
        "post",
        f"{_PATH}/import/{{format_name}}",
        "importAnnotations",
        "Import annotations of another program.",
        {202: json_answer("Import", "It is on its way: ask for it until it is done.")},
        (400, 404, 413, 507),
        description="The body is the file itself, or a zip or tar archive of several, with their pictures or without: "
        "then they are those of the project. Nothing is imported when something cannot be, unless `keep_going` is set. "
        "Importing the same objects again creates no duplicates.",
        parameters=(_PROJECT, _FORMAT, _NAME, *CHOICES),
        body=bytes_body("application/octet-stream"),
    ),
)
_STUDIO = f"{_PATH}/label-studio"
LABEL_STUDIO_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        f"{_STUDIO}/health",
        "labelStudioHealth",
        "For Label Studio: whether the ML backend is up.",
        {200: json_answer("BackendHealth", "It is up.")},
        (404,),
        parameters=(_PROJECT,),
    ),
    Operation(
        "post",
        f"{_STUDIO}/setup",
        "labelStudioSetup",
        "For Label Studio: connect a project.",
        {200: json_answer("BackendVersion", "The current segmenter.")},
        (404,),
        parameters=(_PROJECT,),
    ),
    Operation(
        "get",
        f"{_STUDIO}/versions",
        "labelStudioVersions",
        "For Label Studio: list the versions.",
        {200: json_answer("BackendVersions", "The current version.")},
        (404,),
        parameters=(_PROJECT,),
    ),
    Operation(
        "post",
        f"{_STUDIO}/predict",
        "labelStudioPredict",
        "For Label Studio's smart tools: a mask for what was drawn, as a brush region.",
        {200: json_answer("BackendPredictions", "Empty if nothing was drawn.")},
        (400, 404, 410, 413, 415, 500, 507),
        description="The image is added to the project if it is not there yet. An API token may be sent as the "
        "password of basic authentication.",
        parameters=(_PROJECT,),
        body=json_body("LabelStudioRequest", {"tasks": [], "label_config": "<View/>"}),
    ),
    Operation(
        "post",
        f"{_STUDIO}/webhook",
        "labelStudioWebhook",
        "For Label Studio: acknowledge an event.",
        {201: json_answer("BackendStatus", "Acknowledged.")},
        (404,),
        parameters=(_PROJECT,),
    ),
)
