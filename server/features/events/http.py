"""/api/projects/{id}/events: what happened in a project."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import may
from ...web.context import whole_number

blueprint = Blueprint("events", __name__, url_prefix="/api/projects/<project_id>/events")


@blueprint.get("")
@may("project.read")
def list_events(project_id: str) -> Response:
    """Those after the number `since`, the oldest first."""
    return jsonify(services().events.since(project_id, max(0, min(whole_number("since", 0), 2**53))))
