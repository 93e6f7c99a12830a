"""Which of the encoder's matrix products run on 8-bit integers, and their weights. Needs numpy only.

Activations are rounded to 8 bits between the smallest and the largest of a picture, found while it runs: nothing is
calibrated, no picture can fall outside. Weights have a step for each column. Two things keep the error small:

1. By row. In the two stages of 64x64 tokens each token is first divided by its largest number, and what comes out is
   multiplied by it: tokens differ in size more than a token's channels do. This halves the squared error.
2. What is left in float32, because its error reaches further than its share of the time: all convolutions, the
   products that change width between stages (0.1 to 0.3 Gmac each, half of the whole error), and the neck.

No sum overflows anywhere: processors with AVX2 but without VNNI add pairs of products in 16 bits, so the weights of
neighbouring rows are kept to 128 together. Every processor so gives the same integers.
"""

import re
from typing import NamedTuple

import numpy as np

from .encoder_weights import Weights, linear_weights, parts

LARGEST = 127
LARGEST_PAIR = 128  # 128 * 255 < 2**15
_INTEGER = re.compile(r"layers\.([123])\.blocks\.\d+\.(attn\.(qkv|proj)|mlp\.(fc1|fc2))")
_BY_ROW_STAGES = ("2", "3")


class ByteWeight(NamedTuple):
    """weight (in, out) = whole * step, and whether each row of the activations is scaled by its own size."""

    whole: np.ndarray  # (in, out) int8
    step: np.ndarray  # (out,) float32
    by_row: bool


def quantize(weights: Weights) -> dict[str, ByteWeight]:
    """The products that lose little and save much, by name."""
    chosen = {part.name: match for part in parts() if (match := _INTEGER.fullmatch(part.name))}
    return {
        name: ByteWeight(*round_weights(linear_weights(weights, name)[0]), match[1] in _BY_ROW_STAGES)
        for name, match in chosen.items()
    }


def round_weights(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(in, out) -> int8 of the same shape and a step for each column, such that no pair of rows overflows.

    `in` is even. A column of zeros keeps a step of 1.
    """
    first, second = weight[0::2], weight[1::2]
    pair = np.maximum(
        np.maximum(first, 0) + np.maximum(second, 0), np.maximum(-first, 0) + np.maximum(-second, 0)
    )
    step = np.maximum(np.abs(weight).max(axis=0) / LARGEST, pair.max(axis=0) / (LARGEST_PAIR - 1))
    step = np.where(step == 0, 1, step).astype(np.float32)
    return np.round(weight / step).astype(np.int8), step
