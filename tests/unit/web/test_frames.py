"""Frames of WebSockets, as browsers write them."""

import pytest

from server.web.socket.frames import bounds, leaves_open, plain_text, text_frame
from server.web.socket.packets import unanswered


def from_client(payload: bytes, first: int = 0x81, key: bytes = b"\x01\x02\x03\x04") -> bytes:
    head = text_frame("x" * len(payload))[: -len(payload) or None]
    masked = bytes(each ^ key[i % 4] for i, each in enumerate(payload))
    return bytes((first, head[1] | 0x80)) + head[2:] + key + masked


@pytest.mark.parametrize("length", [0, 1, 3, 4, 125, 126, 65535, 65536])
def test_a_text_of_any_length_is_read_as_it_was_written(length):
    text = ("42[äöü" * length)[:length]
    frame = from_client(text.encode())
    found = bounds(frame + b"\x81")
    assert found is not None
    assert found[1] == len(frame)
    assert plain_text(frame, found[0]) == text
    mine = text_frame(text)
    start, end = bounds(mine) or (0, 0)
    assert (mine[start:], end) == (text.encode(), len(mine))


def test_a_head_that_is_not_there_yet_has_no_bounds():
    frame = from_client(b"x" * 300)
    assert [bounds(frame[:n]) for n in range(4)] == [None] * 4
    assert bounds(frame[:4]) == (8, 308)


@pytest.mark.parametrize(
    "frame",
    [
        from_client(b"text", first=0x01),  # a first piece
        from_client(b"text", first=0x80),  # a last one
        from_client(b"text", first=0x82),  # bytes
        from_client(b"text", first=0x89),  # a ping
        from_client(b"text", first=0xC1),  # compressed
        from_client(b"\xff\xfe"),
        text_frame("without a mask"),
    ],
)
def test_whatever_is_no_whole_text_is_left_to_others(frame):
    start, _ = bounds(frame) or (0, 0)
    assert plain_text(frame, start) is None


def test_pieces_are_open_until_the_last_and_control_frames_between_them_change_nothing():
    frames = [from_client(b"x", first) for first in (0x01, 0x00, 0x89, 0x80, 0x89)]
    is_open, seen = False, []
    for frame in frames:
        is_open = leaves_open(frame, is_open)
        seen.append(is_open)
    assert seen == [True, True, True, False, False]


def test_events_without_an_acknowledgement_are_told_from_all_else():
    assert unanswered('2["point",{"at":[1,2]}]') == ("point", '["point",{"at":[1,2]}]')
    for other in ('21["point",{}]', '2/x,["point",{}]', '2["point"]', '3["point",{}]', '2{"point":1}', b"2"):
        assert unanswered(other) is None
