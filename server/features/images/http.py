"""/api/images: take pictures in, list them, show their copies, delete them."""

from io import BytesIO
from pathlib import PurePath
from typing import IO

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from msgspec.structs import replace

from ...runtime.afterwards import afterwards
from ...runtime.queue.base import Urgency
from ...services import services
from ...storage.tables import DEFAULT_PROJECT, Image
from ...web.acting import actor, may
from ...web.bodies import sent_file
from ...web.context import sender, whole_number
from ...web.files import FOREVER, send_blob
from ..pictures.sample import NAME as SAMPLE_NAME
from ..pictures.sample import draw_sample
from .fields import image_version
from .schema import ImagePage
from .shapes import image_json, images_json

blueprint = Blueprint("images", __name__)

DEFAULT_PAGE = 50


@blueprint.post("/api/images")
@may("image.add", about="default")
def upload() -> tuple[Response, int]:
    """Take a picture in (multipart field "file"): 201 when it is new, 200 when the same bytes were here
    already.
    """
    file = sent_file()
    return _store(file.stream, file.filename)


@blueprint.post("/api/sample")
@may("image.add", about="default")
def sample() -> tuple[Response, int]:
    """Store the picture the program draws itself, for someone who has none at hand."""
    picture = services().pools.compute(draw_sample)
    return _store(BytesIO(picture), SAMPLE_NAME)


@blueprint.get("/api/images")
@may("image.read", about="default")
def list_images() -> Response:
    """The newest first; `before` continues after an image id."""
    limit = whole_number("limit", DEFAULT_PAGE)
    images, total = services().images.page(limit, request.args.get("before"))
    return jsonify(ImagePage(images_json(services(), actor(), images), total))


@blueprint.get("/api/images/<image_id>")
@may("image.read", about="image", visitors="image")
def one(image_id: str) -> Response:
    return jsonify(image_json(services(), actor(), services().images.get(image_id)))


@blueprint.delete("/api/images/<image_id>")
@may("image.remove", about="default")
def delete(image_id: str) -> Response:
    """Remove it from the default project. The answer says how to undo that, and until when."""
    return jsonify(services().project_images.remove(actor(), DEFAULT_PROJECT, image_id))


@blueprint.get("/api/images/<image_id>/file")
@may("image.read", about="image", visitors="image")
def file(image_id: str) -> ResponseReturnValue:
    """The picture upright, as browsers show it and as the encoder saw it."""
    image = services().images.get(image_id)
    key = services().image_files.display(image)
    name = PurePath(image.name).stem + PurePath(key).suffix
    return _send(image, key, image.display_type, name)


@blueprint.get("/api/images/<image_id>/thumbnail")
@may("image.read", about="image", visitors="image")
def thumbnail(image_id: str) -> ResponseReturnValue:
    """At most 256 pixels long."""
    image = services().images.get(image_id)
    key = services().image_files.thumbnail(image)
    return _send(image, key, "image/jpeg", PurePath(key).name)


def _store(stream: IO[bytes], name: str | None) -> tuple[Response, int]:
    spec = services().segmenters.find()  # what may fail comes before the picture is stored
    image, new = services().uploads.add(actor(), stream, name, sender=sender())
    with afterwards("beginning to encode"):
        services().embeddings.ensure(image, spec, Urgency.AHEAD)  # one known may have been mended
    return jsonify(replace(image_json(services(), actor(), image), existing=not new)), 201 if new else 200


def _send(image: Image, key: str, content_type: str, name: str) -> ResponseReturnValue:
    current = request.args.get("version", "") == image_version(image)
    kept = FOREVER if current else "private, no-cache"
    etag = f"{image.sha256}-{PurePath(key).stem}"
    return send_blob(services().blobs, key, content_type, kept, etag=etag, download_name=name)
