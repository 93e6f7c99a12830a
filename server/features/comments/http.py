"""/api/projects/{id}/images/{id}/comments and /api/projects/{id}/comments/{id}: what people say about an image."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.standing import allowed

blueprint = Blueprint("comments", __name__, url_prefix="/api/projects/<project_id>")

_MOST_BYTES = 50_000


@blueprint.get("/images/<image_id>/comments")
@may("comment.read", visitors="image")
def list_threads(project_id: str, image_id: str) -> Response:
    return jsonify(services().comments.of_image(actor(), project_id, image_id))


@blueprint.post("/images/<image_id>/comments")
@may("comment.write", visitors="image")
def add(project_id: str, image_id: str) -> tuple[Response, int]:
    """201 for a new one; 200 when its id is sent again."""
    thread, new = services().comments.add(actor(), project_id, image_id, json_body(_MOST_BYTES))
    return jsonify(thread), 201 if new else 200


@blueprint.patch("/comments/<comment_id>")
@may("comment.write", visitors="image")
def change(project_id: str, comment_id: str) -> Response:
    return jsonify(services().comments.change(actor(), project_id, comment_id, json_body(_MOST_BYTES)))


@blueprint.delete("/comments/<comment_id>")
@may("comment.write", visitors="image")
def delete(project_id: str, comment_id: str) -> tuple[str, int]:
    services().comments.delete(actor(), project_id, comment_id, allowed("comment.moderate"))
    return "", 204
