"""/s/{token}/embed: the image of a link in a frame of somebody's page, where browsers send no cookies."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from ...contract import to_json
from ...domain.visits import Visit
from ...errors import NotFound, Unavailable, unknown
from ...inference.catalog import FOR_BROWSERS
from ...services import services
from ...web.acting import may
from ...web.files import send_blob, send_shipped
from ...web.headers import content_policy, image_origin
from ...web.language import languages, messages
from ..accounts.http import address, need_accounts
from ..embeddings.http import send_embedding
from .page import boot_of

blueprint = Blueprint("embeds", __name__, url_prefix="/s/<token>/embed")

_KEPT = "private, max-age=3600"


@blueprint.get("")
@may("public")
def page(token: str) -> Response:
    """A page for a frame: the image, prompts and candidates, or what is drawn on it to look at. What is made stays in
    the frame, whose page hears of it."""
    content = services().bundles.embedded(_visit(token), f"/s/{token}/embed")
    boot = boot_of(content, [to_json(each) for each in content.images])
    words = {"languages": list(languages()), "messages": dict(messages())}
    response = Response(render_template("embed.html", page="demo", boot=boot | words, title=content.title))
    host = request.environ.get("HTTP_HOST", "")
    response.headers["Content-Security-Policy"] = content_policy(host, ("*",), image_origin())
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/image")
@may("public")
def image(token: str) -> ResponseReturnValue:
    """Upright, as browsers show it."""
    visit = _visit(token)
    _, shown = services().project_images.get(visit.project_id, visit.image_id or "")
    return send_blob(services().blobs, services().image_files.display(shown), shown.display_type, _KEPT)


@blueprint.get("/embedding")
@may("public")
def embedding(token: str) -> Response:
    """Once it is there. Raises EmbeddingTimeout."""
    answer = send_embedding(services().bundles.encoded(_trying(token)), _KEPT)
    if answer is None:
        raise Unavailable("The image has to be encoded again.", hint="Try again in a minute.")
    return answer


@blueprint.get("/decoder/<file>")
@may("public")
def decoder(token: str, file: str) -> Response:
    visit = _trying(token)
    if file not in FOR_BROWSERS:
        raise NotFound(unknown("network", file, FOR_BROWSERS))
    return send_shipped(services().projects.segmenter(visit.project_id).path(file), _KEPT)


def _visit(token: str) -> Visit:
    need_accounts()
    return services().visits.embedded(token, address())


def _trying(token: str) -> Visit:
    """Of whoever may segment. Raises NotFound."""
    visit = _visit(token)
    if visit.kind != "try":
        raise NotFound()
    return visit
