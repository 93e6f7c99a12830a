"""The headers every answer carries: isolation (for threads in wasm), a strict content policy; and coding."""

import zlib

from flask import Flask, Response, request

from ..errors import Unavailable
from .acting import is_about_a_project
from .coding import choose_coding
from .context import pools, settings

EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), cross-origin-isolated=(self)"
    ),
}
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'{sockets}; img-src 'self' blob: data:; style-src 'self'; font-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
_SECRET = "/s/"  # below it, addresses hold the secrets of links
_COMPRESSED_TYPES = ("application/json", "text/html")
_WORTH_COMPRESSING_BYTES = 1000
_INLINE_BYTES = 64_000  # less is compressed in the time a hand-over to another thread takes


def register(app: Flask) -> None:
    app.after_request(_finish)


def _finish(response: Response) -> Response:
    if request.path.startswith(_SECRET):
        response.headers["Referrer-Policy"] = "no-referrer"
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)
    origins = settings().framing_origins
    policy = content_policy(request.environ.get("HTTP_HOST", ""), origins)
    response.headers.setdefault("Content-Security-Policy", policy)
    if settings().is_team and is_about_a_project():
        response.vary.update(
            ("Cookie", "Authorization")
        )  # what a browser keeps is not the next one's who signs in
    if "Cache-Control" not in response.headers:
        private = (
            request.path.startswith("/api/") or settings().is_team
        )  # Back shows nothing after signing out
        response.headers["Cache-Control"] = "no-store" if private else "no-cache"
    return _compress(response)


def content_policy(host: str, framing_origins: tuple[str, ...] = ()) -> str:
    """`host`: of the request, checked by `auth`; older browsers do not count its sockets as 'self'."""
    plain = all(c.isalnum() or c in ".-:[]" for c in host)
    sockets = f" ws://{host} wss://{host}" if host and plain else ""
    return _POLICY.format(sockets=sockets, ancestors=" ".join(framing_origins) or "'none'")


def _compress(response: Response) -> Response:
    """Lists of annotations and pages are text and can be long. Files negotiate for themselves, and what is saved to
    a disk is sent as it is."""
    if (
        response.mimetype not in _COMPRESSED_TYPES
        or response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or "ETag" in response.headers
        or "Content-Disposition" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    data = response.get_data()
    if len(data) < _WORTH_COMPRESSING_BYTES or choose_coding(request.accept_encodings, ("gzip",)) != "gzip":
        return response
    try:
        small = _gzip(data) if len(data) < _INLINE_BYTES else pools().compute(_gzip, data)
    except Unavailable:  # the server is stopping; what it did is told all the same
        return response
    response.set_data(small)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(5, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
