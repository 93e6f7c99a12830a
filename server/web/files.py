"""Sends files the program ships: with the right type, compressed where that helps."""

from functools import lru_cache
from pathlib import Path

import brotli
from flask import Response, request, send_file

from server.web.coding import choose_coding
from server.web.context import services

FOREVER = "private, max-age=31536000, immutable"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".onnx": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_TEXT = (".css", ".js", ".json", ".map", ".mjs", ".svg", ".webmanifest")
_COMPRESSED_HERE_BYTES = 2_000_000


def send_shipped(path: Path, cache_control: str = FOREVER) -> Response:
    """A file, in brotli where the client takes it: from `<file>.br` beside it, or, for text, compressed once
    here.

    The type comes from the table above, never from the operating system's registry."""
    packed = path.with_name(path.name + ".br")
    wants_brotli = choose_coding(request.accept_encodings, ("br",)) == "br"
    content_type = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
    coded = False
    if packed.is_file():
        coded = wants_brotli
        response = send_file(packed if coded else path, mimetype=content_type, conditional=True)
    elif path.suffix in _TEXT and wants_brotli and path.stat().st_size <= _COMPRESSED_HERE_BYTES:
        coded = True
        stamp = path.stat().st_mtime_ns
        response = Response(services().pools.compute(_brotli, path, stamp))
        response.set_etag(f"{stamp:x}-br")
        response.make_conditional(request)
    else:
        response = send_file(path, mimetype=content_type, conditional=True)
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = cache_control
    response.headers["Vary"] = "Accept-Encoding"
    if coded:
        response.headers["Content-Encoding"] = "br"
    return response


@lru_cache(maxsize=512)
def _brotli(path: Path, _stamp: int) -> bytes:
    return brotli.compress(path.read_bytes(), quality=9)
