"""What may come over the socket, read strictly: Engine.IO's frames and Socket.IO's packets.

A frame or packet that is none ends its sender's connection; an event that cannot be one is acknowledged with an
error. Whole numbers of any length are read, as JavaScript reads them.
"""

import base64
import binascii
import json
import re
from typing import Any

from socketio import packet

from ...contract.json import dumps

NO_EVENT = ""  # the name given to an event whose own is no name
_MOST_FRAMES = 16  # in one request of a client that polls
_MOST_ATTACHMENTS = 4
_CONTROL_FRAMES = frozenset({"1", "2", "2probe", "3", "3probe", "5", "6"})
_MESSAGE = re.compile("4[0-6]")
_UNANSWERED = re.compile(r'2(\["([a-z]+)",.*)', re.DOTALL)  # an event of which no acknowledgement is wanted
_RESERVED = frozenset({"connect", "connect_error", "disconnect"})
# type, number of attachments, namespace, id of the acknowledgement; then JSON
_HEAD = re.compile(r"([0-6])(?:([0-9]{1,2})-)?(?:(/[^,]{0,100})(?:,|$))?([0-9]*)")


def is_frame(frame: str | bytes) -> bool:
    """Whether this is a frame of Engine.IO that a client may send over a WebSocket."""
    return isinstance(frame, bytes) or frame in _CONTROL_FRAMES or _MESSAGE.match(frame) is not None


def are_frames(body: bytes) -> bool:
    """Whether this is the body of a request with frames, where bytes are base64 behind a b."""
    try:
        frames = body.decode().split("\x1e")
        for frame in frames:
            if frame.startswith("b"):
                base64.b64decode(frame[1:], validate=True)
            elif not is_frame(frame):
                return False
    except (UnicodeDecodeError, binascii.Error):
        return False
    return len(frames) <= _MOST_FRAMES


def unanswered(message: str | bytes) -> tuple[str, str] | None:
    """Name and JSON of an event that wants no acknowledgement; None for any other message of a client."""
    found = _UNANSWERED.fullmatch(message) if isinstance(message, str) else None
    return None if found is None else (found[2], found[1])


class Json:
    """The JSON module for Socket.IO: no whole number is too long for it."""

    dumps = staticmethod(dumps)

    @staticmethod
    def loads(text: str) -> Any:
        """Raises ValueError, also for what is nested too deeply."""
        try:
            return _decoder.decode(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= 16 else float(digits)


_decoder = json.JSONDecoder(parse_int=_integer)  # making one takes longer than reading a cursor


class StrictPacket(packet.Packet):
    """A Socket.IO packet whose `decode` raises ValueError for all that a client of ours never sends."""

    id: str | None

    def decode(self, encoded_packet: Any) -> int:
        """Fill in the packet from text; the number of attachments that follow."""
        head = _HEAD.match(encoded_packet) if isinstance(encoded_packet, str) else None
        if head is None:
            raise ValueError("no packet")
        self.packet_type = int(head[1])
        self.namespace = head[3]
        self.id = head[4] or None  # goes back as it came, however long
        rest = encoded_packet[head.end() :]
        data = Json.loads(rest) if rest else None
        attachments = int(head[2] or 0)
        if self.packet_type in (packet.EVENT, packet.BINARY_EVENT):
            binary = self.packet_type == packet.BINARY_EVENT
            if self.namespace not in (None, "/") or not binary <= attachments <= binary * _MOST_ATTACHMENTS:
                raise ValueError("no event")
            self.data = data if _is_event(data) else [NO_EVENT]
        elif self.packet_type in (packet.CONNECT, packet.DISCONNECT) and not attachments:
            self.data = data if isinstance(data, dict) else None
        else:
            raise ValueError("nothing a client sends")
        return attachments


def _is_event(data: Any) -> bool:
    return isinstance(data, list) and bool(data) and isinstance(data[0], str) and data[0] not in _RESERVED
