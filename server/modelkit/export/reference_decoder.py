"""A decoder with the reference code's interface, for other programs: our two graphs, and full-size masks after them.

`onnx.py` of the reference code: `SamOnnxModel` with all four masks.

    image_embeddings (1, 256, 64, 64), point_coords (1, n, 2), point_labels (1, n), mask_input (1, 1, 256, 256),
    has_mask_input (1,), orig_im_size (2,): height, width
    -> masks (1, 4, H, W), iou_predictions (1, 4), low_res_masks (1, 4, 256, 256), all logits but the IoUs
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto

from ...domain.frames import GRID, INPUT_SIDE
from ..graphs.decoder_graph import build_decoder, build_prepare
from ..graphs.onnx_builder import GraphBuilder, in_float32

_F32 = TensorProto.FLOAT
_PREPARE, _DECODE = "prepare.", "decode."  # what the names of the two graphs start with here
_PREPARED = ("residual", "keys", "values", "queries")
_TOKENS, _CHANNELS = GRID * GRID, 256


def build_reference_decoder(
    weights: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None
) -> onnx.ModelProto:
    """The graph for `weights` (public names, PyTorch layout), checked."""
    prepare = build_prepare(weights, in_float32)
    decoder = build_decoder(weights, in_float32)
    for model, prefix in ((prepare, _PREPARE), (decoder, _DECODE)):
        _prefix(model.graph, prefix)
    handed_on = GraphBuilder()
    for name in _PREPARED:
        handed_on.named(_PREPARE + name, _DECODE + name)
    feed, show = GraphBuilder(), GraphBuilder()
    _feed(feed)
    _show(show)
    graph = onnx.helper.make_graph(
        [*feed.nodes, *prepare.graph.node, *handed_on.nodes, *decoder.graph.node, *show.nodes],
        "sam_mask_decoder",
        [
            onnx.helper.make_tensor_value_info(*one)
            for one in (
                ("image_embeddings", _F32, [1, _CHANNELS, GRID, GRID]),
                ("point_coords", _F32, [1, "num_points", 2]),
                ("point_labels", _F32, [1, "num_points"]),
                ("mask_input", _F32, [1, 1, 4 * GRID, 4 * GRID]),
                ("has_mask_input", _F32, [1]),
                ("orig_im_size", _F32, [2]),
            )
        ],
        [
            onnx.helper.make_tensor_value_info(*one)
            for one in (
                ("masks", _F32, [1, 4, "height", "width"]),
                ("iou_predictions", _F32, [1, 4]),
                ("low_res_masks", _F32, [1, 4, 4 * GRID, 4 * GRID]),
            )
        ],
        [
            *prepare.graph.initializer,
            *decoder.graph.initializer,
            *{**feed.initializers, **show.initializers}.values(),
        ],
    )
    model = onnx.helper.make_model(
        graph, opset_imports=list(decoder.opset_import), ir_version=decoder.ir_version
    )
    model.producer_name = "samphire"
    onnx.helper.set_model_props(model, dict(metadata or {}))
    onnx.checker.check_model(model, full_check=True)
    return model


def _prefix(graph: onnx.GraphProto, prefix: str) -> None:
    """Put `prefix` before every name in the graph and in the branches inside it, so that two graphs fit into one."""
    for value in (*graph.input, *graph.output, *graph.value_info, *graph.initializer):
        value.name = prefix + value.name
    for node in graph.node:
        node.name = prefix + node.name
        for names in (node.input, node.output):
            names[:] = [name and prefix + name for name in names]
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                _prefix(attribute.g, prefix)


def _feed(g: GraphBuilder) -> None:
    """From the reference's inputs to ours, which have no batch."""
    rows = g.reshape("image_embeddings", _CHANNELS, _TOKENS)
    g.named(g.transpose(rows, 1, 0), f"{_PREPARE}image_tokens")
    g.named(g.op("Squeeze", "point_coords", g.ints(0)), f"{_DECODE}point_coords")
    g.named(g.op("Squeeze", "point_labels", g.ints(0)), f"{_DECODE}point_labels")
    for name in ("mask_input", "has_mask_input"):
        g.named(name, _DECODE + name)
    g.named(g.const([GRID, GRID], np.int32), f"{_DECODE}token_extent")


def _show(g: GraphBuilder) -> None:
    """From our outputs to the reference's: 256 to 1024, cut to the picture's part, to the picture's size."""
    low = g.op("Unsqueeze", f"{_DECODE}low_res_logits", g.ints(0))
    g.named(low, "low_res_masks")
    g.named(g.op("Unsqueeze", f"{_DECODE}iou_predictions", g.ints(0)), "iou_predictions")
    square = _resize(g, low, g.ints(1, 4, INPUT_SIDE, INPUT_SIDE))
    longest = g.op("ReduceMax", "orig_im_size", keepdims=1)
    scaled = g.op("Mul", "orig_im_size", g.op("Div", g.scalar(INPUT_SIDE), longest))
    inside = g.op("Cast", g.op("Floor", g.op("Add", scaled, g.scalar(0.5))), to=TensorProto.INT64)
    cut = g.op("Slice", square, g.ints(0, 0), inside, g.ints(2, 3))
    size = g.op("Cast", "orig_im_size", to=TensorProto.INT64)
    g.named(_resize(g, cut, g.op("Concat", g.ints(1, 4), size, axis=0)), "masks")


def _resize(g: GraphBuilder, value: str, sizes: str) -> str:
    """Bilinear, half-pixel centres, as torch's interpolate with align_corners=False."""
    return g.op("Resize", value, "", "", sizes, mode="linear", coordinate_transformation_mode="half_pixel")
