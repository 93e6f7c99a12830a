"""Behind a reverse proxy: under the path it gives this server, and believing what it says where it is named.

The path may come with each request or be stripped by the proxy: both are answered. X-Forwarded-For, -Proto, -Host,
-Port and -Prefix count only from addresses in --trusted-proxies, and only their last values, which that proxy wrote.
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from ..addresses import read_base_path
from ..config import Settings

_HEADERS = ("FOR", "PROTO", "HOST", "PORT", "PREFIX")
_PASSED_ON = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_REAL_IP",
    "HTTP_X_FORWARDED_",
    "HTTP_CF_",
    "HTTP_TRUE_CLIENT_IP",
)
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def register(app: Flask, settings: Settings) -> None:
    """Outermost: whatever stands behind sees the request as its sender made it, without the path."""
    app.wsgi_app = _Proxied(app.wsgi_app, settings)  # type: ignore[method-assign]
    app.add_template_global(lambda: request.script_root, "base")


def speaks(environ: Mapping[str, Any]) -> bool:
    """Whether a proxy says something of the request."""
    return any(f"HTTP_X_FORWARDED_{name}" in environ for name in _HEADERS)


def was_passed_on(environ: Mapping[str, Any]) -> bool:
    """Whether any header tells of a proxy or a tunnel, trusted or not."""
    return any(name.startswith(_PASSED_ON) for name in environ)


def is_trusted(peer: Any, settings: Settings) -> bool:
    """`peer`: the address at the other end of the connection."""
    try:
        address = ipaddress.ip_address(str(peer).partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in settings.proxy_networks)


class _Proxied:
    def __init__(self, inner: WSGI, settings: Settings) -> None:
        self._inner, self._settings = inner, settings
        self._told = ProxyFix(self._based, x_for=1, x_proto=1, x_host=1, x_port=1, x_prefix=1)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not speaks(environ) or not is_trusted(environ.get("REMOTE_ADDR"), self._settings):
            environ["SCRIPT_NAME"] = ""
            return self._based(environ, start_response)
        return self._told(environ, start_response)

    def _based(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        base = self._settings.base or _prefix(environ.get("SCRIPT_NAME", ""))
        path = environ.get("PATH_INFO", "")
        environ["SCRIPT_NAME"] = base
        if base and (path == base or path.startswith(f"{base}/")):
            environ["PATH_INFO"] = path[len(base) :]
        return self._inner(environ, start_response)


def _prefix(text: str) -> str:
    """What a proxy calls the path it took off; nothing where that is no path."""
    try:
        return read_base_path(text)
    except ValueError:
        return ""
