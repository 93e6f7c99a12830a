"""/api/images/{id}/embedding: ask for an embedding, and fetch it: immutable, in the coding asked for."""

from flask import Blueprint, Response, jsonify, request

from ...contract.answers import Error
from ...domain.compression import CODINGS
from ...domain.windows import find_window
from ...errors import NotFound
from ...inference.catalog import SegmenterSpec
from ...services import services
from ...storage.tables import Embedding, Image
from ...web.acting import actor, may
from ...web.coding import choose_coding
from ...web.files import FOREVER
from ..images.fields import image_version

blueprint = Blueprint("embeddings", __name__, url_prefix="/api/images/<image_id>/embedding")


@blueprint.post("")
@may("image.segment", about="image", visitors="image")
def ask(image_id: str) -> tuple[Response, int]:
    """Have the image or a window of it encoded; tries again what failed. 200 when it is ready, else 202."""
    image = services().images.get(image_id)
    spec = services().projects.segmenter_for(actor(), request.args.get("segmenter"))
    state = services().embeddings.ensure(image, spec, window=_window(image), actor=actor())
    return jsonify(state), 200 if state.state == "ready" else 202


@blueprint.get("")
@may("image.segment", about="image", visitors="image")
def fetch(image_id: str) -> Response | tuple[Response, int]:
    """The embedding's bytes, or 202 with how it stands (and a job started, unless one failed)."""
    image = services().images.get(image_id)
    weights = request.args.get("weights")
    spec = _asked_for(request.args.get("segmenter"), weights)
    current = request.args.get("version", "") == image_version(image)
    if "version" in request.args and not current:
        raise NotFound(
            "The image's display settings have changed since this address was made.",
            hint="Fetch the image again.",
        )
    window = _window(image)
    row = services().embeddings.find(image, spec, window)
    if row is not None:
        kept = FOREVER if weights is not None and current else "private, no-cache"
        answer = send_embedding(row, kept)
        if answer is not None:
            return answer
    return _not_yet(image, spec, window)


def _asked_for(segmenter: str | None, weights: str | None) -> SegmenterSpec:
    """What embeddings carry says more than a name, which another segmenter with the same encoder may take over.
    Raises SegmenterNotFound, NotFound."""
    projects = services().projects
    sharing = [spec for spec in projects.segmenters_for(actor()) if spec.encoding == weights]
    spec = sharing[0] if sharing else projects.segmenter_for(actor(), segmenter)
    if weights is not None and not sharing:
        raise NotFound(
            "The segmenter's weights have changed since this address was made.",
            hint=f"Ask without weights=, or with the present ones: {spec.encoding}.",
        )
    return spec


def _window(image: Image) -> str:
    """The key of the window that is asked about, which the image has; "" for the whole image. Raises WindowNotFound."""
    key = request.args.get("window")
    return "" if key is None else find_window(key, image.width, image.height).key


def _not_yet(image: Image, spec: SegmenterSpec, window: str) -> tuple[Response, int]:
    embeddings = services().embeddings
    state = embeddings.describe(image, spec, window)
    if state.state == "none":
        state = embeddings.ensure(image, spec, window=window, actor=actor())
    if state.error is not None:
        return jsonify(Error(False, state.error)), 500
    answer = jsonify(state)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 202


def send_embedding(row: Embedding, cache_control: str) -> Response | None:
    """None when the bytes are lost."""
    coding = choose_coding(request.accept_encodings, tuple(CODINGS))
    made = int(1000 * row.created_at.timestamp())
    answer = Response(mimetype="application/octet-stream")
    etag = f"{row.image_id}-{row.segmenter}-{row.weights[:12]}-{row.window}-{made}-{coding}"
    answer.set_etag(etag)
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = cache_control
    if not request.if_none_match.contains(etag):
        data = services().embeddings.content(row, coding)
        if data is None:
            return None
        answer.set_data(data)
        if coding != "identity":
            answer.headers["Content-Encoding"] = coding
    else:
        answer.status_code = 304
    return answer
