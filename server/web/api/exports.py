"""/api/export/{format} and /api/images/{id}/export/{format}: annotations as files of other programs'
formats.
"""

from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote

from flask import Blueprint, Response

from server.web.context import services

blueprint = Blueprint("exports", __name__)

_PIECE_CHARACTERS = 64_000


@blueprint.get("/api/export/<format_name>")
def everything(format_name: str) -> Response:
    """The annotations of all images in one file."""
    return _file(format_name, None, "samphire")


@blueprint.get("/api/images/<image_id>/export/<format_name>")
def one_image(image_id: str, format_name: str) -> Response:
    """The annotations of one image."""
    return _file(format_name, image_id, PurePath(services().images.get(image_id).name).stem)


def _file(format_name: str, image_id: str | None, stem: str) -> Response:
    chosen = services().exports.format(format_name)
    pieces = services().exports.write(format_name, image_id)
    response = Response(_larger(pieces), mimetype=chosen.content_type)
    response.headers["Content-Disposition"] = _attachment(f"{stem}.{format_name}.{chosen.extension}")
    return response


def _attachment(name: str) -> str:
    """RFC 6266: any name, and a plain one for old programs."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _larger(pieces: Iterator[str]) -> Iterator[bytes]:
    """The same text in few pieces: each one costs a write to the network."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE_CHARACTERS:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
