"""`/metrics` on an address of its own; and `/healthz`, for workers, which have no other.

A path on the server's own port would be open to whoever a proxy lets in, and a token for it one more secret to hand
out and renew; who reaches another port is decided where networks are."""

import logging
import socket
from collections.abc import Callable, Iterable
from typing import Any

from gevent.pywsgi import WSGIServer

from ...runtime.metrics import COUNTED
from ...runtime.metrics.instruments import CONTENT_TYPE, Instrument, text

log = logging.getLogger(__name__)


class MetricsServer(WSGIServer):
    def __init__(self, listener: socket.socket, readings: Iterable[Instrument]) -> None:
        self._instruments = (*COUNTED, *readings)
        super().__init__(listener, self._answer, log=None, error_log=logging.getLogger("samphire.http"))

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"] if environ["REQUEST_METHOD"] in ("GET", "HEAD") else ""
        if path == "/healthz":  # looks at nothing: a process is alive without its database
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"ok\n"]
        if path != "/metrics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"Metrics are at /metrics.\n"]
        body = text(self._instruments, _failed).encode()
        start_response("200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))])
        return [body]


def _failed(instrument: Instrument, error: Exception) -> None:
    log.warning("Metrics go without %s: %s", getattr(instrument, "name", instrument), error)
