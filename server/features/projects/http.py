"""/api/projects: what people work on, and the labels of each."""

from flask import Blueprint, Response, jsonify, request

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from .schema import ProjectList

blueprint = Blueprint("projects", __name__, url_prefix="/api/projects")

_MOST_BYTES = 1_000_000  # guidelines
_MOST_LABELS_BYTES, _MOST_LABELS_VALUES = 2_000_000, 200_000


@blueprint.get("")
@may("project.list")
def list_projects() -> Response:
    """`?which=` active, archived or deleted ones."""
    return jsonify(ProjectList(services().projects.list(actor(), request.args.get("which") or "active")))


@blueprint.post("")
@may("project.create")
def create() -> tuple[Response, int]:
    return jsonify(services().projects.create(actor(), json_body(_MOST_BYTES))), 201


@blueprint.get("/<project_id>")
@may("project.read", visitors="image")
def one(project_id: str) -> Response:
    return jsonify(services().projects.get(actor(), project_id))


@blueprint.patch("/<project_id>")
@may("project.change")
def change(project_id: str) -> Response:
    return jsonify(services().projects.change(actor(), project_id, json_body(_MOST_BYTES)))


@blueprint.delete("/<project_id>")
@may("project.delete")
def delete(project_id: str) -> Response:
    """The answer says how to restore it, and until when."""
    return jsonify(services().projects.delete(actor(), project_id))


@blueprint.post("/<project_id>/restore")
@may("project.delete")
def restore(project_id: str) -> Response:
    return jsonify(services().projects.restore(actor(), project_id))


@blueprint.post("/<project_id>/delete-forever")
@may("project.delete")
def delete_forever(project_id: str) -> tuple[str, int]:
    """Of one that is deleted."""
    services().projects.delete_forever(actor(), project_id)
    return "", 204


@blueprint.post("/<project_id>/archive")
@may("project.change")
def archive(project_id: str) -> Response:
    return jsonify(services().projects.archive(actor(), project_id))


@blueprint.post("/<project_id>/unarchive")
@may("project.change")
def unarchive(project_id: str) -> Response:
    return jsonify(services().projects.unarchive(actor(), project_id))


@blueprint.get("/<project_id>/labels")
@may("project.read", visitors="image")
def labels(project_id: str) -> Response:
    return jsonify(services().labels.of_project(project_id))


@blueprint.get("/<project_id>/labels/uses")
@may("project.read")
def label_uses(project_id: str) -> Response:
    return jsonify(services().labels.uses(actor(), project_id))


@blueprint.put("/<project_id>/labels")
@may("label.change")
def replace_labels(project_id: str) -> Response:
    """ "version" says which list was changed; 409 carries the current one."""
    wanted = json_body(_MOST_LABELS_BYTES, _MOST_LABELS_VALUES)
    return jsonify(services().labels.replace(actor(), project_id, wanted))
