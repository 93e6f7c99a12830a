"""gevent's HTTP server, hardened: what a client sends too slowly, breaks off or never sends costs nobody else."""

import contextlib
import logging
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any, cast

import gevent
from flask import Flask
from gevent.pywsgi import WSGIHandler, WSGIServer
from werkzeug.exceptions import ClientDisconnected

from ..config import Settings
from ..errors import TooManyRequests, Unavailable
from .connections import Connections, limits
from .context import CONNECTION
from .errors import as_response
from .proxy import is_trusted

log = logging.getLogger(__name__)

_SILENCE_SECONDS = 75.0  # a connection on which nothing moves any more is closed
_HEADER_SECONDS = 20.0  # for all headers of a request
_DISCARD_SECONDS = 30.0  # for a body that was not asked for
_REFUSED_SECONDS = 2.0  # for the request of a connection too many
_REFUSED_AT_ONCE = 64
_LINK = re.compile(r"/s/[\w-]+")  # holds a secret
_PIECE_BYTES = 256_000  # of an answer: each has the time above


class _Body:
    """The bytes of a request. Where they end early, `ClientDisconnected`: nobody is left to tell of an error."""

    def __init__(self, inner: Any, lost: Callable[[], None]) -> None:
        self._inner, self._lost = inner, lost

    def read(self, size: int | None = None) -> bytes:
        with self._whole():
            return self._inner.read(size)

    def readline(self, size: int | None = None) -> bytes:
        with self._whole():
            return self._inner.readline(size)

    def readlines(self, _hint: int | None = None) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self._lost()
            raise ClientDisconnected from None


class Handler(WSGIHandler):
    """Counts the requests being answered, so that stopping can wait for them (Socket.IO's do not count: some
    never end), and closes a connection whose WebSocket ended instead of reading more HTTP from it."""

    _crowded = False

    def handle(self) -> None:
        server, address = cast(Server, self.server), str(self.client_address[0])
        self._crowded = not server.connections.enter(id(self), address)
        if self._crowded:
            self.socket.settimeout(_REFUSED_SECONDS)
        try:
            super().handle()
        finally:
            server.connections.leave(id(self))

    def handle_one_request(self) -> Any:
        connections = cast(Server, self.server).connections
        connections.rest(id(self), self._close)
        try:
            return super().handle_one_request()
        finally:
            connections.work(id(self))

    def _close(self) -> None:
        """End a connection that waits for a request."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def read_request(self, raw_requestline: str) -> Any:
        with gevent.Timeout(_HEADER_SECONDS, TimeoutError):
            return super().read_request(raw_requestline)

    def get_environ(self) -> dict[str, Any]:
        environ = super().get_environ()
        if environ["wsgi.input"] is self.wsgi_input:
            environ["wsgi.input"] = _Body(self.wsgi_input, self._lose)
        environ[CONNECTION] = self.socket
        return environ

    def _lose(self) -> None:
        self.close_connection = True

    def handle_one_response(self) -> None:
        environ, server = self.environ or {}, cast(Server, self.server)
        server.connections.work(id(self))
        if self._crowded:
            self.application, self.close_connection = server.refuse, True
        if "/socket.io/" in environ.get("PATH_INFO", ""):  # below a base path, too
            super().handle_one_response()
            if "HTTP_UPGRADE" in environ:
                self.close_connection = True
            return
        server.answering += 1
        try:
            super().handle_one_response()
        finally:
            server.answering -= 1

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if cast(Server, self.server).stopping and not status.startswith("101"):
            headers = [*headers, ("Connection", "close")]
        return super().start_response(status, headers, exc_info)

    def run_application(self) -> None:
        """What is left of a body is read to its end, or the connection ended: another request may stand behind it."""
        try:
            super().run_application()
        finally:
            body: Any = self.wsgi_input
            with contextlib.suppress(OSError), gevent.Timeout(_DISCARD_SECONDS, TimeoutError):
                body._discard()
                body = None
            if body is not None:
                self.close_connection = True
            self.wsgi_input: Any = _Nothing()

    def _sendall(self, data: bytes) -> None:
        for start in range(0, len(data), _PIECE_BYTES):
            super()._sendall(data[start : start + _PIECE_BYTES])  # type: ignore[misc]

    def handle_error(self, t: Any, v: Any, tb: Any) -> None:
        """A client that stopped reading is no error."""
        if isinstance(v, TimeoutError):
            self.close_connection = True
        else:
            super().handle_error(t, v, tb)

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes] | None:
        """What is no request is its sender's trouble, and not worth a line; one that stops halfway gets no answer."""
        if isinstance(ex, OSError):
            return None
        return super()._handle_client_error(ex if isinstance(ex, ValueError) else ValueError(str(ex)))  # type: ignore[misc]

    def log_error(self, msg: str, *args: object) -> None:
        """Bytes that are no HTTP are the sender's trouble; errors of ours go another way."""
        log.debug("%s", _LINK.sub("/s/...", msg % args if args else msg))


class _Nothing:
    def _discard(self) -> None:
        """There is nothing to read any more."""


class Server(WSGIServer):
    """`answering`: how many requests are under way. `stopping`: whether each answer ends its connection, so that
    proxies send nothing more on one that is about to end."""

    handler_class = Handler
    answering = 0
    stopping = False
    _taken = (
        0  # connections, from the moment one is taken: a hundred may be before the first of them is handled
    )

    def __init__(self, listener: socket.socket, app: Flask, settings: Settings, port: int) -> None:
        self.connections = Connections(*limits(), lambda address: is_trusted(address, settings))
        super().__init__(
            listener,
            app,
            log=None,
            error_log=logging.getLogger("samphire.http"),
            environ={"SERVER_NAME": settings.host, "SERVER_PORT": str(port)},
        )

    def do_handle(self, *args: Any) -> None:
        self._taken += 1
        super().do_handle(*args)

    def handle(self, sock: Any, address: Any) -> None:
        """Without TCP_NODELAY an answer's body waits 40 ms for the other side to acknowledge its headers.

        What a client sends or takes too slowly, or breaks off, ends its connection and nothing else."""
        try:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(_SILENCE_SECONDS)
                super().handle(sock, address)
        finally:
            self._taken -= 1
            if not self.full():
                self._start_accepting_if_started()  # type: ignore[attr-defined]

    def full(self) -> bool:
        """Whether new connections have to wait to be taken; even to refuse one takes a descriptor."""
        return self._taken >= self.connections.most + _REFUSED_AT_ONCE

    def refuse(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """The answer to a connection too many."""
        if len(self.connections) > self.connections.most:
            error: Any = Unavailable("The server has too many connections open.")
        else:
            most = self.connections.most_of_one
            error = TooManyRequests(
                f"This address has {most} connections open.", hint="Close some of them, then try again."
            )
        return as_response(error)(environ, start_response)
