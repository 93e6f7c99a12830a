"""The decoder's output: predicted IoUs, hyper-networks, and the two transposed convolutions up to 256x256 logits.

All is channels-last: a 2x2 transposed convolution of stride 2 is a matrix product, and one transpose of the finished
logits puts the pixels in order. LayerNorm2d's mean is removed by centring the first convolution's columns.

SAM 2 adds the encoder's finer features after each of the two. They are made ready once an image: put in the order of
the products' rows, and the coarser of them centred too.
"""

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from .decoder_attention import ImageState
from .decoder_blocks import CHANNELS, GRID, NORM2D_EPSILON, Blocks

PREFIX = "mask_decoder.output_upscaling"
MASKS = 4  # token 0 is the single-mask token, 1-3 are the candidates


def heads(net: Blocks, tokens: str) -> tuple[str, str]:
    """The IoU token and the mask tokens (5, 256) -> hyper-network weights (4, 32), predicted IoUs (4,)."""
    g = net.graph
    iou = iou_head(net, g.op("Slice", tokens, g.ints(0), g.ints(1), g.ints(0)))
    hyper = g.op("Slice", tokens, g.ints(1), g.ints(1 + MASKS), g.ints(0))
    hyper = hyper_networks(net, g.reshape(hyper, MASKS, 1, CHANNELS), range(MASKS))
    return g.reshape(hyper, MASKS, -1), g.reshape(iou, MASKS)


def iou_head(net: Blocks, token: str) -> str:
    """IoU tokens (.., 256) -> predicted IoUs of the four masks (.., 4)."""
    g = net.graph
    for layer in range(3):
        token = net.linear(token, f"mask_decoder.iou_prediction_head.layers.{layer}")
        token = g.op("Relu", token) if layer < 2 else token
    return g.op("Sigmoid", token) if net.is_sam2 else token


def hyper_networks(net: Blocks, tokens: str, masks: Sequence[int]) -> str:
    """Tokens of these masks (masks, n, 256), each through its own network -> (masks, n, 32)."""
    g, prefix = net.graph, "mask_decoder"
    for layer in range(3):
        names = [f"{prefix}.output_hypernetworks_mlps.{mask}.layers.{layer}" for mask in masks]
        weight = np.stack([net.weights[f"{name}.weight"].T for name in names])  # (masks, in, out)
        bias = np.stack([net.weights[f"{name}.bias"] for name in names])[:, None]  # (masks, 1, out)
        tokens = g.op("MatMul", tokens, g.weight(f"{prefix}.hypernetworks.{layer}.weight", weight))
        tokens = g.op("Add", tokens, g.weight(f"{prefix}.hypernetworks.{layer}.bias", bias))
        tokens = g.op("Relu", tokens) if layer < 2 else tokens
    return tokens


def fine_features(net: Blocks, half: str, full: str) -> tuple[str, str]:
    """SAM 2's (16384, 64) and (65536, 32), row-major, as `upscale` takes them: (64, 64, 256) and (64, 64, 512)."""
    g = net.graph
    half = g.op("Sub", half, g.op("ReduceMean", half, g.ints(-1)))
    rows = g.reshape(half, GRID, 2, GRID, 2, 64)  # row, y1, column, x1, channel
    half = g.reshape(g.transpose(rows, 0, 2, 1, 3, 4), GRID, GRID, 4 * 64)
    rows = g.reshape(full, GRID, 2, 2, GRID, 2, 2, 32)  # row, y1, y2, column, x1, x2, channel
    return half, g.reshape(g.transpose(rows, 0, 3, 1, 4, 2, 5, 6), GRID, GRID, 16 * 32)


def upscale(
    net: Blocks, image: ImageState, hyper: str, extent: str, fine: tuple[str, str] | None = None
) -> str:
    """The image tokens inside extent (rows, columns) and hyper (4, 32) -> logits (4, 4 rows, 4 columns)."""
    g = net.graph
    size = g.op("Cast", extent, to=TensorProto.INT64)
    corner = g.ints(0, 0), size, g.ints(0, 1)
    raw = g.op("Slice", g.reshape(image.raw, GRID, GRID, CHANNELS), *corner)
    deviation = g.op("Slice", g.reshape(image.deviation, GRID, GRID, 1), *corner)
    tokens = g.reshape(g.op("Div", raw, deviation), -1, CHANNELS)  # (P, 256), P = rows * columns
    matrix, row = first_product(net)
    half = _product(net, tokens, image.gamma[:, None] * matrix, row + image.beta @ matrix, f"{PREFIX}.0")
    half = g.reshape(half, -1, 64)  # (4 P, 64)
    if fine is not None:
        half = g.op("Add", half, g.reshape(g.op("Slice", fine[0], *corner), -1, 64))
    square = g.op("Mul", g.op("ReduceSumSquare", half, g.ints(-1)), g.scalar(1 / 64))
    half = g.op("Div", half, g.op("Sqrt", g.op("Add", square, g.scalar(NORM2D_EPSILON))))
    scale, shift = (
        g.weight(f"{PREFIX}.1.{part}", net.weights[f"{PREFIX}.1.{part}"]) for part in ("weight", "bias")
    )
    half = g.op("Gelu", g.op("Add", g.op("Mul", half, scale), shift))

    second = net.weights[f"{PREFIX}.3.weight"].transpose(0, 2, 3, 1).reshape(64, -1)  # (64, 4 * 32)
    full = _product(net, half, second, np.tile(net.weights[f"{PREFIX}.3.bias"], 4), f"{PREFIX}.3")
    full = g.reshape(full, -1, 32)  # (16 P, 32)
    if fine is not None:
        full = g.op("Add", full, g.reshape(g.op("Slice", fine[1], *corner), -1, 32))
    full = g.op("Gelu", full)
    logits = g.op("Gemm", hyper, full, transB=1)  # (4, 16 P)

    shape = g.op("Concat", g.ints(MASKS), size, g.ints(2, 2, 2, 2), axis=0)
    blocks = g.op("Reshape", logits, shape)  # (4, row, column, y1, x1, y2, x2)
    ordered = g.transpose(blocks, 0, 1, 3, 5, 2, 4, 6)  # (4, row, y1, y2, column, x1, x2)
    return g.op("Reshape", ordered, g.op("Concat", g.ints(MASKS), g.op("Mul", size, g.ints(4)), axis=0))


def first_product(net: Blocks) -> tuple[np.ndarray, np.ndarray]:
    """The first transposed convolution as a matrix (256, 4 * 64) and a row, centred over its output channels."""
    first = net.weights[f"{PREFIX}.0.weight"]  # (256, 64, 2, 2)
    matrix = (first - first.mean(1, keepdims=True)).transpose(0, 2, 3, 1).reshape(CHANNELS, -1)
    bias = net.weights[f"{PREFIX}.0.bias"]
    return matrix, np.tile(bias - bias.mean(), 4)


def _product(net: Blocks, values: str, matrix: np.ndarray, row: np.ndarray, name: str) -> str:
    g = net.graph
    return g.op(
        "Add", g.op("MatMul", values, g.weight(f"{name}.matrix", matrix)), g.weight(f"{name}.row", row)
    )
