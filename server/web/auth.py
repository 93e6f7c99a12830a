"""Who may talk to the server: checks of Host, Origin and access token, the same for HTTP and for the socket.

On a loopback address everybody who reaches the port is let in, so what has to be kept out is other web pages
in the same browser: a page of another origin (Origin, Sec-Fetch-Site), and a foreign name that was made to
point at this machine (Host; "DNS rebinding"). On any other address, and behind a proxy that is trusted, the access
token is asked for as well: once in the URL, then in a cookie; or as `Authorization: Bearer` from programs.
"""

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from flask import Flask, Response, redirect, request

from ..config import LOOPBACK_HOSTS, Settings
from ..errors import Forbidden, SamphireError, Unauthorized
from . import proxy
from .context import settings as settings_of_app

OPEN_PATHS = frozenset({"/healthz"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_COOKIE_SECONDS = 30 * 24 * 3600


def check_request(environ: Mapping[str, Any], settings: Settings) -> None:
    """Raises Forbidden or Unauthorized. `environ`: of WSGI; the socket's handshake has one too."""
    host = str(environ.get("HTTP_HOST", ""))
    _check_host(environ, host, settings)
    _check_origin(environ, host, settings)
    if settings.token and not _has_token(environ, settings, host):
        raise Unauthorized()


def refusal(environ: Mapping[str, Any], settings: Settings) -> SamphireError | None:
    """What `check_request` raises, for callers that only ask."""
    try:
        check_request(environ, settings)
    except (Forbidden, Unauthorized) as error:
        return error
    return None


def is_owner(environ: Mapping[str, Any], settings: Settings) -> bool:
    """Whether a request that `check_request` lets in comes from whoever runs this server, as far as can be told.

    That is somebody at this machine, or a program that sends the access token as `Authorization: Bearer`. The cookie
    is not enough: everybody who was sent the link has it. Nor is a loopback address alone, which a proxy on this
    machine has, trusted or not: it counts only where nothing tells that the request was passed on.
    """
    if settings.token and _has_bearer(environ, settings):
        return True
    host = _host_name(str(environ.get("HTTP_HOST", "")))
    own = host is not None and (host in LOOPBACK_HOSTS or _is_loopback(host))
    return own and _is_loopback(environ.get("REMOTE_ADDR")) and not proxy.was_passed_on(environ)


def register(app: Flask) -> None:
    app.before_request(_guard)


def _guard() -> Response | Any | None:
    if request.path in OPEN_PATHS:
        return None
    settings = settings_of_app()
    given = request.args.get("token")
    if given is not None and request.method == "GET" and settings.token and _same(given, settings.token):
        _check_host(request.environ, request.host, settings)
        return _exchange(settings)
    check_request(request.environ, settings)
    return None


def _exchange(settings: Settings) -> Any:
    """The token leaves the URL, which histories and logs keep, and goes into a cookie.

    Lax, not Strict: following the printed link from a chat or a terminal must work at once."""
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "token"]
    root = request.script_root
    path = f"{root}/" + quote(request.path.lstrip("/\\"))  # two slashes would lead to another host
    framed = (
        bool(settings.framing_origins) and request.is_secure
    )  # elsewhere browsers keep it from other sites' frames
    answer = redirect(path + (f"?{urlencode(rest)}" if rest else ""), 303)
    answer.set_cookie(
        _cookie_name(request.host),
        _cookie_value(settings.token),
        max_age=_COOKIE_SECONDS,
        path=f"{root}/",
        httponly=True,
        samesite="None" if framed else "Lax",
        secure=request.is_secure,
        partitioned=framed,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _check_host(environ: Mapping[str, Any], host: str, settings: Settings) -> None:
    name = _host_name(host)
    allowed = {_host_name(address) for address in settings.allowed_addresses}
    if name is None or not (_is_ours(name, settings) or name in allowed):
        raise Forbidden(
            f"This server does not accept the host name {name or host!r} in the Host header.",
            hint=f"Open it at the address it printed, or name the host: --allowed-hosts {name or 'NAME'}."
            + _ignored(environ, settings),
        )


def _ignored(environ: Mapping[str, Any], settings: Settings) -> str:
    """That a proxy spoke, and was not heard."""
    peer = environ.get("REMOTE_ADDR")
    if proxy.speaks(environ) and not proxy.is_trusted(peer, settings):
        return f" X-Forwarded-* headers of {peer} are ignored: it is not among --trusted-proxies."
    return ""


def _host_name(host: str) -> str | None:
    """The name in a Host header, without port and brackets; None when it is no host at all."""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  (raises when it is not a number)
        name = parts.hostname
    except ValueError:
        return None
    if not name or parts.netloc != host or "@" in host:
        return None
    return name.rstrip(".").lower()


def _is_ours(name: str, settings: Settings) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name in LOOPBACK_HOSTS or (not settings.is_local and name in _machine_names())
    # A numeric address cannot be rebound: the browser's idea of the origin is the machine it talks to.
    return address.is_loopback or not settings.is_local


def _is_loopback(address: Any) -> bool:
    try:
        found = ipaddress.ip_address(str(address).partition("%")[0])
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


@lru_cache(maxsize=1)
def _machine_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    return frozenset({name, f"{name.split('.')[0]}.local", name.split(".")[0]})


def _check_origin(environ: Mapping[str, Any], host: str, settings: Settings) -> None:
    """A page is ours when its address is the one we are asked at, or one that --allowed-hosts names to the port."""
    origin = environ.get("HTTP_ORIGIN")
    place = str(origin).partition("://")[2].lower()
    if origin is not None and place != host.lower() and place not in settings.allowed_addresses:
        raise Forbidden(
            "Requests from other web pages are refused: "
            f"the Origin header says {str(origin)[:200]!r}, the Host header {host[:200]!r}.",
            hint="If a proxy stands between, have it pass on Host with its port (nginx: `proxy_set_header Host "
            f"$http_host`), or name the address people use: --allowed-hosts {place[:200] or 'NAME'}."
            + _ignored(environ, settings),
        )
    unsafe = environ.get("REQUEST_METHOD", "GET") not in _SAFE_METHODS
    if unsafe and environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        raise Forbidden("Requests from other web pages are refused: Sec-Fetch-Site says cross-site.")


def _has_token(environ: Mapping[str, Any], settings: Settings, host: str) -> bool:
    if _has_bearer(environ, settings):
        return True
    query = parse_qs(str(environ.get("QUERY_STRING", "")))
    if any(_same(token, settings.token) for token in query.get("token", ())):
        return True
    # Not `SimpleCookie`: one odd cookie of another program on this host would hide all others from it.
    wanted, value = _cookie_name(host), _cookie_value(settings.token)
    pairs = (pair.strip().partition("=") for pair in str(environ.get("HTTP_COOKIE", "")).split(";"))
    return any(name == wanted and _same(given, value) for name, _, given in pairs)


def _has_bearer(environ: Mapping[str, Any], settings: Settings) -> bool:
    scheme, _, bearer = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    return scheme.lower() == "bearer" and _same(bearer.strip(), settings.token)


def _cookie_name(host: str) -> str:
    """Browsers send a host's cookies to all its ports, so two servers on one machine need two names."""
    return f"samphire-{urlsplit(f'//{host}').port or 80}"


def _cookie_value(token: str) -> str:
    """Made from the token, so that reading the cookie does not tell the URL."""
    return hmac.new(token.encode(), b"samphire cookie", hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
