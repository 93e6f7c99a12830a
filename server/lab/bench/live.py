"""The least of a Socket.IO client: connect over WebSocket, emit an event, wait for its acknowledgement."""

import json
from typing import Any

from simple_websocket import Client

# Engine.IO packet types, then Socket.IO's; see the protocol documents of both, version 4 and 5.
_OPEN, _PING, _PONG, _MESSAGE = "0", "2", "3", "4"
_CONNECT, _EVENT, _ACK, _BINARY_ACK = "0", "2", "3", "6"
_ANSWER_SECONDS = 60


class LiveConnection:
    """One client of the server's socket; one request at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._client = Client.connect(f"ws://{host}:{port}/socket.io/?EIO=4&transport=websocket")
        self._asked = 0
        self._next(_OPEN)
        self._client.send(_MESSAGE + _CONNECT)
        self._next(_MESSAGE + _CONNECT)

    def ask(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """The acknowledgement of an event. Binary parts are received and left out of it."""
        self._asked += 1
        self._client.send(f"{_MESSAGE}{_EVENT}{self._asked}{json.dumps([event, data])}")
        while True:
            packet = self._next(_MESSAGE)
            if packet[1] == _BINARY_ACK:
                count, _, packet = packet.partition("-")
                for _ in range(int(count[2:])):
                    self._client.receive(_ANSWER_SECONDS)
            elif packet[1] != _ACK:
                continue  # news the server sends of its own accord
            return json.loads(packet[packet.index("[") :])[0]

    def close(self) -> None:
        self._client.close()

    def _next(self, beginning: str) -> str:
        """The next text packet that begins so; pings are answered on the way. Raises TimeoutError."""
        while True:
            packet = self._client.receive(_ANSWER_SECONDS)
            if packet is None:
                raise TimeoutError("The server's socket did not answer.")
            if packet == _PING:
                self._client.send(_PONG)
            elif isinstance(packet, str) and packet.startswith(beginning):
                return packet
