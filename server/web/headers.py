"""The headers every answer carries: isolation (for threads in wasm), a strict content policy; and coding."""

import zlib
from urllib.parse import urlsplit

from flask import Flask, Response, request

from ..addresses import is_loopback_host
from ..errors import Unavailable
from .acting import is_about_a_project
from .auth import host_name
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
    "connect-src 'self'{sockets}{images}; img-src 'self' blob: data:{images}; style-src 'self'; font-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
_ALWAYS = ("base-uri", "form-action", "frame-ancestors")
_ONLY_TLS = "max-age=31536000"  # seconds; of this host alone, not of those below it
_SECRET = "/s/"  # below it, addresses hold the secrets of links
_COMPRESSED_TYPES = ("application/json", "text/html")
_WORTH_COMPRESSING_BYTES = 1000
_INLINE_BYTES = 64_000  # less is compressed in the time a hand-over to another thread takes


def register(app: Flask) -> None:
    app.after_request(_finish)
    app.add_template_global(image_origin)


def _finish(response: Response) -> Response:
    if request.path.startswith(_SECRET):
        response.headers["Referrer-Policy"] = "no-referrer"
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)
    if "Content-Security-Policy" not in response.headers:
        _give_policy(response)
    if _has_host_of_its_own():
        response.headers["Strict-Transport-Security"] = _ONLY_TLS
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


def _give_policy(response: Response) -> None:
    """Who may frame a page, where its forms go and what its addresses mean is never only reported."""
    policy = content_policy(request.environ.get("HTTP_HOST", ""), settings().framing_origins, image_origin())
    place = settings().csp_report_to
    if place:
        policy += f"; report-uri {place}; report-to csp"
        response.headers["Reporting-Endpoints"] = f'csp="{place}"'
    if settings().csp == "report-only":
        response.headers["Content-Security-Policy-Report-Only"] = policy
        policy = "; ".join(part for part in policy.split("; ") if part.startswith(_ALWAYS))
    response.headers["Content-Security-Policy"] = policy


def _has_host_of_its_own() -> bool:
    """Asked over TLS by a name that no other program has. Below a path of a host, whose is the host's to say; at a
    port, other programs are at other ports, and what browsers are told holds for all of them."""
    host = request.environ.get("HTTP_HOST", "")
    name = host_name(host)
    if not request.is_secure or request.script_root or name is None or is_loopback_host(name):
        return False
    return urlsplit(f"//{host}").port is None


def image_origin() -> str:
    """From where browsers fetch images that are not here; "": nowhere."""
    bucket = settings().bucket
    return bucket.direct if bucket is not None else ""


def content_policy(host: str, framing_origins: tuple[str, ...] = (), images: str = "") -> str:
    """`host`: of the request, checked by `auth`; older browsers do not count its sockets as 'self'. `images`: an origin
    that has some."""
    plain = all(c.isalnum() or c in ".-:[]" for c in host)
    sockets = f" ws://{host} wss://{host}" if host and plain else ""
    return _POLICY.format(
        sockets=sockets,
        images=f" {images}" if images else "",
        ancestors=" ".join(framing_origins) or "'none'",
    )


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
