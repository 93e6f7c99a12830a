"""The API's description: /api/openapi.json for programs, /api/docs for people. A test compares it with the
routes.
"""

from flask import Blueprint, Response, jsonify, render_template, request

from ..config import ROWS
from ..web.acting import may
from .document import build
from .schema import type_of

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/api/openapi.json")
@may("public")
def document() -> Response:
    """OpenAPI 3.1."""
    return jsonify(build() | {"servers": [{"url": request.script_root or "/"}]})


@blueprint.get("/api/docs")
@may("public")
def docs() -> str:
    """The same, readable."""
    described = build()
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    return render_template(
        "docs.html", document=described, operations=operations, settings=ROWS, type_of=type_of
    )
