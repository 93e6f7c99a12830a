"""Imports into projects, and the formats there are, as schemas and as addresses."""

from server.web.openapi.operation import (
    Operation,
    bytes_body,
    choice_in_query,
    flag_in_query,
    in_path,
    in_query,
    json_answer,
    json_body,
)
from server.web.openapi.schema import (
    Schema,
    an_object,
    an_open_object,
    integer,
    list_of,
    or_null,
    ref,
    string,
)

_PATH = "/api/projects/{project_id}"
_PROJECT = in_path("project_id", "Id of a project.")
_JOB = in_path("job_id", "Id of an import.")
_FORMAT = in_path("format_name", 'A format, as coco or yolo; "auto": whichever the files are in.')
_NAME = in_query("name", "string", "What to call what is sent; readers look at the suffix.")
_KEEP_GOING = flag_in_query(
    "keep_going", "1: import what can be, and list the rest; otherwise all, or nothing."
)
_SKIP_MISSING = flag_in_query(
    "skip_missing", "1: leave out annotations of images that are not there, instead of refusing them."
)
_SKIPS_MISSING = {"type": "boolean", "description": "Whether to leave out annotations of missing images."}
_EXISTING = string(
    "Objects that have the id of one imported before, in COCO, SA-1B or Label Studio, and differ from it: they are "
    "added beside it, skipped, or replace it.",
    enum=["add", "skip", "replace"],
)
_IN_EXISTING = choice_in_query(
    "existing", "What to do with objects imported before.", "add", "skip", "replace"
)

_IMPORT: dict[str, Schema] = {
    "id": string("Its id."),
    "project_id": string("The project the files go into."),
    "source": string("What was imported, as it was called."),
    "format": or_null(string("The format of its annotations; null: only pictures are imported.")),
    "keep_going": {
        "type": "boolean",
        "description": "Whether what can be read is imported though the rest cannot.",
    },
    "skip_missing": _SKIPS_MISSING,
    "existing": _EXISTING,
    "read_as": or_null(string("The format its annotations were read in, once that is known.")),
    "evidence": or_null(string("Why it was read in that format, where that was found out.")),
    "state": string(
        "stopped: may go on later; failed: nothing, or nothing more, can be imported.",
        enum=["queued", "running", "done", "failed", "stopped"],
    ),
    "total": or_null(integer("How many files there are, once that is known.")),
    "added": integer("Pictures that are new to the project."),
    "known": integer("Pictures that were there already."),
    "failed": integer("What could not be imported."),
    "noted": integer(
        "What is told though it refuses nothing: adjusted, or left out as it could never be imported."
    ),
    "skipped": integer("Files with nothing to import."),
    "checked": integer("Images that are read, and come into the project when all of their dataset can."),
    "objects": integer("Annotations that were added or replaced."),
    "bytes": integer("Of the file that was sent, while it is kept to be imported or resumed."),
    "error": or_null(string("Why it stopped or failed.")),
    "created_at": string("UTC.", format="date-time"),
    "updated_at": string("UTC.", format="date-time"),
}
TRANSFER_SCHEMAS: dict[str, Schema] = {
    "ImportSummary": an_object("Files on their way into a project.", _IMPORT),
    "Import": an_object(
        "An import with what is wrong with single files.",
        _IMPORT | {"problems": list_of(ref("ImportProblem"), "At most 200; `after` continues.")},
    ),
    "ImportProblem": an_object(
        "What is wrong with a file, or with something in it.",
        {
            "position": integer("For `after`."),
            "name": string("Of the file."),
            "status": string("noted: it was imported all the same.", enum=["failed", "noted"]),
            "message": or_null(string("Where, what was found, what was expected.")),
        },
    ),
    "FormatInfo": an_object(
        "A format of annotations.",
        {
            "id": string("As in addresses."),
            "title": string("What people call it."),
            "reads": {"type": "boolean", "description": "Whether it can be imported."},
            "writes": {"type": "boolean", "description": "Whether it can be exported to."},
            "extension": string("Of a file in it; zip when it is several."),
            "several": {"type": "boolean", "description": "Whether each image has a file of its own."},
        },
    ),
    "FormatList": an_object(
        "The formats there are.", {"formats": list_of(ref("FormatInfo"), "All of them.")}
    ),
    "ImportList": an_object(
        "The latest imports.", {"imports": list_of(ref("ImportSummary"), "The newest first.")}
    ),
    "ImportResume": an_open_object(
        "How to go on; what is left out stays as it was.",
        {
            "keep_going": {"type": "boolean", "description": "Import what can be."},
            "skip_missing": _SKIPS_MISSING,
            "existing": _EXISTING,
            "format": string('The format of its annotations; "auto", or "none" for images only.'),
        },
        (),
    ),
}

TRANSFER_OPERATIONS: tuple[Operation, ...] = (
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
        "The same objects imported again are not doubled.",
        parameters=(_PROJECT, _FORMAT, _NAME, _KEEP_GOING, _SKIP_MISSING, _IN_EXISTING),
        body=bytes_body("application/octet-stream"),
    ),
)
