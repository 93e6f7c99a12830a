"""/api/segmenters: what there is to choose from; /segmenters/{id}/{digits}/{file}: the networks that browsers run, at
addresses that never change.
"""

from flask import Blueprint, Response, jsonify, request

from server.errors import NotFound, unknown
from server.inference.catalog import DECODER, PREPARE
from server.web.context import services
from server.web.files import send_shipped
from server.web.shapes import network_url, segmenters_json

blueprint = Blueprint("segmenters", __name__)

FOR_BROWSERS = (PREPARE, DECODER)


@blueprint.get("/api/segmenters")
def list_segmenters() -> Response:
    """The installed segmenters, with size, speed on this machine and measured quality."""
    return jsonify({"segmenters": segmenters_json(services())})


@blueprint.get("/segmenters/<segmenter>/<digits>/<file>")
def network(segmenter: str, digits: str, file: str) -> Response:
    """One file of a segmenter; the first 12 digits of the file's SHA-256 stand in the address."""
    spec = services().segmenters.find(segmenter)
    if file not in FOR_BROWSERS:
        raise NotFound(unknown("network", file, FOR_BROWSERS))
    current = network_url(spec, file)
    if request.path != current:
        raise NotFound("The file has changed since this address was made.", hint=f"It is now at {current}.")
    response = send_shipped(spec.path(file))
    services().segmenters.check_current(spec)  # what browsers keep for good must be what the address says
    return response
