"""Predicted IoUs and masks of many clicks: all are looked at coarsely, and of those worth it a part is upscaled.

The arithmetic is `decoder_upscaling.py`'s with the pixels last: a 2x2 transposed convolution of stride 2 is a product
for each of its four sub-pixels. The coarse look follows one of the sixteen sub-pixels of each image token. No image
token's pixels need another token, so any part of the image can be upscaled alone.
"""

from dataclasses import dataclass

import numpy as np

from .automatic_attention import SECOND, Sums
from .decoder_blocks import GRID, NORM2D_EPSILON, Blocks
from .decoder_upscaling import MASKS, PREFIX, first_product, hyper_networks, iou_head

CANDIDATES = MASKS - 1
HYPER = 32  # numbers of a mask's hyper-network
_HALF, _FULL = 64, HYPER  # channels after each convolution


@dataclass(frozen=True)
class Inside:
    """What upscaling takes of B clicks and M of their masks, of P image tokens."""

    own: str  # (256, P)
    spread: str  # (B, K, P)
    rows: str  # (B, K, 256), through the first convolution
    deviation: str  # (B, 1, P)
    hyper: str  # (B, M, 32)
    fine: tuple[str, str] | None  # SAM 2's features (256, P), (512, P)


def heads_of(net: Blocks, tokens: str) -> tuple[str, str]:
    """The IoU token and the mask tokens (B, 5, 256) -> hyper-network weights (B, 3, 32), predicted IoUs (B, 3)."""
    g = net.graph
    iou = iou_head(net, g.op("Slice", tokens, g.ints(0), g.ints(1), g.ints(1)))  # (B, 1, 4)
    iou = g.op("Slice", g.op("Squeeze", iou, g.ints(1)), g.ints(1), g.ints(MASKS), g.ints(1))
    hyper = g.op("Slice", tokens, g.ints(2), g.ints(1 + MASKS), g.ints(1))  # (B, 3, 256)
    hyper = hyper_networks(net, g.transpose(hyper, 1, 0, 2), range(1, MASKS))
    return g.transpose(hyper, 1, 0, 2), iou


def look_inside(
    net: Blocks, image: Sums, hyper: str, size: str, fine: tuple[str, str] | None = None
) -> Inside:
    """Of image tokens only those inside size (rows, columns). `fine`: (256, N), (512, N)."""
    g = net.graph

    def inside(value: str) -> str:
        """(.., n, N) -> (.., n, P)."""
        grid = g.op("Slice", g.reshape(value, -1, GRID, GRID), g.ints(0, 0), size, g.ints(1, 2))
        return g.op("Flatten", grid, axis=1)

    matrix, _ = first_product(net)
    gamma, _ = _norm4(net)
    rows = g.op("MatMul", image.rows, g.weight("upscaled.rows", gamma[:, None] * matrix))
    count = g.op("Slice", g.op("Shape", rows), g.ints(0), g.ints(2))  # (B, K)
    spread = g.op("Reshape", inside(image.spread), g.op("Concat", count, g.ints(-1), axis=0))
    return Inside(
        own=inside("upscaled_image"),
        spread=spread,
        rows=rows,
        deviation=g.op("Unsqueeze", inside(image.deviation), g.ints(1)),
        hyper=hyper,
        fine=None if fine is None else (inside(fine[0]), inside(fine[1])),
    )


def upscale(net: Blocks, image: Inside, coarse: bool = False) -> str:
    """-> logits (B, 16, M, P), y and x in the first convolution's pixel before those in the second's; coarse: of one
    sub-pixel of each image token, (B, M, P)."""
    g = net.graph
    kept = 1 if coarse else 4  # sub-pixels of each convolution
    name = "coarse" if coarse else "full"
    matrix, row = first_product(net)
    _, beta = _norm4(net)
    rows, own = image.rows, image.own
    fine = image.fine
    if coarse:
        rows = g.op("Slice", rows, g.ints(0), g.ints(_HALF), g.ints(2))
        own = g.op("Slice", own, g.ints(0), g.ints(_HALF), g.ints(0))
        fine = fine and (
            g.op("Slice", fine[0], g.ints(0), g.ints(_HALF), g.ints(0)),
            g.op("Slice", fine[1], g.ints(0), g.ints(_FULL), g.ints(0)),
        )
    half = g.op("Add", g.op("MatMul", g.transpose(rows, 0, 2, 1), image.spread), own)  # (B, kept 64, P)
    half = g.op("Div", half, image.deviation)
    constant = (row + beta @ matrix)[: kept * _HALF, None]
    half = g.op("Add", half, g.weight(f"upscaled.{name}.row", constant))
    if fine is not None:
        half = g.op("Add", half, fine[0])
    half = g.reshape(half, 0, kept, _HALF, -1)
    square = g.op("Mul", g.op("ReduceSumSquare", half, g.ints(2)), g.scalar(1 / _HALF))
    half = g.op("Div", half, g.op("Sqrt", g.op("Add", square, g.scalar(NORM2D_EPSILON))))
    scale, shift = (net.weights[f"{PREFIX}.1.{part}"][:, None] for part in ("weight", "bias"))
    half = g.op(
        "Gelu", g.op("Add", g.op("Mul", half, g.weight("half.scale", scale)), g.weight("half.shift", shift))
    )

    second = net.weights[f"{PREFIX}.3.weight"].transpose(2, 3, 1, 0).reshape(-1, _HALF)  # (4 * 32, 64)
    shift = np.tile(net.weights[f"{PREFIX}.3.bias"], 4)[:, None]
    full = g.op("MatMul", g.weight(f"second.{name}", second[: kept * _FULL]), half)
    full = g.op("Add", full, g.weight(f"second.{name}.row", shift[: kept * _FULL]))  # (B, kept, kept 32, P)
    full = g.reshape(full, 0, kept * kept * _FULL, -1)
    if fine is not None:
        full = g.op("Add", full, fine[1])
    full = g.op("Gelu", full)
    if coarse:
        return g.op("MatMul", image.hyper, full)
    full = g.reshape(full, 0, kept * kept, _FULL, -1)
    return g.op("MatMul", g.op("Unsqueeze", image.hyper, g.ints(1)), full)


def _norm4(net: Blocks) -> tuple[np.ndarray, np.ndarray]:
    return net.weights[f"{SECOND}.norm4.weight"], net.weights[f"{SECOND}.norm4.bias"]
