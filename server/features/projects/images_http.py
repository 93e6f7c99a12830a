"""/api/projects/{id}/images and /api/projects/{id}/queue: the images of a project, what is made on them, and the order
they are worked through."""

from flask import Blueprint, Response, jsonify, request
from msgspec import UNSET
from msgspec.structs import replace

from ...contract import parse
from ...domain.visits import Visit
from ...errors import BadRequest
from ...inference.catalog import SegmenterSpec
from ...runtime.afterwards import afterwards
from ...runtime.queue.base import Urgency
from ...services import services
from ...storage.tables import Image
from ...web.acting import actor, may
from ...web.bodies import json_body, sent_file
from ...web.context import sender, whole_number
from ...web.files import send_drawn
from ...web.standing import allowed, require
from ..accounts.http import address
from ..annotations.http import annotation_body
from ..annotations.schema import AnnotationList, CertaintyList
from ..embeddings.service import ENCODE
from ..links.sandboxes import MOST_BODY_BYTES
from ..transfer.receiving import ARCHIVE_TYPES, receive
from .images_schema import BulkAnswer, ProjectImage, ProjectImageChange, ProjectImagePage
from .schema import StateCounts
from .selection import parse_selection
from .shapes import Place, project_image_json, project_images_json

blueprint = Blueprint("project_images", __name__, url_prefix="/api/projects/<project_id>")

DEFAULT_PAGE = 100
AHEAD = 3  # images that are encoded before they are opened
EACH_WAY_LIMIT = 50  # images on either side that /queue describes


@blueprint.get("/images")
@may("image.read", visitors="project")
def list_images(project_id: str) -> Response:
    """By name unless `sort` says otherwise; `cursor` is the "next" of the page before."""
    selection = parse_selection(request.args)
    limit = whole_number("limit", DEFAULT_PAGE)
    page = services().project_images.page(actor(), project_id, selection, limit, request.args.get("cursor"))
    images = project_images_json(services(), actor(), project_id, page.images)
    return jsonify(ProjectImagePage(images, page.next, StateCounts(**page.counts)))


@blueprint.post("/images")
@may("image.add", visitors="project")
def upload(project_id: str) -> tuple[Response, int]:
    """Take a picture in (multipart field "file"): 201 when it is new to the project, 200 when it is there already.

    Or an archive of them, as the body alone: 202 with the import it becomes."""
    if request.mimetype in ARCHIVE_TYPES:
        require("project.import")
        return receive(project_id, request.args.get("format") or None, "archive")
    spec = services().projects.segmenter(project_id)  # what may fail comes before the picture is stored
    visit = actor().visit
    image, new = _add(project_id) if visit is None else _add_within_quota(project_id, visit)
    return added(project_id, spec, image, new)


@blueprint.post("/images/bulk", provide_automatic_options=False)
@may("image.change")
def bulk(project_id: str) -> Response:
    """One state for many images, or remove them, or have them back, or mark them as gold."""
    body = json_body()
    if "remove" in body or "restore" in body:
        require("image.remove")
    if "gold" in body:
        require("work.assign")
    return jsonify(services().project_images.bulk(actor(), project_id, body))


@blueprint.route("/images/bulk", methods=["OPTIONS"])
@may("public")
def bulk_methods(project_id: str) -> Response:
    """By itself Flask would add those of an image with the id "bulk"."""
    return Response(headers={"Allow": "OPTIONS, POST"})


@blueprint.get("/images/<image_id>")
@may("image.read", visitors="image")
def one(project_id: str, image_id: str) -> Response:
    return jsonify(_json(project_id, services().project_images.get(project_id, image_id)))


@blueprint.get("/images/<image_id>/masks.png")
@may("annotation.read", visitors="image")
def masks(project_id: str, image_id: str) -> Response:
    """What was made on it, to lie over its thumbnail."""
    png, tag = services().mask_pictures.png(actor(), project_id, image_id)
    return send_drawn(png, tag)


@blueprint.patch("/images/<image_id>")
@may("image.change", visitors="image")
def change(project_id: str, image_id: str) -> Response:
    """Its state, or, for managers, how it is shown to everybody."""
    change = parse(ProjectImageChange, json_body(), BadRequest)
    if change.rendering is not UNSET:
        require("image.render")
        services().renderings.set(actor(), project_id, image_id, change.rendering, sender())
    elif change.state is UNSET:
        raise BadRequest('Send a "state" or a "rendering".')
    place = services().project_images.get(project_id, image_id)
    if change.state is UNSET:
        return jsonify(_json(project_id, place))
    image = place[1]
    # Read before the change: its event has to go out even if reading fails afterwards.
    embedding = services().embeddings.describe(image, services().projects.segmenter(project_id))
    seen = services().project_images.set_state(actor(), project_id, image_id, change.state)
    return jsonify(project_image_json(image, embedding, seen[image_id]))


