"""The WebSocket under Socket.IO, hardened: bounded messages, whole sends, and no traceback for a hostile
frame.

engineio's own wrapper of simple-websocket hands on none of the limits, and simple-websocket calls `send`,
which on gevent's sockets may write only a part of a large message.
"""

from collections.abc import Callable, Iterable
from typing import Any

import gevent.event
import gevent.selectors
import simple_websocket
from engineio.async_drivers.gevent import Thread
from gevent.lock import Semaphore
from wsproto.utilities import ProtocolError

MAX_MESSAGE_BYTES = 256_000  # the largest honest one carries a mask: 64 kB of logits and a few points
_PING_SECONDS = 25
_EXTENSIONS = "HTTP_SEC_WEBSOCKET_EXTENSIONS"  # compression is not negotiated: what is large comes compressed
_COOPERATIVE: dict[str, Any] = {
    "thread_class": Thread,
    "event_class": gevent.event.Event,
    "selector_class": gevent.selectors.DefaultSelector,
}


class _WholeSends:
    """A socket whose `send` writes everything, one caller at a time."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._one_at_a_time = Semaphore()

    def send(self, data: bytes) -> int:
        with self._one_at_a_time:
            self._sock.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Server(simple_websocket.Server):
    sock: Any

    def handshake(self) -> None:
        self.sock = _WholeSends(self.sock)
        super().handshake()


class BoundedWebSocket:
    """What engineio asks of a WebSocket: called as a WSGI application, then `send`, `wait` and `close`."""

    def __init__(self, handler: Callable[["BoundedWebSocket"], Any], server: Any) -> None:
        self._handler = handler
        self._socket: _Server | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            self._socket = _Server(
                {name: value for name, value in environ.items() if name != _EXTENSIONS},
                max_message_size=MAX_MESSAGE_BYTES,
                ping_interval=_PING_SECONDS,
                **_COOPERATIVE,
            )
        except (simple_websocket.ConnectionError, ProtocolError, RuntimeError, ValueError):
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        try:
            self._handler(self)
        except (ValueError, KeyError, TypeError, IndexError):  # a frame that is no Engine.IO packet
            self.close()
        return []

    def send(self, message: str | bytes) -> None:
        try:
            self._open().send(message)
        except simple_websocket.ConnectionClosed:
            raise OSError("the WebSocket is closed") from None

    def wait(self) -> str | bytes | None:
        """The next message; None when the other side is gone."""
        try:
            return self._open().receive()
        except simple_websocket.ConnectionClosed:
            return None

    def close(self) -> None:
        socket = self._open()
        if socket.connected:
            socket.close()

    def _open(self) -> _Server:
        if self._socket is None:
            raise OSError("the WebSocket was never open")
        return self._socket
