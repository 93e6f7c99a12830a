"""/static/<digest>/...: the browser's part, under addresses that change with its content and so never go
stale.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request
from werkzeug.security import safe_join

from .. import paths
from ..errors import NotFound
from .acting import may
from .files import FOREVER, send_shipped
from .modules import closure

blueprint = Blueprint("static_files", __name__)
_MOST_CHARACTERS = 255  # file systems raise an error for longer names


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.add_template_global(lambda path: request.script_root + static_url(path), "static_url")
    app.add_template_global(module_urls)


def static_url(path: str = "") -> str:
    """The address of a file under `static/`, below the server's own; without a path, what paths are appended to."""
    return f"/static/{digest(paths.STATIC)}/{path}"


def module_urls(*entries: str) -> list[str]:
    """The addresses of these modules under `static/` and of every module they import, for the page being answered."""
    return [request.script_root + static_url(path) for path in closure(paths.STATIC, entries)]


@lru_cache(maxsize=4)
def digest(folder: Path) -> str:
    """12 hexadecimal digits that stand for every name and byte in the folder, as it was when first asked."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".br"):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:12]


@blueprint.get("/static/<version>/<path:path>")
@may("public")
def static_file(version: str, path: str) -> Response:
    """A file of the browser's part; immutable under the current digest, checked every time under another."""
    found = safe_join(str(paths.STATIC), path)
    if found is None or len(path) > _MOST_CHARACTERS or not Path(found).is_file():
        raise NotFound()
    current = version == digest(paths.STATIC)
    return send_shipped(Path(found), FOREVER if current else "no-cache")


@blueprint.get("/favicon.ico")
@may("public")
def favicon() -> Response:
    """Browsers ask for it by themselves."""
    for name in ("icons/favicon.svg", "favicon.svg"):
        if (paths.STATIC / name).is_file():
            return send_shipped(paths.STATIC / name, "no-cache")
    return Response(status=204)