@blueprint.delete("/images/<image_id>")
@may("image.remove", visitors="project")
def remove(project_id: str, image_id: str) -> Response:
    """The answer says how to restore it, and until when. A visitor's own image is gone for good."""
    if actor().visit is not None:
        services().sandboxes.remove(actor(), project_id, image_id)
        return jsonify(BulkAnswer(1))
    return jsonify(services().project_images.remove(actor(), project_id, image_id))


@blueprint.get("/images/<image_id>/annotations")
@may("annotation.read", visitors="image")
def annotations(project_id: str, image_id: str) -> Response:
    """What was made on the image in this project, oldest first; with `layer`, what one annotator made on it unseen by
    others."""
    layer = request.args.get("layer") or None
    return jsonify(AnnotationList(services().annotations.of_image(actor(), image_id, project_id, layer)))


@blueprint.get("/images/<image_id>/certainty")
@may("annotation.read", visitors="image")
def certainty(project_id: str, image_id: str) -> Response:
    """Of the same annotations, the least certain first."""
    layer = request.args.get("layer") or None
    return jsonify(CertaintyList(services().annotations.certainties(actor(), image_id, project_id, layer)))


@blueprint.post("/images/<image_id>/annotations")
@may("annotation.change", visitors="image")
def annotate(project_id: str, image_id: str) -> tuple[Response, int]:
    """201 for a new one; 200 with the one there is when its id is sent again."""
    annotation, new = services().annotations.create(
        actor(), image_id, annotation_body(), project_id, allowed("label.change")
    )
    return jsonify(annotation), 201 if new else 200


@blueprint.get("/queue")
@may("image.read", visitors="image")
def queue(project_id: str) -> Response:
    """What comes before and after the image `after`, among those the same filters list; for whoever may segment, the
    next ones are encoded ahead, with the project's segmenter or the one asked for. With `images`, that image and so
    many on either side as they are listed."""
    selection = parse_selection(request.args)
    after = request.args.get("after") or None
    around = services().project_images.around(actor(), project_id, selection, after, AHEAD)
    each_way = min(EACH_WAY_LIMIT, whole_number("images", 0))
    if after and each_way > 0:
        places = services().project_images.neighbours(actor(), project_id, selection, after, each_way)
        around = replace(around, images=project_images_json(services(), actor(), project_id, places))
    asked = request.args.get("segmenter")
    projects = services().projects
    spec = projects.segmenter_for(actor(), asked) if asked else projects.segmenter(project_id)
    for image_id in around.next if allowed("image.segment") else ():
        with afterwards("beginning to encode"):  # on a full disk, people delete
            services().embeddings.ensure(services().images.get(image_id), spec, Urgency.AHEAD)
    return jsonify(around)


def added(project_id: str, spec: SegmenterSpec, image: Image, new: bool) -> tuple[Response, int]:
    """What an upload is answered with, which begins to be encoded."""
    if not services().queue.busy(ENCODE):  # the encoder is idle: so much is done when the image is opened
        with afterwards("beginning to encode"):
            services().embeddings.ensure(image, spec, Urgency.AHEAD)
    place = services().project_images.get(project_id, image.id)
    return jsonify(replace(_json(project_id, place), existing=not new)), 201 if new else 200


def _add(project_id: str) -> tuple[Image, bool]:
    file = sent_file()
    path = request.form.get("path")
    return services().uploads.add(
        actor(), file.stream, path or file.filename, project_id, bool(path), sender()
    )


def _add_within_quota(project_id: str, visit: Visit) -> tuple[Image, bool]:
    """As visitors may: of a body beyond the quota nothing is read."""
    sandboxes = services().sandboxes
    request.max_content_length = MOST_BODY_BYTES
    size = request.content_length
    with sandboxes.adding(visit, MOST_BODY_BYTES if size is None else size, address()):
        image, new = _add(project_id)
        if new:
            sandboxes.check_room(actor(), project_id, image.id)
    return image, new


def _json(project_id: str, place: Place) -> ProjectImage:
    return project_images_json(services(), actor(), project_id, [place])[0]
