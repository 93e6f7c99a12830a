"""Which requests are answered at all: checks of Host and Origin, the same for HTTP and for the socket.

What has to be kept out are other web pages in the visitor's browser: a page of another origin (Origin,
Sec-Fetch-Site), and a foreign name that was made to point at this machine (Host; "DNS rebinding"). A server without
accounts answers its own machine only, and nothing that a proxy or a tunnel passes on. Who somebody is, is `identity`'s.
"""

import ipaddress
import socket
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request

from ..addresses import LOOPBACK_HOSTS
from ..config import Settings
from ..errors import Forbidden, SamphireError
from . import credentials, proxy
from .context import settings as settings_of_app

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def check_request(environ: Mapping[str, Any], settings: Settings) -> None:
    """Raises Forbidden. `environ`: of WSGI; the socket's handshake has one too."""
    host = str(environ.get("HTTP_HOST", ""))
    _check_host(environ, host, settings)
    _check_origin(environ, host, settings)
    if not settings.is_team and not _is_at_machine(environ, host):
        raise Forbidden(
            "This server is for whoever sits at its machine, and this request was passed on from elsewhere.",
            hint="Start it with --team: everybody then signs in with an account."
            + _ignored(environ, settings),
        )


def refusal(environ: Mapping[str, Any], settings: Settings) -> SamphireError | None:
    """What `check_request` raises, for callers that only ask."""
    try:
        check_request(environ, settings)
    except Forbidden as error:
        return error
    return None


def _is_at_machine(environ: Mapping[str, Any], host: str) -> bool:
    """As far as can be told. A loopback address is not enough, since a proxy on this machine has one too: nothing may
    tell that the request was passed on."""
    name = host_name(host)
    own = name is not None and (name in LOOPBACK_HOSTS or _is_loopback(name))
    return own and _is_loopback(environ.get("REMOTE_ADDR")) and not proxy.was_passed_on(environ)


def register(app: Flask) -> None:
    app.before_request(_guard)


def _guard() -> None:
    if request.path not in OPEN_PATHS:
        check_request(request.environ, settings_of_app())


def _check_host(environ: Mapping[str, Any], host: str, settings: Settings) -> None:
    name = host_name(host)
    allowed = {host_name(address) for address in settings.allowed_addresses}
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


def host_name(host: str) -> str | None:
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
    if environ.get("REQUEST_METHOD", "GET") in _SAFE_METHODS:
        return
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if origin is None and site in ("cross-site", "same-site"):
        raise Forbidden(f"Requests from other web pages are refused: Sec-Fetch-Site says {site}.")
    if origin is None and site != "same-origin" and credentials.cookies(environ):
        raise Forbidden(
            "A change that is asked for with a cookie must say which page asks for it: both Origin and Sec-Fetch-Site "
            "are missing.",
            hint="Programs send an API token as `Authorization: Bearer` instead of a cookie.",
        )
