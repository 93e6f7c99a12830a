"""Frames of WebSockets (RFC 6455): where one ends, and those that nearly all are, a text in one piece."""

_TEXT, _WHOLE, _MASKED = 0x1, 0x80, 0x80
_CONTROL = 0x8


def bounds(buffer: bytes | bytearray) -> tuple[int, int] | None:
    """Where the payload of the first frame begins and ends; None while its head is not there."""
    if len(buffer) < 2:
        return None
    length, start = buffer[1] & 0x7F, 2
    if length > 125:
        start = 4 if length == 126 else 10
        if len(buffer) < start:
            return None
        length = int.from_bytes(buffer[2:start], "big")
    if buffer[1] & _MASKED:
        start += 4
    return start, start + length


def plain_text(frame: bytes, start: int) -> str | None:
    """What a frame says that is a whole text of a client, its payload from `start`; None for any other frame."""
    if frame[0] != _WHOLE | _TEXT or not frame[1] & _MASKED:
        return None
    length = len(frame) - start
    mask = (frame[start - 4 : start] * (length // 4 + 1))[:length]
    payload = int.from_bytes(frame[start:], "big") ^ int.from_bytes(mask, "big")
    try:
        return payload.to_bytes(length, "big").decode()
    except UnicodeDecodeError:
        return None


def leaves_open(frame: bytes, was_open: bool) -> bool:
    """Whether more pieces of a message follow this frame; control frames may come between them."""
    return was_open if frame[0] & _CONTROL else not frame[0] & _WHOLE


def text_frame(text: str) -> bytes:
    """A server's frame, which has no mask: the same for all who get it."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((_WHOLE | _TEXT, length)) + payload
    if length < 65536:
        return bytes((_WHOLE | _TEXT, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_WHOLE | _TEXT, 127)) + length.to_bytes(8, "big") + payload
