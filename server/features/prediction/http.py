"""POST /api/images/{id}/predict: masks for a prompt, for programs."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body

blueprint = Blueprint("predict", __name__, url_prefix="/api/images/<image_id>/predict")

_MOST_BYTES = 100_000  # the most points there may be, written out at length


@blueprint.post("")
@may("image.segment", about="image", visitors="image")
def predict(image_id: str) -> Response:
    """Candidates with full-size RLE; waits for the image's embedding when that is still being made."""
    image = services().images.get(image_id)
    data, who = json_body(_MOST_BYTES), actor()
    if who.visit is not None:
        data = {**data, "segmenter": services().projects.segmenter_for(who, data.get("segmenter")).id}
    return jsonify(services().prediction.predict(image, data, who))
