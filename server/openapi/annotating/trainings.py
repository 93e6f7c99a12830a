"""The addresses of jobs on a project's images: segmenters are trained on their objects, and masks are made."""

from ...inference.training_plan import WHATS
from ..operation import Operation, in_path, in_query, json_answer, json_body
from ..project_operations import PROJECT
from .mask_runs import MASK_RUN_OPERATIONS

_ALL = "/api/projects/{project_id}/trainings"
_RUN = f"{_ALL}/{{run_id}}"
_ONE = (PROJECT, in_path("run_id", "Id of a training."))
_DETAILS = json_answer("TrainingDetails", "As it is now.")

_TRAININGS: tuple[Operation, ...] = (
    Operation(
        "get",
        _ALL,
        "listTrainings",
        "List the trainings of a project.",
        {200: json_answer("TrainingList", "The newest first.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "get",
        f"{_ALL}/estimate",
        "estimateTraining",
        "What a training would learn from, and how long it would take.",
        {200: json_answer("TrainingEstimate", "Before it is started.")},
        (400, 404),
        description="Objects count that people drew, changed, imported or took, on images that are neither skipped, "
        "returned nor marked for attention; those that a job made, once the image is done. Boxes without a mask and "
        "objects that other annotators cannot see do not.",
        parameters=(
            PROJECT,
            in_query(
                "what",
                "string",
                f"What to train; `{WHATS[0]}` when left out.",
                enum=["", *WHATS],
            ),
            in_query("label", "string", "Name of the label whose objects count; all when left out."),
            in_query(
                "segmenter", "string", "Id of the segmenter it starts from; the project's when left out."
            ),
            in_query("minutes", "string", "Time limit in minutes."),
        ),
    ),
    Operation(
        "post",
        _ALL,
        "startTraining",
        "Train a segmenter on the objects of a project.",
        {202: _DETAILS},
        (400, 404, 409, 413, 503, 507),
        description="Images are split into a training and a held-out part. The result is installed only if it's better "
        "on the held-out part.",
        parameters=(PROJECT,),
        body=json_body("NewTraining", {"what": "choice", "id": "streets_1", "label": "dog"}),
    ),
    Operation(
        "get",
        _RUN,
        "getTraining",
        "A training's progress, with its curve.",
        {200: _DETAILS},
        (404,),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_RUN}/pause",
        "pauseTraining",
        "Pause a training; the best result so far is kept.",
        {200: _DETAILS},
        (404,),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_RUN}/resume",
        "resumeTraining",
        "Resume a paused or failed training from its last checkpoint.",
        {202: _DETAILS},
        (404, 409, 503, 507),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_RUN}/finish",
        "finishTraining",
        "Stop training now, evaluate the best result so far, and install it if it's better.",
        {202: _DETAILS},
        (404, 409, 503, 507),
        parameters=_ONE,
    ),
    Operation(
        "delete",
        _RUN,
        "deleteTraining",
        "Delete a training and its report; installed segmenters are kept.",
        {204: {"description": "Deleted."}},
        (404,),
        parameters=_ONE,
    ),
    Operation(
        "get",
        f"{_RUN}/report",
        "getTrainingReport",
        "The HTML report of a finished training.",
        {
            200: {
                "description": "A self-contained HTML file.",
                "content": {"text/html": {"schema": {"type": "string"}}},
            }
        },
        (404,),
        parameters=_ONE,
    ),
)
JOB_OPERATIONS = (*MASK_RUN_OPERATIONS, *_TRAININGS)
