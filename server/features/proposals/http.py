"""/api/projects/{id}/images/{id}/proposals: masks to take or drop."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body

blueprint = Blueprint(
    "proposals", __name__, url_prefix="/api/projects/<project_id>/images/<image_id>/proposals"
)

_MOST_BYTES = 500_000  # ids of the most there may be


@blueprint.get("")
@may("image.segment", visitors="image")
def list_proposals(project_id: str, image_id: str) -> Response:
    """Those that are neither taken nor dropped."""
    return jsonify(services().proposals.of_image(actor(), project_id, image_id))


@blueprint.patch("")
@may("annotation.change", visitors="image")
def change(project_id: str, image_id: str) -> tuple[str, int]:
    """Drop some, or restore dropped ones."""
    services().proposals.change(actor(), project_id, image_id, json_body(_MOST_BYTES))
    return "", 204


@blueprint.delete("")
@may("annotation.change", visitors="image")
def drop_all(project_id: str, image_id: str) -> tuple[str, int]:
    services().proposals.drop(actor(), project_id, image_id)
    return "", 204


@blueprint.delete("/<proposal_id>")
@may("annotation.change", visitors="image")
def drop(project_id: str, image_id: str, proposal_id: str) -> tuple[str, int]:
    services().proposals.drop(actor(), project_id, image_id, proposal_id)
    return "", 204
