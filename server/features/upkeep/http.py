"""/api/status and /healthz: what the server is, and that it is there."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from .shapes import status_json

blueprint = Blueprint("status", __name__)


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
