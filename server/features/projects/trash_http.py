"""/api/projects/{id}/trash: images that were removed from a project, while they can be restored."""

from datetime import timedelta
from pathlib import PurePath

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from ...domain.times import UNDO_DAYS, timestamp
from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.context import whole_number
from ...web.files import send_blob
from .images_schema import BulkAnswer, RemovedImage, TrashPage
from .seen import Seen
from .shapes import Place

blueprint = Blueprint("trash", __name__, url_prefix="/api/projects/<project_id>/trash")

DEFAULT_PAGE = 100


@blueprint.get("")
@may("image.read")
def list_trash(project_id: str) -> Response:
    """What was removed last comes first; `after` is the "next" of the page before."""
    limit = whole_number("limit", DEFAULT_PAGE)
    page = services().trash.page(project_id, limit, request.args.get("after"))
    places = [place for place, _ in page.images]
    seen = services().project_images.seen(actor(), project_id, places, removed=True)
    images = [_removed(project_id, place, seen[place[1].id]) for place in page.images]
    return jsonify(TrashPage(images, page.next, page.total))


@blueprint.post("/restore")
@may("image.remove")
def restore(project_id: str) -> Response:
    return jsonify(BulkAnswer(services().trash.restore(actor(), project_id, json_body())))


@blueprint.post("/delete")
@may("image.remove")
def delete(project_id: str) -> Response:
    """For good."""
    return jsonify(BulkAnswer(services().trash.delete(actor(), project_id, json_body())))


@blueprint.get("/<image_id>/thumbnail")
@may("image.read")
def thumbnail(project_id: str, image_id: str) -> ResponseReturnValue:
    """As /api/images/{id}/thumbnail, which shows no removed ones."""
    image = services().trash.get(project_id, image_id)
    key = services().image_files.thumbnail(image)
    etag, name = f"{image.sha256}-{PurePath(key).stem}", PurePath(key).name
    return send_blob(services().blobs, key, "image/jpeg", "private, no-cache", etag=etag, download_name=name)


def _removed(project_id: str, place: Place, seen: Seen) -> RemovedImage:
    own, image = place
    removed_at = own.removed_at or own.updated_at  # a removed one always has it
    return RemovedImage(
        id=image.id,
        name=own.name,
        state=seen.fields["state"],
        width=image.width,
        height=image.height,
        bytes=image.bytes,
        annotation_count=seen.annotations,
        thumbnail_url=f"/api/projects/{project_id}/trash/{image.id}/thumbnail",
        removed_at=timestamp(removed_at),
        until=timestamp(removed_at + timedelta(days=UNDO_DAYS)),
    )
