"""/api/images/{id}/annotations and /api/annotations/{id}: what people accepted."""

from typing import Any

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.context import whole_number
from ...web.standing import allowed, project_of_annotation
from .fields import parse_version
from .schema import AnnotationList

blueprint = Blueprint("annotations", __name__)

_MOST_BYTES, _MOST_VALUES = 5_000_000, 200_000


def annotation_body() -> dict[str, Any]:
    """At most the longest mask that is taken, and its prompts. Raises BadRequest, TooLarge."""
    return json_body(_MOST_BYTES, _MOST_VALUES)


@blueprint.get("/api/images/<image_id>/annotations")
@may("annotation.read", about="default")
def list_annotations(image_id: str) -> Response:
    """An image's annotations, oldest first."""
    return jsonify(AnnotationList(services().annotations.of_image(actor(), image_id)))


@blueprint.post("/api/images/<image_id>/annotations")
@may("annotation.change", about="default")
def create(image_id: str) -> tuple[Response, int]:
    """201 for a new one; 200 with the one there is when its id is sent again."""
    annotation, new = services().annotations.create(
        actor(), image_id, annotation_body(), adds_labels=allowed("label.change")
    )
    return jsonify(annotation), 201 if new else 200


@blueprint.get("/api/annotations/<annotation_id>")
@may("annotation.read", about="annotation", visitors="image")
def one(annotation_id: str) -> Response:
    return jsonify(services().annotations.get(actor(), annotation_id, project_of_annotation()))


@blueprint.patch("/api/annotations/<annotation_id>")
@may("annotation.change", about="annotation", visitors="image")
def change(annotation_id: str) -> Response:
    """Change some fields; "version" says which version was changed, 409 carries the current one."""
    changed = services().annotations.change(
        actor(), annotation_id, annotation_body(), project_of_annotation(), allowed("label.change")
    )
    return jsonify(changed)


@blueprint.delete("/api/annotations/<annotation_id>")
@may("annotation.change", about="annotation", visitors="image")
def delete(annotation_id: str) -> tuple[str, int]:
    """`?version=` says which version is meant; 409 carries the current one."""
    version = parse_version(whole_number("version", 0))
    services().annotations.delete(actor(), annotation_id, version, project_of_annotation())
    return "", 204
