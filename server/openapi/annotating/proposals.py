"""The addresses of masks that a segmenter proposes, and of how sure those on an image are."""

from ..operation import Json, Operation, in_path, json_answer, json_body
from ..project_operations import LAYER, PROJECT
from ..schema import ref

_OF_IMAGE = "/api/projects/{project_id}/images/{image_id}/proposals"
_IMAGE = in_path("image_id", "Id of an image.")
_DONE = {204: {"description": "Done."}}


def json_lines(name: str, description: str) -> Json:
    return {"description": description, "content": {"application/x-ndjson": {"schema": ref(name)}}}


PROPOSAL_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/projects/{project_id}/images/{image_id}/certainty",
        "listCertainty",
        "How sure the masks on an image are, the least certain first.",
        {200: json_answer("CertaintyList", "Of all its annotations.")},
        (404,),
        description="By the same rule as the listing of images that is sorted by certainty.",
        parameters=(PROJECT, _IMAGE, LAYER),
    ),
    Operation(
        "get",
        _OF_IMAGE,
        "listProposals",
        "The proposals for an image that are neither taken nor dropped.",
        {200: json_answer("ProposalList", "Those of the last run.")},
        (404,),
        description="Where annotators do not see each other's work, one's own.",
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "post",
        _OF_IMAGE,
        "propose",
        "Have the whole image segmented.",
        {200: json_lines("ProposalNews", "A line whenever something was found.")},
        (400, 404, 409, 413, 507),
        description="The answer goes on as long as the run; who closes it stops the run. For who may save objects, "
        "what is found takes the place of what was proposed before. There is one run at a time for an image.",
        parameters=(PROJECT, _IMAGE),
        body=json_body("ProposalRun", {"pred_iou_thresh": 0.7}),
    ),
    Operation(
        "post",
        "/api/projects/{project_id}/images/{image_id}/stop-proposing",
        "stopProposing",
        "Stop a run; what was found is kept.",
        _DONE,
        (404,),
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "patch",
        _OF_IMAGE,
        "changeProposals",
        "Drop proposals, or restore dropped ones.",
        _DONE,
        (400, 404, 413, 507),
        description="Ids that are none of the last run's are ignored. To take a proposal, create an object with its "
        "id: it is not listed as long as that object exists.",
        parameters=(PROJECT, _IMAGE),
        body=json_body("ProposalChange", {"drop": ["0f6e8f1d2c3b4a5968778695a4b3c2d1"]}),
    ),
    Operation(
        "delete",
        _OF_IMAGE,
        "dropProposals",
        "Drop all proposals for an image.",
        _DONE,
        (404, 507),
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "delete",
        f"{_OF_IMAGE}/{{proposal_id}}",
        "dropProposal",
        "Drop a proposal.",
        _DONE,
        (404, 507),
        parameters=(PROJECT, _IMAGE, in_path("proposal_id", "Id of a proposal.")),
    ),
)
