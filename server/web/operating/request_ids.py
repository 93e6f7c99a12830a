"""A name for each request: in its log lines, its answer's header, and what tells of a failure inside."""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from ...config import Settings
from ...runtime.logs import about, no_more
from ..proxy import WSGI, is_trusted

HEADER = "X-Request-ID"
REQUEST = "samphire.request"  # its name, in a WSGI environment; of the socket's handshake, too
BEGAN = "samphire.began"  # when it came, by `time.perf_counter`
_WELL_FORMED = re.compile(r"[A-Za-z0-9_.:=+/-]{8,128}", re.ASCII)


def register(app: Flask, settings: Settings) -> None:
    """Outermost: also what is refused has a name."""
    app.wsgi_app = _Named(app.wsgi_app, settings)  # type: ignore[method-assign]


class _Named:
    def __init__(self, inner: WSGI, settings: Settings) -> None:
        self._inner, self._settings = inner, settings

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        name = environ[REQUEST] = self._name(environ)
        environ[BEGAN] = time.perf_counter()
        lines = about(request=name)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (HEADER, name)], *rest)

        try:
            return self._inner(environ, start)
        finally:
            no_more(lines)

    def _name(self, environ: dict[str, Any]) -> str:
        """A proxy's, where it is trusted and speaks plainly."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        trusted = given and is_trusted(environ.get("REMOTE_ADDR"), self._settings)
        return given if trusted and _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
