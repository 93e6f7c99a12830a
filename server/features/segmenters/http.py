"""/api/segmenters: what there is to choose from, and what can be pulled; /segmenters/{id}/{digits}/{file}: the networks
that browsers run, at addresses that never change.
"""

from flask import Blueprint, Response, jsonify, request
from msgspec.structs import replace

from ...errors import NotFound, unknown
from ...inference.catalog import DECODER, PREPARE
from ...services import services
from ...web.auth import check_owner, is_owner
from ...web.context import json_body
from ...web.files import send_shipped
from .schema import PullList, SegmenterList
from .shapes import network_url, segmenters_json

blueprint = Blueprint("segmenters", __name__)

FOR_BROWSERS = (PREPARE, DECODER)
COMMAND = "samphire segmenters pull"
_MOST_BYTES = 10_000  # of a body that names a segmenter


@blueprint.get("/api/segmenters")
def list_segmenters() -> Response:
    """The installed segmenters, with size, speed on this machine and measured quality."""
    return jsonify(SegmenterList(segmenters_json(services())))


@blueprint.get("/api/segmenters/pulls")
def list_pulls() -> Response:
    """What is not installed yet. Why one failed concerns only those who may try again: it names folders."""
    allowed = is_owner(request.environ, services().settings)
    pulls = services().pulls.describe()
    told = pulls if allowed else [replace(each, error=None) for each in pulls]
    return jsonify(PullList(told, allowed, COMMAND))


@blueprint.post("/api/segmenters/pulls")
def start_pull() -> tuple[Response, int]:
    """Only what the catalogue names is fetched, from where the catalogue says."""
    segmenter = json_body(_MOST_BYTES).get("segmenter")
    check_owner(request.environ, services().settings, f"{COMMAND} ID")
    return jsonify(services().pulls.start(segmenter)), 202


@blueprint.delete("/api/segmenters/pulls/<segmenter>")
def cancel_pull(segmenter: str) -> Response:
    """Answered once it has ended. What has arrived is kept."""
    check_owner(request.environ, services().settings, f"{COMMAND} ID")
    return jsonify(services().pulls.cancel(segmenter))


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
