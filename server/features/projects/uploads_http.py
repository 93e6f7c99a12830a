"""/api/projects/{id}/uploads: images that a browser puts into the bucket itself, of which it is then told."""

from flask import Blueprint, Response, jsonify

from ...contract import parse
from ...errors import BadRequest
from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.context import sender
from ..images.schema import NewUpload, Uploaded
from .images_http import added

blueprint = Blueprint("uploads", __name__, url_prefix="/api/projects/<project_id>/uploads")


@blueprint.post("")
@may("image.add")
def offer(project_id: str) -> tuple[Response, int]:
    """Where to put it."""
    asked = parse(NewUpload, json_body(), BadRequest)
    return jsonify(services().direct_uploads.offer(actor(), asked.bytes)), 201


@blueprint.post("/<upload_id>")
@may("image.add")
def finish(project_id: str, upload_id: str) -> tuple[Response, int]:
    """It is there, and is to be taken in as any other upload is: 201 when it is new to the project, else 200."""
    asked = parse(Uploaded, json_body(), BadRequest)
    spec = services().projects.segmenter(project_id)  # what may fail comes before the picture is stored
    with services().direct_uploads.fetch(actor(), upload_id) as received:
        image, new = services().uploads.keep(
            actor(), received, asked.name, project_id, asked.folders, sender()
        )
    return added(project_id, spec, image, new)
