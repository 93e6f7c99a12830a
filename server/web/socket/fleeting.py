"""Messages of which only the newest is worth anything: they go out where nothing else is on its way, or not at all."""

from collections.abc import Iterator
from typing import Any

from engineio import packet as engine_packet
from socketio import packet

from .frames import text_frame
from .packets import Json
from .websocket import BoundedWebSocket


class Fleeting:
    """One message, written once for all who get it."""

    def __init__(self, event: str, data: dict[str, Any]) -> None:
        text = f"{packet.EVENT}{Json.dumps([event, data], separators=(',', ':'))}"
        self._packet = engine_packet.Packet(engine_packet.MESSAGE, text)
        self._frame = text_frame(f"{engine_packet.MESSAGE}{text}")

    def offer(self, server: Any, client: str) -> bool:
        """Whether it went to the client of Engine.IO, or there is none; not where another message waits."""
        socket = server.eio.sockets.get(client)
        if socket is None or socket.closed:
            return True
        if not socket.queue.empty():
            return False
        connection = BoundedWebSocket.of.get(client) if socket.upgraded else None
        if connection is not None:
            return connection.offer(self._frame)
        socket.send(self._packet)
        return True


def clients_in(server: Any, room: str) -> Iterator[str]:
    """The clients of Engine.IO whose sessions are in the room."""
    return (client for _, client in server.manager.get_participants("/", room))
