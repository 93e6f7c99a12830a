"""/api/projects/{id}/images/{id}/proposals: masks to take or drop."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.standing import allowed

blueprint = Blueprint("proposals", __name__, url_prefix="/api/projects/<project_id>/images/<image_id>")

_MOST_RUN_BYTES = 20_000
_MOST_BYTES = 500_000  # ids of the most there may be


@blueprint.get("/proposals")
@may("image.segment", visitors="image")
def list_proposals(project_id: str, image_id: str) -> Response:
    """Those that are neither taken nor dropped."""
    running = services().proposal_runs.running(actor(), project_id, image_id)
    return jsonify(services().proposals.of_image(actor(), project_id, image_id, running))


@blueprint.post("/proposals")
@may("image.segment", visitors="image")
def run(project_id: str, image_id: str) -> Response:
    """Have the whole image segmented; answers line by line. What is found is stored for who may save."""
    data, keeps = json_body(_MOST_RUN_BYTES), allowed("annotation.change")
    answer = Response(
        services().proposal_runs.start(actor(), project_id, image_id, data, keeps),
        mimetype="application/x-ndjson",
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # of proxies that would gather the lines
    return answer


@blueprint.patch("/proposals")
@may("annotation.change", visitors="image")
def change(project_id: str, image_id: str) -> tuple[str, int]:
    """Drop some, or restore dropped ones."""
    services().proposals.change(actor(), project_id, image_id, json_body(_MOST_BYTES))
    return "", 204


@blueprint.delete("/proposals")
@may("annotation.change", visitors="image")
def drop_all(project_id: str, image_id: str) -> tuple[str, int]:
    services().proposals.drop(actor(), project_id, image_id)
    return "", 204


@blueprint.delete("/proposals/<proposal_id>")
@may("annotation.change", visitors="image")
def drop(project_id: str, image_id: str, proposal_id: str) -> tuple[str, int]:
    services().proposals.drop(actor(), project_id, image_id, proposal_id)
    return "", 204


@blueprint.post("/stop-proposing")
@may("image.segment", visitors="image")
def stop(project_id: str, image_id: str) -> tuple[str, int]:
    """End a run; what was found until then is kept."""
    services().proposal_runs.stop(actor(), project_id, image_id, allowed("annotation.change"))
    return "", 204
