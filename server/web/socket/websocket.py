"""The WebSocket under Socket.IO, hardened: bounded messages, whole sends, and no traceback for a hostile
frame.

engineio's own wrapper of simple-websocket hands on none of the limits, and simple-websocket calls `send`,
which on gevent's sockets may write only a part of a large message.
"""

import socket as sockets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import gevent
import gevent.event
import gevent.selectors
import simple_websocket
from engineio.async_drivers.gevent import Thread
from gevent.lock import Semaphore
from wsproto.utilities import LocalProtocolError, ProtocolError

from .packets import is_frame

MAX_MESSAGE_BYTES = 256_000  # the largest honest one carries a mask: 64 kB of logits and a few points
SENDER = "samphire.sender"  # in a WSGI environment: whose clients share what may be sent
_PING_SECONDS = 25
_MOST_PER_SECOND, _MOST_OF_SENDER = 100, 500  # messages; further ones wait in the client's own machine
_LEAST_BURST = 40
_MOST_UNREAD = 32  # messages taken from the wire ahead
_EXTENSIONS = "HTTP_SEC_WEBSOCKET_EXTENSIONS"  # compression is not negotiated: what is large comes compressed
_COOPERATIVE: dict[str, Any] = {
    "thread_class": Thread,
    "event_class": gevent.event.Event,
    "selector_class": gevent.selectors.DefaultSelector,
}


_open: Counter[str] = Counter()  # WebSockets by sender


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
    event: Any
    input_buffer: list[Any]

    def handshake(self) -> None:
        self.sock = _WholeSends(self.sock)
        super().handshake()

    def _thread(self) -> None:
        try:
            super()._thread()  # type: ignore[misc]
        except Exception:  # whatever is wrong with what came
            self.connected = False
            self.event.set()
            self.sock.close()

    def give_up(self) -> None:
        """Close without sending anything, and wake whoever waits for a message."""
        self.connected = False
        self.event.set()
        with suppress(OSError):
            self.sock.shutdown(sockets.SHUT_RDWR)

    def _handle_events(self) -> bool:
        going = super()._handle_events()  # type: ignore[misc]
        while going and self.connected and len(self.input_buffer) > _MOST_UNREAD:
            gevent.sleep(0.01)
        return going


class BoundedWebSocket:
    """What engineio asks of a WebSocket: called as a WSGI application, then `send`, `wait` and `close`."""

    def __init__(self, handler: Callable[["BoundedWebSocket"], Any], server: Any) -> None:
        self._handler = handler
        self._socket: _Server | None = None
        self._sender = ""
        self._allowance, self._counted_at = float(_LEAST_BURST), time.monotonic()

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
            return ()
        except OSError:  # the other side is gone already
            return ()
        self._sender = environ.get(SENDER) or environ.get("REMOTE_ADDR", "")
        _open[self._sender] += 1
        try:
            self._handler(self)
        finally:
            _open[self._sender] -= 1
            if not _open[self._sender]:
                del _open[self._sender]
        return ()  # no list, which Engine.IO would answer over HTTP after an upgrade that failed

    def send(self, message: str | bytes) -> None:
        """To one that is gone, nothing is sent. Engine.IO learns of it where it waits: during an upgrade it expects no
        error of sending, and would neither end the upgrade nor let the client go on polling."""
        socket = self._connection()
        try:
            socket.send(message)
        except (simple_websocket.ConnectionClosed, LocalProtocolError):  # closed, or being closed
            return
        except OSError:
            socket.give_up()

    def wait(self) -> str | bytes | None:
        """The next frame, at the pace allowed; None when the other side is gone or sent what is no frame."""
        self._keep_pace()
        try:
            message = self._connection().receive()
        except simple_websocket.ConnectionClosed:
            return None
        if message is not None and not is_frame(message):
            self.close()
            return None
        return message

    def _keep_pace(self) -> None:
        """Wait for as long as this client's messages come too fast; an account's clients share what it may send,
        and those of nobody known what their address may."""
        now, pace = time.monotonic(), min(_MOST_PER_SECOND, _MOST_OF_SENDER / _open[self._sender])
        earned = (now - self._counted_at) * pace
        self._allowance = min(max(_LEAST_BURST, 2 * pace), self._allowance + earned) - 1
        self._counted_at = now
        gevent.sleep(max(0.0, -self._allowance / pace))

    def close(self) -> None:
        socket = self._connection()
        with suppress(simple_websocket.ConnectionClosed, LocalProtocolError, OSError):
            socket.close()

    def _connection(self) -> _Server:
        if self._socket is None:
            raise OSError("the WebSocket was never open")
        return self._socket
