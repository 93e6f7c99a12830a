"""What a request proves with who sends it: the cookie of a browser that is signed in, or a program's token."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request

from .context import settings

VISIT = "visit"  # the cookie of a visitor
_TOKEN = "smp_"  # with which API tokens begin


def bearer(environ: Mapping[str, Any]) -> str | None:
    """The token of `Authorization: Bearer`, or of a program that knows no scheme but `Basic`, for which it is the
    password; other schemes and passwords are for a proxy in between. `environ`: of WSGI; the socket's handshake has one
    too."""
    scheme, _, token = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "basic":
        return _password(token)
    return token.strip() if scheme.lower() == "bearer" else None


def _password(pair: str) -> str | None:
    """Of name:password in base64, where it is an API token."""
    try:
        password = base64.b64decode(pair.strip(), validate=True).decode().partition(":")[2]
    except (ValueError, UnicodeDecodeError):
        return None
    return password if password.startswith(_TOKEN) else None


def cookie(environ: Mapping[str, Any], of: str = "") -> str | None:
    """What our cookie holds; None where it does not count: there is none, or a token goes before it. `of`: another than
    that of who is signed in."""
    if bearer(environ) is not None:
        return None
    # Not `SimpleCookie`: one odd cookie of another program on this host would hide all others from it.
    wanted = _name(environ, of)
    pairs = (pair.strip().partition("=") for pair in str(environ.get("HTTP_COOKIE", "")).split(";"))
    return next((value for name, _, value in pairs if name == wanted and value), None)


def cookies(environ: Mapping[str, Any]) -> bool:
    """Whether a cookie says who sends a request."""
    return cookie(environ) is not None or cookie(environ, VISIT) is not None


def put_cookie(response: Response, secret: str, seconds: int, of: str = "") -> Response:
    """Lax, not Strict: following a link from a chat must work at once. Other sites' frames need None, where they may
    show this server at all; browsers take that with https only."""
    framed = bool(settings().framing_origins) and request.is_secure
    response.set_cookie(
        _name(request.environ, of),
        secret,
        max_age=seconds,
        path=f"{request.script_root}/",
        httponly=True,
        samesite="None" if framed else "Lax",
        secure=request.is_secure,
        partitioned=framed,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def clear_cookie(response: Response, of: str = "") -> Response:
    return put_cookie(response, "", 0, of)


def forget_visit(response: Response) -> Response:
    """Where the browser has the cookie of a visit that has ended."""
    return response if cookie(request.environ, VISIT) is None else clear_cookie(response, VISIT)


def _name(environ: Mapping[str, Any], of: str) -> str:
    """Browsers send a host's cookies to all its ports, so two servers on one machine need two names. With https a
    prefix has them take it from this very host alone (`__Host-`, for the path / only), or from https alone."""
    try:
        port = urlsplit(f"//{environ.get('HTTP_HOST', '')}").port
    except ValueError:  # of a host that `auth` refuses
        port = None
    secure = environ.get("wsgi.url_scheme") == "https"
    prefix = "" if not secure else "__Secure-" if environ.get("SCRIPT_NAME") else "__Host-"
    return f"{prefix}samphire-{port or (443 if secure else 80)}" + (f"-{of}" if of else "")
