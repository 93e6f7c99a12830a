"""/segmenters/{id}/{weights}/decoder.onnx: the decoder browsers run, at an address that never changes."""

from flask import Blueprint, Response

from server.errors import NotFound
from server.inference import catalog
from server.web.files import send_shipped

blueprint = Blueprint("segmenters", __name__, url_prefix="/segmenters")

_WEIGHTS_DIGITS = 12


def decoder_url(segmenter: str, weights: str) -> str:
    """Where a browser finds the decoder; `weights`: the segmenter's whole hash."""
    return f"/segmenters/{segmenter}/{weights[:_WEIGHTS_DIGITS]}/decoder.onnx"


@blueprint.get("/<segmenter>/<weights>/decoder.onnx")
def decoder(segmenter: str, weights: str) -> Response:
    """The decoder's graph; its weights' first 12 digits stand in the address."""
    spec = catalog.find(segmenter)
    if weights != spec.weights[:_WEIGHTS_DIGITS]:
        raise NotFound(
            "The segmenter's weights have changed since this address was made.",
            hint=f"Its decoder is now at {decoder_url(spec.id, spec.weights)}.",
        )
    return send_shipped(spec.decoder_path)
