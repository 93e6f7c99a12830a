"""POST /api/images/{id}/predict: masks for a prompt, for programs."""

from flask import Blueprint, Response, jsonify, request

from server.errors import BadRequest
from server.web.context import services

blueprint = Blueprint("predict", __name__, url_prefix="/api/images/<image_id>/predict")


@blueprint.post("")
def predict(image_id: str) -> Response:
    """Candidates with full-size RLE; waits for the image's embedding when that is still being made."""
    image = services().images.get(image_id)
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        raise BadRequest("The body must be a JSON object.")
    return jsonify(services().prediction.predict(image, data))
