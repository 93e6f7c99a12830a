"""/api/projects/{id}/bundle: images of a project as a page that segments them without a server."""

from flask import Blueprint, Response, request

from ... import paths
from ...domain.outside.ids import parse_ids
from ...services import services
from ...web.acting import actor, may
from ...web.context import flag
from ...web.files import attachment
from ...web.language import language, messages
from .page import Content, Words, write_file

blueprint = Blueprint("bundles", __name__, url_prefix="/api/projects/<project_id>")


@blueprint.get("/bundle")
@may("project.export")
def bundle(project_id: str) -> Response:
    """One HTML file with the images that `images` names, comma-separated; with `objects=1` what is drawn on them."""
    ids = parse_ids(request.args.get("images", "").split(","))
    words = Words(language(), messages())
    content = services().bundles.content(actor(), project_id, ids, objects=flag("objects"), words=words)
    response = Response(services().pools.compute(_written, content), mimetype="text/html")
    response.headers["Content-Disposition"] = attachment(f"{content.title}.html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _written(content: Content) -> bytes:
    return b"".join(write_file(content, paths.STATIC))
