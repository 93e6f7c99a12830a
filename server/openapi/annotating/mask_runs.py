"""The addresses of masks that jobs make on the images of a project."""

from ..operation import Operation, in_path, json_answer, json_body
from ..project_operations import PROJECT

_RUNS = "/api/projects/{project_id}/mask-runs"
_RUN = f"{_RUNS}/{{run_id}}"
_ONE = (PROJECT, in_path("run_id", "Id of a job."))
_STANDING = json_answer("MaskRunStanding", "How it is now.")

MASK_RUN_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        _RUNS,
        "getMaskRuns",
        "What jobs can make masks of, and how far the latest is.",
        {200: _STANDING},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "post",
        f"{_RUNS}/boxes",
        "makeMasksOfBoxes",
        "Make masks of all objects that are nothing but a box, as imports without masks have them.",
        {202: _STANDING},
        (400, 404, 409, 413, 507),
        description="Such an object fills its box, and has neither a segmenter nor prompts. The box becomes its "
        "prompt. Accepted and gold images stay as they are.",
        parameters=(PROJECT,),
        body=json_body("NewBoxRun", {"segmenter": "mobile_sam"}),
    ),
    Operation(
        "post",
        f"{_RUNS}/automatic",
        "makeAutomaticMasks",
        "Make masks of everything there is on the images that are not finished.",
        {202: _STANDING},
        (400, 404, 409, 413, 507),
        description="With a label, they become objects of images that have none; without, proposals of images "
        "that have none.",
        parameters=(PROJECT,),
        body=json_body("NewAutomaticRun", {"fast": True, "label": "object"}),
    ),
    Operation(
        "post",
        f"{_RUN}/pause",
        "pauseMaskRun",
        "Pause a job; what is done stays.",
        {200: _STANDING},
        (404, 409),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_RUN}/resume",
        "resumeMaskRun",
        "Go on with the images that are left.",
        {202: _STANDING},
        (404, 409, 507),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_RUN}/undo",
        "undoMaskRun",
        "Undo all that a job made; objects that were changed since stay.",
        {200: json_answer("MaskRunStanding", "How it is after 5 seconds at most.")},
        (404, 409, 507),
        parameters=_ONE,
    ),
    Operation(
        "get",
        f"{_RUN}/report",
        "getMaskRunReport",
        "List the masks that a person should look at.",
        {200: json_answer("MaskRunReport", "Those that nobody has changed or confirmed.")},
        (404,),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_RUN}/confirm/{{annotation_id}}",
        "confirmMask",
        "Say that a mask is right, so that it is no longer listed.",
        {204: {"description": "Noted."}},
        (404, 507),
        parameters=(*_ONE, in_path("annotation_id", "Id of the annotation.")),
    ),
)
