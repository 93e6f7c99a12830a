"""Many clients of the socket in one thread, so that what is measured is the server: each says where it points, and what
comes in tells how long it was on its way."""

import base64
import json
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_PATH = "/socket.io/?EIO=4&transport=websocket"
_TEXT, _BINARY, _CLOSE, _PING = 0x1, 0x2, 0x8, 0x9
_MODULUS_MS = 500_000.0  # times travel as x, and coordinates are bounded
_SECONDS = 30.0


class Member:
    """One client, connected over a WebSocket. `headers`: that say who it is; `hear(event, data)` is called with each
    event that comes."""

    def __init__(
        self, host: str, port: int, headers: Mapping[str, str], hear: Callable[[str, Any], None]
    ) -> None:
        self.sent_bytes = self.taken_bytes = 0
        self._hear, self._buffer, self._answers = hear, b"", list[Any]()
        self._attached = 0  # binary parts that the answer is to have yet
        who = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.socket = socket.create_connection((host, port), timeout=_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {_PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{who}\r\n".encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self.socket.recv(65536)
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        self._send("40")

    def say(self, event: str, data: Any) -> None:
        self._send(f"42{json.dumps([event, data], separators=(',', ':'))}")

    def ask(self, event: str, data: Any) -> Any:
        """The acknowledgement; its binary parts are received and left out of it."""
        self._send(f"421{json.dumps([event, data], separators=(',', ':'))}")
        while not self._answers or self._attached:
            self.take()
        return self._answers.pop()

    def take(self) -> None:
        """Reads what is there, or waits for something."""
        data = self.socket.recv(262144)
        if not data:
            raise ConnectionError("The server has closed a connection.")
        self.taken_bytes += len(data)
        self._buffer += data
        for kind, payload in iter(self._frame, None):
            if kind == _CLOSE:
                raise ConnectionError("The server has closed a connection.")
            if kind == _PING:
                self._send(payload, 0xA)
            elif kind == _TEXT:
                self._read(payload.decode())
            elif kind == _BINARY:
                self._attached -= 1

    def _read(self, packet: str) -> None:
        if packet == "2":
            self._send("3")
        elif packet.startswith("42["):
            self._hear(*json.loads(packet[2:]))
        elif packet.startswith("431["):
            self._answers += json.loads(packet[3:])
        elif packet.startswith("46"):
            count, _, rest = packet[2:].partition("-1")
            self._attached += int(count)
            self._answers += json.loads(rest)

    def _send(self, text: str | bytes, kind: int = _TEXT) -> None:
        data = text.encode() if isinstance(text, str) else text
        long = struct.pack("!BH", 0x80 | 126, len(data)) if len(data) > 125 else bytes([0x80 | len(data)])
        frame = bytes([0x80 | kind]) + long + b"\0\0\0\0" + data  # masked with zeros: as it is
        self.sent_bytes += len(frame)
        self.socket.sendall(frame)

    def _frame(self) -> tuple[int, bytes] | None:
        """The next whole one, taken from the buffer."""
        if len(self._buffer) < 2:
            return None
        length, start = self._buffer[1] & 0x7F, 2
        if length == 126:
            length, start = int.from_bytes(self._buffer[2:4]), 4
        elif length == 127:
            length, start = int.from_bytes(self._buffer[2:10]), 10
        if len(self._buffer) < start + length:
            return None
        kind, payload = self._buffer[0] & 0xF, self._buffer[start : start + length]
        self._buffer = self._buffer[start + length :]
        return kind, payload


def stamp() -> float:
    """Now, as an x that can be pointed at."""
    return 1000 * time.monotonic() % _MODULUS_MS


def age_ms(x: float) -> float:
    """Of what was stamped so."""
    return (stamp() - x) % _MODULUS_MS


def run(members: Sequence[Member], movers: Sequence[Member], rate: float, seconds: float) -> list[float]:
    """Has each of the movers point `rate` times a second, spread evenly, while all of the members listen. How late each
    was told to, in ms: as late this program was to hear, which is no doing of the server's."""
    selector = selectors.DefaultSelector()
    for member in members:
        selector.register(member.socket, selectors.EVENT_READ, member)
    start = time.monotonic()
    late: list[float] = []
    while (now := time.monotonic()) < start + seconds:
        due = start + len(late) / (rate * len(movers)) if movers else start + seconds
        if due <= now:
            movers[len(late) % len(movers)].say("point", {"at": [round(stamp(), 1), 0]})
            late.append(1000 * (now - due))
        for key, _ in selector.select(max(0.0, due - now)):
            key.data.take()
    selector.close()
    return late
