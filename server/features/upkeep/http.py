"""/api/status, /healthz and /readyz: what the server is, that it is there, and whether it can be sent requests."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from ...errors import Unavailable
from ...services import services
from ...web.acting import actor, may
from .readiness import Readiness, checks
from .shapes import status_json

blueprint = Blueprint("status", __name__)
_READINESS = "samphire.readiness"


@blueprint.record
def _look_at(state: Any) -> None:
    state.app.extensions[_READINESS] = Readiness(checks(state.app.extensions["samphire"]))


@blueprint.get("/api/status")
@may("server.read")
def status() -> Response:
    """Version, segmenter, limits, and how long encoding an image takes lately; figures of all projects for who sees
    them."""
    return jsonify(status_json(services(), actor().everywhere))


@blueprint.get("/healthz")
@may("public")
def health() -> Response:
    """200 while the server answers; asks for no token and tells nothing."""
    return jsonify({"ok": True})


@blueprint.get("/readyz")
@may("public")
def readiness() -> Response:
    """200 while requests can be sent to this process; asks for no token and tells no more than what is missing."""
    readiness: Readiness = current_app.extensions[_READINESS]
    found = readiness.look()
    missing = readiness.missing(found)
    if services().stopping:
        raise Unavailable("The server is stopping.", checks=found)
    if missing:
        raise Unavailable(f"The server is not ready: {', '.join(missing)}.", checks=found)
    return jsonify({"ok": True, "checks": found})
