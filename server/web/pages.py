"""The pages: HTML with the data the browser's part starts from. Everything else it asks the API for."""

from typing import Any

from flask import Blueprint, render_template

from server.paths import VERSION
from server.storage.tables import Image
from server.web.context import services
from server.web.shapes import image_json, limits_json, segmenters_json
from server.web.static import static_url

blueprint = Blueprint("pages", __name__)

# What main.js imports once it knows the page; a test holds the two together.
HOME_MODULES = ("js/ui/home/page.js",)
ANNOTATE_MODULES = (
    "js/net/socket.js",
    "js/segment/segmenter.js",
    "js/scene/session.js",
    "js/render/stage.js",
    "js/tools/index.js",
    "js/actions/keys.js",
    "js/ui/annotate/page.js",
    "js/ui/annotate/scripting.js",
)


@blueprint.get("/")
def home() -> str:
    """Drop zone and recent images."""
    return render_template("home.html", boot=_boot(None), modules=HOME_MODULES)


@blueprint.get("/images/<image_id>")
def annotate(image_id: str) -> str:
    """The annotate page of one image."""
    image = services().images.get(image_id)
    return render_template("annotate.html", boot=_boot(image), image=image, modules=ANNOTATE_MODULES)


def _boot(image: Image | None) -> dict[str, Any]:
    """What the page's script reads from its #boot element."""
    return {
        "version": VERSION,
        "static": static_url().rstrip("/"),
        "image": None if image is None else image_json(services(), image),
        "segmenters": segmenters_json(services()),
        "segmenter": services().settings.segmenter,
        "limits": limits_json(services()),
    }
