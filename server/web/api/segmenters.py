"""/segmenters/{id}/{digits}/{file}: the networks that browsers run, at addresses that never change."""

from flask import Blueprint, Response, request

from server.errors import NotFound, unknown
from server.web.context import services
from server.web.files import send_shipped
from server.web.shapes import network_url

blueprint = Blueprint("segmenters", __name__, url_prefix="/segmenters")

FOR_BROWSERS = ("prepare.onnx", "decoder.onnx")


@blueprint.get("/<segmenter>/<digits>/<file>")
def network(segmenter: str, digits: str, file: str) -> Response:
    """One file of a segmenter; the first 12 digits of the file's SHA-256 stand in the address."""
    spec = services().catalog.find(segmenter)
    if file not in FOR_BROWSERS:
        raise NotFound(unknown("network", file, FOR_BROWSERS))
    current = network_url(spec, file)
    if request.path != current:
        raise NotFound("The file has changed since this address was made.", hint=f"It is now at {current}.")
    return send_shipped(spec.path(file))
