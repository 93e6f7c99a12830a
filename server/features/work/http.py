"""/api/projects/{id}/assignments and the common queue: who works on which images."""

from flask import Blueprint, Response, jsonify, request

from ...domain.times import optional_timestamp
from ...runtime.afterwards import afterwards
from ...runtime.queue.base import Urgency
from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ..accounts.http import need_accounts
from ..projects.shapes import project_image_json, project_images_json
from .schema import Taken

blueprint = Blueprint("work", __name__, url_prefix="/api/projects/<project_id>")
blueprint.before_request(need_accounts)


@blueprint.get("/assignments")
@may("project.read")
def shares(project_id: str) -> Response:
    """Who has how many images in which state."""
    return jsonify(services().assignments.shares(actor(), project_id))


@blueprint.post("/assignments")
@may("work.assign")
def assign(project_id: str) -> Response:
    """Images to one person, evenly to several, or to nobody."""
    return jsonify(services().assignments.assign(actor(), project_id, json_body()))


@blueprint.post("/assignments/take")
@may("work.take")
def take(project_id: str) -> Response:
    """The next image of the common queue, after the image `after`; the one behind it is encoded ahead."""
    taken = services().assignments.take(actor(), project_id, request.args.get("after") or None)
    if taken is None:
        return jsonify(Taken(None, None))
    place = services().project_images.get(project_id, taken.image_id)
    [image] = project_images_json(services(), actor(), project_id, [place])
    with afterwards("beginning to encode"):
        following = services().assignments.offered(actor(), project_id, taken.image_id)
        if following is not None:
            spec = services().projects.segmenter(project_id)
            services().embeddings.ensure(services().images.get(following), spec, Urgency.AHEAD)
    until = taken.leased_until
    return jsonify(Taken(image, optional_timestamp(until)))


@blueprint.post("/images/<image_id>/review")
@may("review.decide", visitors="image")
def decide(project_id: str, image_id: str) -> Response:
    """Accept what is done, return it, or take that back."""
    _, image = services().project_images.get(project_id, image_id)
    # Read before the change: its event has to go out even if reading fails afterwards.
    embedding = services().embeddings.describe(image, services().projects.segmenter(project_id))
    seen = services().reviews.decide(actor(), project_id, image_id, json_body())
    return jsonify(project_image_json(image, embedding, seen[image_id]))


@blueprint.post("/assignments/give-back")
@may("work.take")
def give_back(project_id: str) -> Response:
    """Images of one's own become nobody's, for the queue to offer."""
    return jsonify(services().assignments.give_back(actor(), project_id, json_body()))
