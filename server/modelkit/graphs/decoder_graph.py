"""Builds SAM's mask decoder as two ONNX graphs made for the browser, from a weights dictionary; no torch, no tracing.

The network is the reference one (Kirillov et al. 2023, appendix A; `prompt_encoder.py`, `transformer.py`,
`mask_decoder.py` of the reference code), or SAM 2's (Ravi et al. 2024), which the weights tell (`Blocks.is_sam2`). Only
the order of the arithmetic differs; `decoder_attention.py` derives it.

`prepare.onnx` runs once for each image: what the first transformer layer needs of it and no prompt can change.

    image_tokens (4096, 256)   the embedding, row-major over the 64x64 grid of image tokens
    -> residual (4096, 256)    image tokens + no-mask embedding, centred over the channels
       keys     (8, 16, 4096)  of the first token-to-image attention, by head, scaled
       values   (8, 4096, 16)  of the same
       queries  (8, 16, 4096)  of the first image-to-token attention, scaled

    SAM 2 also: half_features (16384, 64), full_features (65536, 32), row-major over 128x128 and 256x256
    -> half (64, 64, 256), full (64, 64, 512)  by image token

`decoder.onnx` runs for each prompt: those, and

    point_coords   (n, 2)      input-frame pixels; the graph adds 0.5
    point_labels   (n,)        -1 padding, 0 negative, 1 positive, 2 / 3 box corners
    mask_input     (1, 1, 256, 256) logits fed back; read only when has_mask_input is 1
    has_mask_input (1,)
    token_extent   (2,) int32  (rows, columns) of image tokens to upscale: what is not padding
    -> low_res_logits (4, 4 rows, 4 columns)  token 0 is the single-mask token, 1-3 are the candidates
       iou_predictions (4,)
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto

from .decoder_attention import (
    SCALE,
    ImageState,
    PreparedImage,
    answer,
    answer_prepared,
    heads_by_token,
    heads_by_width,
    look_at,
    look_at_prepared,
    normalised,
    scaled_projection,
    self_attention,
)
from .decoder_blocks import (
    CHANNELS,
    GRID,
    HEAD_WIDTH,
    HEADS,
    IMAGE_TOKENS,
    OBJECT_TOKEN,
    Blocks,
)
from .decoder_prompts import add_mask, prompt_tokens
from .decoder_upscaling import MASKS, fine_features, heads, upscale
from .onnx_builder import GraphBuilder, Storage, in_float16

TRANSFORMER = "mask_decoder.transformer"
FIRST, SECOND = f"{TRANSFORMER}.layers.0", f"{TRANSFORMER}.layers.1"

_F32 = TensorProto.FLOAT
_PREPARED = [
    ("residual", _F32, [IMAGE_TOKENS, CHANNELS]),
    ("keys", _F32, [HEADS, HEAD_WIDTH, IMAGE_TOKENS]),
    ("values", _F32, [HEADS, IMAGE_TOKENS, HEAD_WIDTH]),
    ("queries", _F32, [HEADS, HEAD_WIDTH, IMAGE_TOKENS]),
]
FINE_FEATURES = [
    ("half_features", _F32, [4 * IMAGE_TOKENS, 64]),
    ("full_features", _F32, [16 * IMAGE_TOKENS, 32]),
]
_FINE = [("half", _F32, [GRID, GRID, 4 * 64]), ("full", _F32, [GRID, GRID, 16 * 32])]


def build_prepare(
    weights: Mapping[str, np.ndarray],
    storage: Storage = in_float16,
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """The once-per-image graph for `weights` (public names, PyTorch layout, float32)."""
    net = Blocks(GraphBuilder(storage), weights)
    graph = net.graph
    no_mask = graph.weight("no_mask_embed", weights["prompt_encoder.no_mask_embed.weight"])
    tokens = graph.op("Add", "image_tokens", no_mask)  # (4096, 256)
    located = graph.op("Add", tokens, net.image_positions())
    look, reply = f"{FIRST}.cross_attn_token_to_image", f"{FIRST}.cross_attn_image_to_token"
    query_bias = SCALE * weights[f"{reply}.q_proj.bias"]
    graph.named(graph.op("Sub", tokens, graph.op("ReduceMean", tokens, graph.ints(-1))), "residual")
    graph.named(
        heads_by_width(net, located, scaled_projection(net, f"{look}.k_proj"), None, "key_projection"), "keys"
    )
    graph.named(
        heads_by_token(net, tokens, weights[f"{look}.v_proj.weight"].T, None, "value_projection"), "values"
    )
    query = scaled_projection(net, f"{reply}.q_proj")
    graph.named(heads_by_width(net, located, query, query_bias, "query_projection"), "queries")
    inputs, outputs = [("image_tokens", _F32, [IMAGE_TOKENS, CHANNELS])], _PREPARED
    if net.is_sam2:
        inputs, outputs = [*inputs, *FINE_FEATURES], [*outputs, *_FINE]
        for value, (name, *_) in zip(
            fine_features(net, "half_features", "full_features"), _FINE, strict=True
        ):
            graph.named(value, name)
    return graph.model("samphire_prepare", inputs, outputs, dict(metadata or {}))


def build_decoder(
    weights: Mapping[str, np.ndarray],
    storage: Storage = in_float16,
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """The once-per-prompt graph; arithmetic is float32 however weights are stored."""
    net = Blocks(GraphBuilder(storage), weights)
    graph = net.graph
    points = prompt_tokens(net, "point_coords", "point_labels")  # (n, 256)
    names = ["mask_decoder.iou_token.weight", "mask_decoder.mask_tokens.weight"]
    learnt = np.concatenate([weights[name] for name in ([OBJECT_TOKEN] if net.is_sam2 else []) + names])
    prompt = graph.op(
        "Concat", graph.weight("output_tokens", learnt), points, axis=0
    )  # (T, 256), T = 5 or 6 + n
    tokens = net.norm(self_attention(net, prompt, prompt, f"{FIRST}.self_attn"), f"{FIRST}.norm1")
    tokens, image = _first_layer(net, tokens, prompt)
    tokens, image = _second_layer(net, tokens, prompt, image)
    first = 1 if net.is_sam2 else 0
    read = (
        graph.ints(first),
        graph.ints(first + 1 + MASKS),
        graph.ints(0),
    )  # after this nothing asks the points
    tokens, prompt = graph.op("Slice", tokens, *read), graph.op("Slice", prompt, *read)
    seen = look_at(net, graph.op("Add", tokens, prompt), image, f"{TRANSFORMER}.final_attn_token_to_image")
    tokens = net.norm(graph.op("Add", tokens, seen), f"{TRANSFORMER}.norm_final_attn")
    hyper, iou = heads(net, tokens)  # (4, 32), (4,)
    fine = ("half", "full") if net.is_sam2 else None
    graph.named(upscale(net, image, hyper, "token_extent", fine), "low_res_logits")
    graph.named(iou, "iou_predictions")
    side = 4 * GRID
    return graph.model(
        "samphire_mask_decoder",
        inputs=[
            *_PREPARED,
            *(_FINE if net.is_sam2 else []),
            ("point_coords", _F32, ["points", 2]),
            ("point_labels", _F32, ["points"]),
            ("mask_input", _F32, [1, 1, side, side]),
            ("has_mask_input", _F32, [1]),
            ("token_extent", TensorProto.INT32, [2]),
        ],
        outputs=[
            ("low_res_logits", _F32, [4, "rows_x4", "columns_x4"]),
            ("iou_predictions", _F32, [4]),
        ],
        metadata=dict(metadata or {}),
    )


def _first_layer(net: Blocks, tokens: str, prompt: str) -> tuple[str, ImageState]:
    """The layer that reads the prepared tensors: as they are, or with a mask prompt added to them."""
    condition = net.graph.op("Cast", net.graph.op("Squeeze", "has_mask_input"), to=TensorProto.BOOL)
    bodies = {}
    for branch, with_mask in (("then_branch", True), ("else_branch", False)):
        inner = net.branch()
        prepared = PreparedImage("residual", "keys", "values", "queries")
        if with_mask:
            prepared = add_mask(inner, prepared, "mask_input", FIRST)
        located = inner.graph.op("Add", tokens, prompt)
        seen = look_at_prepared(inner, located, prepared, f"{FIRST}.cross_attn_token_to_image")
        after = inner.mlp(inner.norm(inner.graph.op("Add", tokens, seen), f"{FIRST}.norm2"), FIRST)
        located = inner.graph.op("Add", after, prompt)
        raw = answer_prepared(inner, prepared, located, after, f"{FIRST}.cross_attn_image_to_token")
        bodies[branch] = inner.graph.body(branch, after, raw)
    after, raw = net.graph.ops("If", condition, outputs=2, **bodies)
    return after, normalised(net, raw, f"{FIRST}.norm4")


def _second_layer(net: Blocks, tokens: str, prompt: str, image: ImageState) -> tuple[str, ImageState]:
    graph = net.graph
    attended = self_attention(net, graph.op("Add", tokens, prompt), tokens, f"{SECOND}.self_attn")
    tokens = net.norm(graph.op("Add", tokens, attended), f"{SECOND}.norm1")
    seen = look_at(net, graph.op("Add", tokens, prompt), image, f"{SECOND}.cross_attn_token_to_image")
    tokens = net.mlp(net.norm(graph.op("Add", tokens, seen), f"{SECOND}.norm2"), SECOND)
    located = graph.op("Add", tokens, prompt)
    return tokens, answer(
        net, image, located, tokens, f"{SECOND}.cross_attn_image_to_token", f"{SECOND}.norm4"
    )
