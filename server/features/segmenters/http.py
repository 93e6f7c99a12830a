"""/api/segmenters: what there is to choose from, and what can be pulled; /segmenters/{id}/{digits}/{file}: the networks
that browsers run, at addresses that never change.
"""

from flask import Blueprint, Response, jsonify, request
from msgspec.structs import replace

from ...errors import NotFound, unknown
from ...inference.catalog import FOR_BROWSERS
from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.files import send_shipped
from ...web.standing import allowed
from .described import network_url
from .schema import PullList, SegmenterList
from .shapes import segmenters_json

blueprint = Blueprint("segmenters", __name__)

COMMAND = "samphire segmenters pull"
_MOST_BYTES = 10_000  # of a body that names a segmenter


@blueprint.get("/api/segmenters")
@may("segmenter.read", visitors="image")
def list_segmenters() -> Response:
    """The installed segmenters, with size, speed on this machine and measured quality; for visitors that of their
    project."""
    return jsonify(SegmenterList(segmenters_json(services(), actor())))


@blueprint.get("/api/segmenters/pulls")
@may("segmenter.read")
def list_pulls() -> Response:
    """What is not installed yet. Why one failed concerns only those who may try again: it names folders."""
    installs = allowed("segmenter.install")
    pulls = services().pulls.describe()
    told = pulls if installs else [replace(each, error=None) for each in pulls]
    return jsonify(PullList(told, installs, COMMAND))


@blueprint.post("/api/segmenters/pulls")
@may("segmenter.install")
def start_pull() -> tuple[Response, int]:
    """Only what the catalogue names is fetched, from where the catalogue says."""
    segmenter = json_body(_MOST_BYTES).get("segmenter")
    return jsonify(services().pulls.start(segmenter)), 202


@blueprint.delete("/api/segmenters/pulls/<segmenter>")
@may("segmenter.install")
def cancel_pull(segmenter: str) -> Response:
    """Answered once it has ended. What has arrived is kept."""
    return jsonify(services().pulls.cancel(segmenter))


@blueprint.get("/segmenters/<segmenter>/<digits>/<file>")
@may("segmenter.read", visitors="image")
def network(segmenter: str, digits: str, file: str) -> Response:
    """One file of a segmenter; the first 12 digits of the file's SHA-256 stand in the address."""
    spec = services().segmenters.find(segmenter)
    known = (*FOR_BROWSERS, spec.encoder_file) if spec.encodes_in_browsers else FOR_BROWSERS
    if file not in known:
        raise NotFound(unknown("network", file, known))
    current = network_url(spec, file)
    if request.path != current:
        raise NotFound("The file has changed since this address was made.", hint=f"It is now at {current}.")
    response = send_shipped(spec.path(file))
    services().segmenters.check_current(spec)  # what browsers keep for good must be what the address says
    return response
