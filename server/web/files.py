"""Sends files: stored ones, those made for an answer, and those the program ships, compressed where that helps."""

import gzip
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import brotli
from flask import Response, redirect, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as WerkzeugResponse

from ..runtime.byte_cache import ByteCache
from ..storage.blobs import SIGNED_SECONDS, BlobStore
from .coding import choose_coding
from .context import pools

FOREVER = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"
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
_TEXT = frozenset({".css", ".js", ".json", ".map", ".mjs", ".svg", ".webmanifest"})
_WEIGHTS = ".onnx"
_DENSE = frozenset({".ico", ".jpg", ".png", ".webp", ".woff2"})
_GZIP_LEVEL = 6
_BROTLI_QUALITY = 9
_WEIGHTS_QUALITY = 5  # numbers shrink by 8 % at any quality: a quarter of a second for 16 MB, not a whole one
_ONE_RANGE = re.compile(
    r"bytes=\s*((?P<first>\d{1,4000})-(?P<last>\d{0,4000})|-(?P<final>\d{1,4000}))\s*",
    re.ASCII | re.IGNORECASE,
)
_compressed: ByteCache[bytes] = ByteCache(64_000_000, len)


def send_stored(path: Path, content_type: str, **options: Any) -> Response:
    """A file or, as `Range` asks, a part of it. `options`: of `flask.send_file`.

    Several ranges at once, other units and what is no range are answered with the whole file (RFC 9110, 14.2)."""
    asked = _ONE_RANGE.fullmatch(request.environ.get("HTTP_RANGE", ""))
    if (
        asked is None
        or request.method != "GET"
        or (asked["last"] and int(asked["last"]) < int(asked["first"]))
    ):
        request.environ.pop("HTTP_RANGE", None)
    elif asked["final"] and int(asked["final"]) > path.stat().st_size:
        request.environ["HTTP_RANGE"] = "bytes=0-"  # the last 500 bytes of 100 are all of them
    response = send_file(path, mimetype=content_type, conditional=False, **options)
    response.make_conditional(request)
    if response.status_code == 200:  # what the client has counts before `Range`
        try:
            response.make_conditional(request, accept_ranges=True, complete_length=path.stat().st_size)
        except RequestedRangeNotSatisfiable:
            response.close()
            raise
    return response


def send_blob(
    blobs: BlobStore, key: str, content_type: str, cache_control: str, **options: Any
) -> Response | WerkzeugResponse:
    """As `send_stored`, of a blob; or where a browser is to fetch it, when the store says so, for a while.

    Only a page's own requests that may be answered by another origin are sent there: an image without `crossorigin`
    would not be shown, and programs need not follow."""
    if request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "cors":
        url = blobs.url(key, content_type)
        if url is not None:
            elsewhere = redirect(url)
            kept = f"private, max-age={SIGNED_SECONDS}" if cache_control == FOREVER else "no-store"
            elsewhere.headers["Cache-Control"] = kept
            elsewhere.headers["Vary"] = "Sec-Fetch-Mode"
            return elsewhere
    with ExitStack() as lent:
        path = pools().store(lambda: lent.enter_context(blobs.local(key)))
        response = send_stored(path, content_type, **options)
    response.headers["Cache-Control"] = cache_control
    return response


def send_drawn(picture: bytes, tag: str, content_type: str = "image/png") -> Response:
    """One that was drawn for this answer; `tag`: of what is on it."""
    response = Response(picture, mimetype=content_type)
    response.headers["Cache-Control"] = _ASK_AGAIN
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def send_csv(table: bytes, name: str) -> Response:
    """As a file of this name."""
    response = Response(table, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = _ASK_AGAIN
    return response


def send_shipped(path: Path, cache_control: str = FOREVER) -> Response:
    """A file, compressed as the client takes it: from `<file>.br` beside it, or once here, then from memory.

    Browsers take brotli from localhost and over https only, so big files need gzip too. The type comes from
    the table above, never from the operating system's registry."""
    packed = path.with_name(path.name + ".br")
    offered = _offered(path, packed)
    coding = choose_coding(request.accept_encodings, offered)
    content_type = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
    if coding == "identity" or (coding == "br" and packed.is_file()):
        source = path if coding == "identity" else packed
        response = send_stored(source, content_type, download_name=path.name)
    else:
        stamp = path.stat().st_mtime_ns
        response = Response(_compressed_once(path, stamp, coding))
        response.set_etag(f"{stamp:x}-{coding}")
        response.make_conditional(request)
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = cache_control
    response.headers["Vary"] = "Accept-Encoding"
    if coding != "identity":
        response.headers["Content-Encoding"] = coding
    return response


def _offered(path: Path, packed: Path) -> tuple[str, ...]:
    """Brotli takes seconds for megabytes of code, so such files have it only where it was made at installation."""
    if path.suffix in _DENSE:
        return ()
    quick = path.suffix in _TEXT or path.suffix == _WEIGHTS
    return ("br", "gzip") if packed.is_file() or quick else ("gzip",)


def _compressed_once(path: Path, stamp: int, coding: str) -> bytes:
    """What is asked for often enough is kept in memory."""
    key = (path, stamp, coding)
    data = _compressed.get(key)
    if data is None:
        data = pools().compute(_compress, path, coding)
        _compressed.put(key, data)
    return data


def _compress(path: Path, coding: str) -> bytes:
    data = path.read_bytes()
    if coding == "br":
        return brotli.compress(data, quality=_WEIGHTS_QUALITY if path.suffix == _WEIGHTS else _BROTLI_QUALITY)
    return gzip.compress(data, _GZIP_LEVEL, mtime=0)


def attachment(name: str) -> str:
    """For Content-Disposition (RFC 6266): any name, and a plain one for old programs."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
