"""/api/projects/{id}/numbers: what people did, as JSON or for spreadsheets."""

from datetime import date

from flask import Blueprint, Response, jsonify, request

from ...errors import BadRequest, unknown
from ...services import services
from ...web.acting import actor, may
from ...web.standing import allowed
from .service import FORMATS, as_csv

blueprint = Blueprint("numbers", __name__)


@blueprint.get("/api/projects/<project_id>/numbers")
@may("project.read")
def numbers(project_id: str) -> Response:
    """Of everybody, for whoever manages the project; for others only their own."""
    wanted = request.args.get("format") or "json"
    if wanted not in FORMATS:
        raise BadRequest(unknown("format", wanted, FORMATS))
    only = not allowed("work.measure")
    found = services().numbers.between(actor(), project_id, _day("from"), _day("to"), only)
    if wanted == "json":
        return jsonify(found)
    response = Response(as_csv(found), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="numbers-{found.first}-{found.last}.csv"'
    return response


def _day(name: str) -> date | None:
    """Of the query. Raises BadRequest."""
    text = request.args.get(name) or None
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f'"{name}" must be a day, as 2026-01-31.') from None
