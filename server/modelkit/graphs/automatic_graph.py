"""Builds SAM's mask decoder for many single clicks on one image, as automatic masks ask it: three ONNX graphs.

The network is `decoder_graph.py`'s. How the image tokens of a prompt are held differs: `automatic_attention.py`.

`automatic_prepare.onnx` runs once for each image: the embedding to what no prompt can change, by the names of
`PREPARED` (SAM 2: and its finer features).

`automatic.onnx` runs for B clicks at once: those, and

    points       (B, 2)  input-frame pixels, as one positive click each; the graph adds 0.5
    token_extent (2,) int32  (rows, columns) of image tokens to look at: what is not padding
    -> iou_predictions (B, 3)  of the candidates
       coarse_logits   (B, 3, rows, columns)  every fourth of the low-res logits, the first of each image token
       spread, rows, deviation, hyper  what upscaling takes of the clicks: `Inside` in `automatic_upscaling.py`

`automatic_upscaling.onnx` runs for one candidate, or some of one click, and any P image tokens: those of `PREPARED`,
of SAM 2's finer features and of these four that are about them,

    -> low_res_logits (1, 16, M, P)
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto

from .automatic_attention import (
    FIRST,
    PREPARED,
    SECOND,
    TRANSFORMER,
    answer,
    answer_first,
    heads,
    join,
    look_at,
    look_first,
    prepare,
)
from .automatic_upscaling import CANDIDATES, HYPER, Inside, heads_of, look_inside, upscale
from .decoder_blocks import CHANNELS, HEADS, IMAGE_TOKENS, OBJECT_TOKEN, Blocks
from .decoder_graph import FINE_FEATURES
from .decoder_prompts import INPUT_SIDE
from .decoder_upscaling import MASKS, fine_features
from .onnx_builder import GraphBuilder, Storage, in_float16

_F32 = TensorProto.FLOAT
_FINE = [("half", _F32, [4 * 64, IMAGE_TOKENS]), ("full", _F32, [16 * 32, IMAGE_TOKENS])]


def build_automatic_prepare(
    weights: Mapping[str, np.ndarray],
    storage: Storage = in_float16,
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """The once-per-image graph for `weights` (public names, PyTorch layout, float32)."""
    net = Blocks(GraphBuilder(storage), weights)
    graph = net.graph
    no_mask = graph.weight("no_mask_embed", weights["prompt_encoder.no_mask_embed.weight"])
    made = prepare(net, graph.op("Add", "image_tokens", no_mask))
    inputs, outputs = [("image_tokens", _F32, [IMAGE_TOKENS, CHANNELS])], _prepared()
    if net.is_sam2:
        inputs, outputs = [*inputs, *FINE_FEATURES], [*outputs, *_FINE]
        for name, value in zip(
            ("half", "full"), fine_features(net, "half_features", "full_features"), strict=True
        ):
            made[name] = graph.transpose(graph.reshape(value, IMAGE_TOKENS, -1), 1, 0)
    for name, _, _ in outputs:
        graph.named(made[name], name)
    return graph.model("samphire_automatic_prepare", inputs, outputs, dict(metadata or {}))


def build_automatic(
    weights: Mapping[str, np.ndarray],
    storage: Storage = in_float16,
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """The graph for B clicks; arithmetic is float32 however weights are stored."""
    net = Blocks(GraphBuilder(storage), weights)
    graph = net.graph
    prompt = _prompts(net, "points")  # (B, T, 256)
    tokens = net.norm(_self_attention(net, prompt, prompt, f"{FIRST}.self_attn"), f"{FIRST}.norm1")
    seen = look_first(net, graph.op("Add", tokens, prompt))
    tokens = net.mlp(net.norm(graph.op("Add", tokens, seen), f"{FIRST}.norm2"), FIRST)
    image = answer_first(net, graph.op("Add", tokens, prompt), tokens)

    attended = _self_attention(net, graph.op("Add", tokens, prompt), tokens, f"{SECOND}.self_attn")
    tokens = net.norm(graph.op("Add", tokens, attended), f"{SECOND}.norm1")
    seen = look_at(
        net, graph.op("Add", tokens, prompt), image, f"{SECOND}.cross_attn_token_to_image", "second"
    )
    tokens = net.mlp(net.norm(graph.op("Add", tokens, seen), f"{SECOND}.norm2"), SECOND)
    image = answer(net, image, graph.op("Add", tokens, prompt), tokens)

    first = 1 if net.is_sam2 else 0
    read = (
        graph.ints(first),
        graph.ints(first + 1 + MASKS),
        graph.ints(1),
    )  # after this nothing asks the points
    tokens, prompt = graph.op("Slice", tokens, *read), graph.op("Slice", prompt, *read)
    seen = look_at(
        net, graph.op("Add", tokens, prompt), image, f"{TRANSFORMER}.final_attn_token_to_image", "final"
    )
    tokens = net.norm(graph.op("Add", tokens, seen), f"{TRANSFORMER}.norm_final_attn")  # (B, 5, 256)

    hyper, iou = heads_of(net, tokens)  # (B, 3, 32), (B, 3)
    size = graph.op("Cast", "token_extent", to=TensorProto.INT64)
    inside = look_inside(net, image, hyper, size, ("half", "full") if net.is_sam2 else None)
    coarse = graph.op("Concat", graph.ints(-1, CANDIDATES), size, axis=0)
    graph.named(iou, "iou_predictions")
    graph.named(graph.op("Reshape", upscale(net, inside, coarse=True), coarse), "coarse_logits")
    for name in ("spread", "rows", "deviation", "hyper"):
        graph.named(getattr(inside, name), name)
    return graph.model(
        "samphire_automatic",
        inputs=[
            *_prepared(),
            *(_FINE if net.is_sam2 else []),
            ("points", _F32, ["clicks", 2]),
            ("token_extent", TensorProto.INT32, [2]),
        ],
        outputs=[
            ("iou_predictions", _F32, ["clicks", CANDIDATES]),
            ("coarse_logits", _F32, ["clicks", CANDIDATES, "rows", "columns"]),
            *_inside("clicks"),
        ],
        metadata=dict(metadata or {}),
    )


def build_automatic_upscaling(
    weights: Mapping[str, np.ndarray],
    storage: Storage = in_float16,
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """The graph for one candidate."""
    net = Blocks(GraphBuilder(storage), weights)
    fine = ("half", "full") if net.is_sam2 else None
    inside = Inside("upscaled_image", "spread", "rows", "deviation", "hyper", fine)
    net.graph.named(upscale(net, inside), "low_res_logits")
    own = [("upscaled_image", _F32, [PREPARED["upscaled_image"][0], "tokens"])]
    return net.graph.model(
        "samphire_automatic_upscaling",
        inputs=[
            *own,
            *((name, type_, [rows, "tokens"]) for name, type_, (rows, _) in _FINE if fine),
            *_inside(1),
        ],
        outputs=[("low_res_logits", _F32, [1, 16, "masks", "tokens"])],
        metadata=dict(metadata or {}),
    )


def _inside(clicks: str | int) -> list[tuple[str, int, list[str | int]]]:
    return [
        ("spread", _F32, [clicks, "told", "tokens"]),
        ("rows", _F32, [clicks, "told", CHANNELS]),
        ("deviation", _F32, [clicks, 1, "tokens"]),
        ("hyper", _F32, [clicks, "masks", HYPER]),
    ]


def _prepared() -> list[tuple[str, int, list[int]]]:
    return [(name, _F32, list(shape)) for name, shape in PREPARED.items()]


def _prompts(net: Blocks, points: str) -> str:
    """Clicks (B, 2) in input-frame pixels -> output tokens, click and padding, (B, T, 256)."""
    g, prefix = net.graph, "prompt_encoder"
    names = ["mask_decoder.iou_token.weight", "mask_decoder.mask_tokens.weight"]
    learnt = np.concatenate([net.weights[name] for name in ([OBJECT_TOKEN] if net.is_sam2 else []) + names])
    unit = g.op("Div", g.op("Add", points, g.scalar(0.5)), g.scalar(INPUT_SIDE))
    positive = g.weight("positive_click", net.weights[f"{prefix}.point_embeddings.1.weight"])
    click = g.op("Add", net.fourier(g.op("Unsqueeze", unit, g.ints(1))), positive)  # (B, 1, 256)
    count = g.op("Slice", g.op("Shape", points), g.ints(0), g.ints(1))

    def repeated(name: str, rows: np.ndarray) -> str:
        shape = g.op("Concat", count, g.ints(*rows.shape), axis=0)
        return g.op("Expand", g.weight(name, rows), shape)

    padding = repeated("padding_point", net.weights[f"{prefix}.not_a_point_embed.weight"])
    return g.op("Concat", repeated("output_tokens", learnt), click, padding, axis=1)


def _self_attention(net: Blocks, located: str, values: str, name: str) -> str:
    """Queries and keys (B, T, 256), values (B, T, 256) -> (B, T, 256)."""
    g, width = net.graph, CHANNELS // HEADS
    q, k, v = (
        heads(net, net.linear(value, f"{name}.{part}_proj"))
        for value, part in ((located, "q"), (located, "k"), (values, "v"))
    )
    scores = g.op("MatMul", g.op("Mul", q, g.scalar(width**-0.5)), g.transpose(k, 0, 1, 3, 2))
    out = g.op("MatMul", g.op("Softmax", scores, axis=-1), v)  # (B, 8, T, 32)
    return net.linear(join(net, out), f"{name}.out_proj")
