"""The prompt encoder: points and boxes become tokens, a coarse mask becomes a change to the prepared image tensors."""

import numpy as np
from onnx import TensorProto

from .decoder_attention import (
    PreparedImage,
    heads_by_token,
    heads_by_width,
    scaled_projection,
)
from .decoder_blocks import CHANNELS, IMAGE_TOKENS, NORM2D_EPSILON, Blocks

INPUT_SIDE = 1024


def prompt_tokens(net: Blocks, coords: str, labels: str) -> str:
    """Coordinates (n, 2) in input-frame pixels and labels (n,) -> (n, 256). Padding has an embedding, no position.

    SAM pads a prompt without a box, which is the caller's matter; SAM 2 pads each, which is done here.
    """
    g, prefix = net.graph, "prompt_encoder"
    if net.is_sam2:
        coords, labels = _padded_once(net, coords, labels)
    unit = g.op("Div", g.op("Add", coords, g.scalar(0.5)), g.scalar(INPUT_SIDE))
    placed = g.op("Cast", g.op("GreaterOrEqual", labels, g.scalar(0.0)), to=TensorProto.FLOAT)
    position = g.op("Mul", net.fourier(unit), g.op("Unsqueeze", placed, g.ints(1)))
    table = np.concatenate(
        [net.weights[f"{prefix}.not_a_point_embed.weight"]]
        + [net.weights[f"{prefix}.point_embeddings.{label}.weight"] for label in range(4)]
    )  # (5, 256), row = label + 1
    row = g.op("Add", g.op("Cast", labels, to=TensorProto.INT64), g.const(1, np.int64))
    return g.op("Add", position, g.op("Gather", g.weight("label_embeddings", table), row, axis=0))


def _padded_once(net: Blocks, coords: str, labels: str) -> tuple[str, str]:
    """The points that are no padding, (m, 2) and (m,), and one that is."""
    g = net.graph
    real = g.op("NonZero", g.op("GreaterOrEqual", labels, g.scalar(0.0)))
    real = g.op("Squeeze", real, g.ints(0))  # (m,)
    padding = g.const(np.zeros((1, 2), np.float32)), g.const(np.array([-1], np.float32))
    coords, labels = (g.op("Gather", value, real, axis=0) for value in (coords, labels))
    return g.op("Concat", coords, padding[0], axis=0), g.op("Concat", labels, padding[1], axis=0)


def add_mask(net: Blocks, image: PreparedImage, mask: str, layer: str) -> PreparedImage:
    """The prepared image with the mask prompt (1, 1, 256, 256) in place of the no-mask embedding.

    The last layer of the mask encoder is a 1x1 convolution from 16 channels, so what it changes in the image tokens is
    features (N, 16) times a matrix plus a constant row, and what it changes in any projection of them is too.
    """
    g, prefix = net.graph, "prompt_encoder.mask_downscaling"
    features = _mask_features(net, mask)  # (N, 16)
    matrix = net.weights[f"{prefix}.6.weight"].reshape(CHANNELS, 16).T  # (16, 256)
    row = net.weights[f"{prefix}.6.bias"] - net.weights["prompt_encoder.no_mask_embed.weight"][0]  # (256,)
    key = scaled_projection(net, f"{layer}.cross_attn_token_to_image.k_proj")  # (256, 128)
    query = scaled_projection(net, f"{layer}.cross_attn_image_to_token.q_proj")
    value = net.weights[f"{layer}.cross_attn_token_to_image.v_proj.weight"].T
    centre = np.eye(CHANNELS, dtype=np.float32) - np.float32(1 / CHANNELS)
    spread = g.op("Gemm", features, g.weight("mask.residual", matrix @ centre), image.residual)
    return PreparedImage(
        residual=g.op("Add", spread, g.weight("mask.residual.row", row @ centre)),
        keys=g.op("Add", image.keys, heads_by_width(net, features, matrix @ key, row @ key, "mask.keys")),
        values=g.op(
            "Add", image.values, heads_by_token(net, features, matrix @ value, row @ value, "mask.values")
        ),
        queries=g.op(
            "Add", image.queries, heads_by_width(net, features, matrix @ query, row @ query, "mask.queries")
        ),
    )


def _mask_features(net: Blocks, mask: str) -> str:
    """(1, 1, 256, 256) logits -> (N, 16): two 2x2 convolutions of stride 2, each with LayerNorm2d and GELU."""
    g, prefix = net.graph, "prompt_encoder.mask_downscaling"
    for layer, norm in ((0, 1), (3, 4)):
        name = f"{prefix}.{layer}"
        kernel, bias = (
            g.weight(f"{name}.{part}", net.weights[f"{name}.{part}"]) for part in ("weight", "bias")
        )
        mask = g.transpose(g.op("Conv", mask, kernel, bias, kernel_shape=[2, 2], strides=[2, 2]), 0, 2, 3, 1)
        mask = g.op("Gelu", net.norm(mask, f"{prefix}.{norm}", NORM2D_EPSILON))
        if layer == 0:
            mask = g.transpose(mask, 0, 3, 1, 2)
    return g.reshape(mask, IMAGE_TOKENS, 16)
