"""Mask logits as one byte each, for the socket; not compressed here.

    u16 k, h, w | k x f32 peak | k h w x i8 u          little-endian; logit = sign(u) (u / 127)^2 peak

The square law keeps the steps small near zero, where the contour is: at a peak of 40 the first step is 0.0025.
"""

import struct

import numpy as np

from ..errors import InvalidLogits

_HEADER = struct.Struct("<3H")
_TOP = 127


def pack(logits: np.ndarray) -> bytes:
    """(k, h, w) float32 -> bytes."""
    count, height, width = logits.shape
    peak = np.maximum(np.abs(logits).max(axis=(1, 2)), np.float32(1e-6)).astype("<f4")
    level = np.rint(_TOP * np.sqrt(np.abs(logits) / peak[:, None, None])).astype(np.int8)
    return _HEADER.pack(count, height, width) + peak.tobytes() + np.where(logits < 0, -level, level).tobytes()


def unpack(data: bytes) -> np.ndarray:
    """The inverse of pack: (k, h, w) float32. Raises InvalidLogits."""
    if len(data) < _HEADER.size:
        raise InvalidLogits()
    count, height, width = _HEADER.unpack_from(data)
    start = _HEADER.size + 4 * count
    if count == 0 or len(data) != start + count * height * width:
        raise InvalidLogits()
    peak = np.frombuffer(data, "<f4", count, _HEADER.size)
    if not np.isfinite(peak).all():
        raise InvalidLogits()
    level = np.frombuffer(data, np.int8, offset=start).reshape(count, height, width).astype(np.float32) / _TOP
    return level * np.abs(level) * peak[:, None, None]
