"""/api/projects/{id}/events: what happened in a project."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.context import whole_number

blueprint = Blueprint("events", __name__, url_prefix="/api/projects/<project_id>/events")


@blueprint.get("")
@may("project.read", visitors="image")
def list_events(project_id: str) -> Response:
    """Those after the number `since`, the oldest first."""
    since = max(0, min(whole_number("since", 0), 2**53))
    return jsonify(services().events.since(actor(), project_id, since))
