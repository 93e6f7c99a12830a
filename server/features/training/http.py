"""/api/projects/{id}/trainings: segmenters trained on the objects of a project."""

from flask import Blueprint, Response, jsonify, request

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.files import send_stored

blueprint = Blueprint("training", __name__, url_prefix="/api/projects/<project_id>/trainings")

# A page that holds all it shows: no script, nothing fetched, nothing framed, and nothing of this server's origin.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)


@blueprint.get("")
@may("project.train")
def trainings(project_id: str) -> Response:
    """Without their curves."""
    return jsonify(services().trainings.list(project_id))


@blueprint.get("/estimate")
@may("project.train")
def estimate(project_id: str) -> Response:
    """Before one is started."""
    asked = {name: request.args.get(name, "") for name in ("what", "label", "segmenter", "minutes")}
    return jsonify(services().trainings.estimate(project_id, asked))


@blueprint.post("")
@may("project.train")
def start(project_id: str) -> tuple[Response, int]:
    """What it installs is this project's to replace, and for all of the server to use."""
    return jsonify(services().trainings.start(actor(), project_id, json_body())), 202


@blueprint.get("/<run_id>")
@may("project.train")
def training(project_id: str, run_id: str) -> Response:
    """With its curve."""
    return jsonify(services().trainings.get(project_id, run_id))


@blueprint.post("/<run_id>/pause")
@may("project.train")
def pause(project_id: str, run_id: str) -> Response:
    """How far it is, and the best so far, are kept."""
    return jsonify(services().trainings.pause(project_id, run_id))


@blueprint.post("/<run_id>/resume")
@may("project.train")
def resume(project_id: str, run_id: str) -> tuple[Response, int]:
    """Where it was."""
    return jsonify(services().trainings.resume(actor(), project_id, run_id)), 202


@blueprint.post("/<run_id>/finish")
@may("project.train")
def finish(project_id: str, run_id: str) -> tuple[Response, int]:
    """With the best so far."""
    return jsonify(services().trainings.finish(actor(), project_id, run_id)), 202


@blueprint.delete("/<run_id>")
@may("project.train")
def remove(project_id: str, run_id: str) -> tuple[str, int]:
    """What it installed stays."""
    services().trainings.remove(project_id, run_id)
    return "", 204


@blueprint.get("/<run_id>/report")
@may("project.train")
def report(project_id: str, run_id: str) -> Response:
    """A page that holds all it shows."""
    path = services().trainings.report(project_id, run_id)
    response = send_stored(path, "text/html; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="training-{run_id}.html"'
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response
