"""Embeddings as they are stored and sent: 8 bits a value, predicted from the neighbours, self-describing.

    "SEMB" | u16 version | u16 0 | u32 header bytes | header | payload                     all little-endian

The header is JSON, padded with spaces so that the payload begins at a multiple of 16:

    {"segmenter", "weights", "image": [W, H], "tensors": [{"name", "shape": [tokens, channels],
     "grid": [rows, columns], "predictor": "median", "minimum", "scale", "data"}, ...]}

where `segmenter` is whose encoder made it, `weights` the `encoding` of those that decode it, and the last three are
byte offsets into the payload. A tensor's values are `minimum + scale * q`, float32 (channels,) each, and q its levels,
(rows, columns, channels) uint8. What is stored is q minus its prediction, modulo 256: the median edge detector of
LOCO-I (Weinberger et al. 2000), from the same channel of the tokens left a, above b and above-left c:

    min(a, b) if c >= max(a, b);  max(a, b) if c <= min(a, b);  else a + b - c

In the first row the prediction is a, in the first column b, at the first token 0. Of a photograph's 4.2 MB about
610-780 kB are left after a general compressor (brotli), which HTTP applies; masks then agree with those of the float32
embedding to a mean IoU of at least 0.996 (`tests/unit/inference`).
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InvalidEmbedding

VERSION = 1
LEVELS = 255
_MAGIC = b"SEMB"
_HEAD = struct.Struct("<4sHHI")
_ALIGN = 16


@dataclass(frozen=True)
class Embedding:
    """What an encoder made of one image: tensors (tokens, channels) float32, row-major over the token grid."""

    tensors: dict[str, np.ndarray]
    segmenter: str
    weights: str  # what it carries: `encoding` of the segmenters that decode it
    image_size: tuple[int, int]  # W, H


def encode(
    tensors: Mapping[str, np.ndarray], segmenter: str, weights: str, image_size: tuple[int, int]
) -> bytes:
    """The container of an embedding; tensors are (tokens, channels) over a square grid."""
    payload = bytearray()
    entries = []

    def append(array: np.ndarray) -> int:
        payload.extend(bytes(-len(payload) % _ALIGN))
        start = len(payload)
        payload.extend(array.tobytes())
        return start

    for name, tensor in tensors.items():
        side = round(len(tensor) ** 0.5)
        minimum = tensor.min(axis=0).astype("<f4")
        span = tensor.max(axis=0) - minimum
        scale = np.where(span > 0, span / LEVELS, 1).astype("<f4")
        levels = (
            np.clip(np.rint((tensor - minimum) / scale), 0, LEVELS).astype(np.uint8).reshape(side, side, -1)
        )
        entries.append(
            {
                "name": name,
                "shape": list(tensor.shape),
                "grid": [side, side],
                "predictor": "median",
                "minimum": append(minimum),
                "scale": append(scale),
                "data": append(_residuals(levels)),
            }
        )
    header = json.dumps(
        {"segmenter": segmenter, "weights": weights, "image": list(image_size), "tensors": entries}
    )
    header += " " * (-(_HEAD.size + len(header)) % _ALIGN)
    return _HEAD.pack(_MAGIC, VERSION, 0, len(header)) + header.encode("ascii") + bytes(payload)


def decode(data: bytes) -> Embedding:
    """The embedding in a container. Raises InvalidEmbedding."""
    try:
        magic, version, _, size = _HEAD.unpack_from(data)
        if magic != _MAGIC:
            raise InvalidEmbedding()
        if version != VERSION:
            raise InvalidEmbedding(
                f"This embedding has format {version}; this Samphire reads format {VERSION}."
            )
        header = json.loads(data[_HEAD.size : _HEAD.size + size])
        payload = memoryview(data)[_HEAD.size + size :]
        tensors = {entry["name"]: _tensor(entry, payload) for entry in header["tensors"]}
        width, height = header["image"]
        return Embedding(tensors, header["segmenter"], header["weights"], (width, height))
    except (struct.error, KeyError, ValueError, TypeError) as error:
        raise InvalidEmbedding() from error


def _tensor(entry: dict[str, Any], payload: memoryview) -> np.ndarray:
    (rows, columns), (tokens, channels) = entry["grid"], entry["shape"]
    if entry["predictor"] != "median" or rows * columns != tokens:
        raise InvalidEmbedding()
    minimum = np.frombuffer(payload, "<f4", channels, entry["minimum"])
    scale = np.frombuffer(payload, "<f4", channels, entry["scale"])
    residuals = np.frombuffer(payload, np.uint8, tokens * channels, entry["data"]).reshape(
        rows, columns, channels
    )
    return _levels(residuals).reshape(tokens, channels) * scale + minimum


def _median(left: np.ndarray, above: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """The prediction; as a median of three it needs no branches: median(a, b, a + b - c)."""
    low, high = np.minimum(left, above), np.maximum(left, above)
    return np.clip(left + above - corner, low, high)


def _residuals(levels: np.ndarray) -> np.ndarray:
    """(rows, columns, channels) uint8 -> the same, minus the prediction modulo 256."""
    values = levels.astype(np.int16)
    predicted = np.zeros_like(values)
    predicted[0, 1:] = values[0, :-1]
    predicted[1:, 0] = values[:-1, 0]
    predicted[1:, 1:] = _median(values[1:, :-1], values[:-1, 1:], values[:-1, :-1])
    return (values - predicted).astype(np.uint8)


def _levels(residuals: np.ndarray) -> np.ndarray:
    """The inverse of _residuals. Anti-diagonals are independent of each other's tokens, so each is done at once."""
    rows, columns, _ = residuals.shape
    values = residuals.astype(np.int16)
    values[0] = np.cumsum(values[0], axis=0) & 255
    values[:, 0] = np.cumsum(values[:, 0], axis=0) & 255
    for diagonal in range(2, rows + columns - 1):
        i = np.arange(max(1, diagonal - columns + 1), min(rows, diagonal))
        j = diagonal - i
        predicted = _median(values[i, j - 1], values[i - 1, j], values[i - 1, j - 1])
        values[i, j] = (values[i, j] + predicted) & 255
    return values
