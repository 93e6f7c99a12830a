"""Label Studio's run-length encoding of brush strokes: rle-pack of thi.ng/umbrella over the bytes of an RGBA image.

    u32 count of bytes | u5 word size - 1 | 4 x u4 size of run lengths - 1 | packets            big-endian bits
    packet: 1 bit, whether the word is repeated | 2 bits, which size | length - 1 | the word, or so many words

The four bytes of a pixel are alike where we write them; read is the fourth, the opacity.
"""

import numpy as np

from ..source import Unreadable

_SIZES = (3, 4, 8, 16)
_WORD = 8
_CHANNELS = 4
_EXPECTED = "Label Studio's run-length encoding"
_HEAD = 32 + 5 + 4 * 4


def encode(mask: np.ndarray) -> list[int]:
    """bool (H, W) -> bytes, as numbers."""
    flat = mask.reshape(-1)
    edges = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(edges, prepend=0, append=len(flat)) * _CHANNELS
    words = np.where(np.arange(len(lengths)) % 2 == int(flat[0]), 0, 255)
    most = 1 << _SIZES[-1]
    pieces = [f"{len(flat) * _CHANNELS:032b}{_WORD - 1:05b}" + "".join(f"{size - 1:04b}" for size in _SIZES)]
    for length, word in zip(lengths.tolist(), words.tolist(), strict=True):
        while length > 0:
            here = min(length, most)
            choice = next(k for k, size in enumerate(_SIZES) if here <= 1 << size)
            pieces.append(f"1{choice:02b}{here - 1:0{_SIZES[choice]}b}{word:08b}")
            length -= here
    bits = "".join(pieces)
    bits += "0" * (-len(bits) % 8)
    return list(int(bits, 2).to_bytes(len(bits) // 8, "big"))


def decode(data: bytes, width: int, height: int) -> np.ndarray:
    """bool (H, W): more than half opaque. Raises Unreadable."""
    bits = format(int.from_bytes(b"\x01" + data, "big"), "b")[1:]
    if len(bits) < _HEAD:
        raise Unreadable("a brush stroke without its head", _EXPECTED)
    count, word_size = int(bits[:32], 2), int(bits[32:37], 2) + 1
    sizes = [int(bits[37 + 4 * k : 41 + 4 * k], 2) + 1 for k in range(4)]
    if count != width * height * _CHANNELS or word_size != _WORD:
        raise Unreadable(f"a brush stroke of {count} bytes", f"{width * height * _CHANNELS} bytes of 8 bits")
    values = np.zeros(count, np.uint8)
    at, place = _HEAD, 0
    try:
        while place < count:
            repeated = bits[at] == "1"
            size = sizes[int(bits[at + 1 : at + 3], 2)]
            end = place + int(bits[at + 3 : at + 3 + size], 2) + 1
            at += 3 + size
            used = _WORD if repeated else _WORD * (end - place)
            if end > count or at + used > len(bits):
                raise Unreadable("a brush stroke that is cut short", _EXPECTED)
            if repeated:
                values[place:end] = int(bits[at : at + _WORD], 2)
            else:
                words = int(bits[at : at + used], 2).to_bytes(end - place, "big")
                values[place:end] = np.frombuffer(words, np.uint8)
            place = end
            at += used
    except (IndexError, ValueError) as error:
        raise Unreadable("a brush stroke that is cut short", _EXPECTED) from error
    return values.reshape(height, width, _CHANNELS)[:, :, 3] > 127
