"""The WebSocket under Socket.IO, hardened and quick: bounded messages, whole sends, no traceback for a hostile frame.

engineio's own wrapper of simple-websocket hands on none of the limits, and simple-websocket calls `send`, which on
gevent's sockets may write only a part of a large message. Texts in one piece, which nearly all messages are, are read
and written here; simple-websocket shakes hands and answers every other frame.
"""

import socket as sockets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, ClassVar

import gevent
import simple_websocket
from gevent.lock import Semaphore
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, ProtocolError

from .frames import bounds, leaves_open, plain_text, text_frame
from .packets import is_frame

MAX_MESSAGE_BYTES = 256_000  # the largest honest one carries a mask: 64 kB of logits and a few points
SENDER = "samphire.sender"  # in a WSGI environment: whose clients share what may be sent
_HEAD_BYTES = 14  # of a frame, at most
_READ_BYTES = 16_384
_MOST_PER_SECOND, _MOST_OF_SENDER = 100, 500  # messages; further ones wait in the client's own machine
_LEAST_BURST = 40
_IN_A_ROW = 8  # messages that a client may have waiting and be read before others have their turn
_GOODBYE_SECONDS = 10.0  # for the other side to answer a close
_MOST_UNSENT_BYTES = (
    16_384  # that the kernel keeps; what waits here can be left out when there is something newer
)
_UNSENT = getattr(sockets, "TCP_NOTSENT_LOWAT", None)
_EXTENSIONS = "HTTP_SEC_WEBSOCKET_EXTENSIONS"  # compression is not negotiated: what is large comes compressed

_open: Counter[str] = Counter()  # WebSockets by sender


class _NoThread:
    """simple-websocket would read in one of its own."""

    name = ""

    def __init__(self, target: Any) -> None:
        pass

    def start(self) -> None:
        pass


class _WholeSends:
    """A socket whose `send` writes everything, one caller at a time."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._one_at_a_time = Semaphore()
        if _UNSENT is not None:
            with suppress(OSError):
                sock.setsockopt(sockets.IPPROTO_TCP, _UNSENT, _MOST_UNSENT_BYTES)

    def send(self, data: bytes) -> int:
        with self._one_at_a_time:
            self._sock.sendall(data)
        return len(data)

    def offer(self, data: bytes) -> bool:
        """Writes it if it need not wait; whether it did. Raises OSError."""
        if self._one_at_a_time.locked():
            return False
        try:
            written = self._sock.send(data, timeout=0.0)
        except BlockingIOError:
            return False
        if written < len(data):
            self._one_at_a_time.acquire()
            gevent.spawn(self._finish, data[written:])
        return True

    def _finish(self, data: bytes) -> None:
        try:
            with suppress(OSError):
                self._sock.sendall(data)
        finally:
            self._one_at_a_time.release()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Server(simple_websocket.Server):
    sock: Any
    ws: Any
    input_buffer: list[Any]
    _unread = b""
    _in_pieces = False

    def handshake(self) -> None:
        self.sock = _WholeSends(self.sock)
        super().handshake()

    def next(self) -> str | bytes | None:
        """The next message; None when there will be none. Read by one caller, when it is asked for."""
        message = None
        try:
            while message is None and self.connected:
                message = self._read()
        except Exception:  # whatever is wrong with what came
            self.connected = False
        if message is None:
            self.sock.close()
        return message

    def give_up(self) -> None:
        """Close without sending anything, and wake whoever waits for a message."""
        self.connected = False
        with suppress(OSError):
            self.sock.shutdown(sockets.SHUT_RDWR)

    def _read(self) -> str | bytes | None:
        """The message that the next frame ends, if it ends one. Raises OSError."""
        while True:
            found = bounds(self._unread)
            if found is not None and found[1] <= len(self._unread):
                break
            if found is not None and found[1] > MAX_MESSAGE_BYTES + _HEAD_BYTES:
                self.close(CloseReason.MESSAGE_TOO_BIG, "Message is too big")
                return None
            data = self.sock.recv(_READ_BYTES)
            if not data:
                raise ConnectionResetError
            self._unread += data
        start, end = found
        frame, self._unread = self._unread[:end], self._unread[end:]
        text = None if self._in_pieces else plain_text(frame, start)
        if text is not None:
            return text
        self._in_pieces = leaves_open(frame, self._in_pieces)
        self.ws.receive_data(frame)
        self.connected = self._handle_events()  # type: ignore[misc]
        return self.input_buffer.pop(0) if self.input_buffer else None


class BoundedWebSocket:
    """What engineio asks of a WebSocket: called as a WSGI application, then `send`, `wait` and `close`. `of`: that of a
    client of Engine.IO, by its session."""

    of: ClassVar[dict[str, "BoundedWebSocket"]] = {}

    def __init__(self, handler: Callable[["BoundedWebSocket"], Any], server: Any) -> None:
        self._handler, self._client = handler, handler.__self__.sid  # type: ignore[attr-defined]
        self._socket: _Server | None = None
        self._sender = ""
        self._in_a_row = 0
        self._allowance, self._counted_at = float(_LEAST_BURST), time.monotonic()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            self._socket = _Server(
                {name: value for name, value in environ.items() if name != _EXTENSIONS},
                max_message_size=MAX_MESSAGE_BYTES,
                thread_class=_NoThread,
            )
        except (simple_websocket.ConnectionError, ProtocolError, RuntimeError, ValueError):
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return ()
        except OSError:  # the other side is gone already
            return ()
        self._sender = environ.get(SENDER) or environ.get("REMOTE_ADDR", "")
        _open[self._sender] += 1
        self.of[self._client] = self
        try:
            self._handler(self)
        finally:
            self._socket.sock.close()
            if self.of.get(self._client) is self:
                del self.of[self._client]
            _open[self._sender] -= 1
            if not _open[self._sender]:
                del _open[self._sender]
        return ()  # no list, which Engine.IO would answer over HTTP after an upgrade that failed

    def send(self, message: str | bytes) -> None:
        """To one that is gone, nothing is sent. Engine.IO learns of it where it waits: during an upgrade it expects no
        error of sending, and would neither end the upgrade nor let the client go on polling."""
        socket = self._connection()
        try:
            if isinstance(message, bytes):
                socket.send(message)
            elif socket.connected:
                socket.sock.send(text_frame(message))
        except (simple_websocket.ConnectionClosed, LocalProtocolError):  # closed, or being closed
            return
        except OSError:
            socket.give_up()

    def offer(self, frame: bytes) -> bool:
        """Sends a frame if nothing is being sent; whether it did. To one that is gone, everything is sent."""
        socket = self._connection()
        if not socket.connected:
            return True
        try:
            return socket.sock.offer(frame)
        except OSError:
            socket.give_up()
            return True

    def wait(self) -> str | bytes | None:
        """The next frame, at the pace allowed; None when the other side is gone or sent what is no frame."""
        self._keep_pace()
        message = self._connection().next()
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
        self._in_a_row = (self._in_a_row + 1) % _IN_A_ROW
        if self._allowance < 0 or not self._in_a_row:
            gevent.sleep(max(0.0, -self._allowance / pace))

    def close(self) -> None:
        socket = self._connection()
        with suppress(simple_websocket.ConnectionClosed, LocalProtocolError, OSError):
            socket.close()
            gevent.spawn_later(_GOODBYE_SECONDS, socket.give_up)

    def _connection(self) -> _Server:
        if self._socket is None:
            raise OSError("the WebSocket was never open")
        return self._socket
