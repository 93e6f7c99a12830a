"""/api/projects/{id}/mask-runs: masks that jobs make on the images of a project."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body

blueprint = Blueprint("mask_runs", __name__, url_prefix="/api/projects/<project_id>/mask-runs")


@blueprint.get("")
@may("project.import")
def standing(project_id: str) -> Response:
    """What can be done, and how far the latest job is."""
    return jsonify(services().mask_runs.standing(project_id))


@blueprint.post("/boxes")
@may("project.import")
def start_boxes(project_id: str) -> tuple[Response, int]:
    """Masks of all objects that are nothing but a box."""
    return jsonify(services().mask_runs.start_boxes(actor(), project_id, json_body())), 202


@blueprint.post("/automatic")
@may("project.import")
def start_automatic(project_id: str) -> tuple[Response, int]:
    """Masks of everything on the images that are not finished."""
    return jsonify(services().mask_runs.start_automatic(actor(), project_id, json_body())), 202


@blueprint.post("/<run_id>/pause")
@may("project.import")
def pause(project_id: str, run_id: str) -> Response:
    """What is done stays."""
    return jsonify(services().mask_runs.pause(project_id, run_id))


@blueprint.post("/<run_id>/resume")
@may("project.import")
def resume(project_id: str, run_id: str) -> tuple[Response, int]:
    """With the images that are left."""
    return jsonify(services().mask_runs.resume(actor(), project_id, run_id)), 202


@blueprint.post("/<run_id>/undo")
@may("project.import")
def undo(project_id: str, run_id: str) -> Response:
    """Take out what it made. Answers once that is done, or after a few seconds with how far it is."""
    return jsonify(services().mask_runs.undo(actor(), project_id, run_id))


@blueprint.get("/<run_id>/report")
@may("project.import")
def report(project_id: str, run_id: str) -> Response:
    """What a person should look at."""
    return jsonify(services().mask_runs.report(project_id, run_id))


@blueprint.post("/<run_id>/confirm/<annotation_id>")
@may("project.import")
def confirm(project_id: str, run_id: str, annotation_id: str) -> tuple[str, int]:
    """A person has looked at a mask, and it is right."""
    services().mask_runs.confirm(project_id, run_id, annotation_id)
    return "", 204
