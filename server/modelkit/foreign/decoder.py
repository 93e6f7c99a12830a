"""Another exporter's mask decoder, run as it is: wrapped into the interface of Samphire's.

What exporters show differs: one mask, three or four, small or at the image's size. Wrapped, each is a prepare and a
decoder graph as `decoder_graph.py` describes them, so nobody else has to know. `interface.py` recognises them.
"""

from collections.abc import Container

import numpy as np
from onnx import ModelProto, TensorProto, helper

from ..graphs.onnx_builder import GraphBuilder
from .graph import INSIDE, keep_only, model_of, prefixed
from .interface import MASKS, SIDE, Interface, Map

_F32 = TensorProto.FLOAT


def wrapped_prepare(model: ModelProto, known: Interface) -> ModelProto:
    """prepare.onnx: the embedding's tensors (grid * grid, channels) to the maps the decoder reads."""
    g = GraphBuilder()
    inputs, outputs = [], []
    for tensor, one in known.maps.items():
        kind = known.inputs[known.names[tensor]]
        rows = tensor if one.layers else g.transpose(tensor, 1, 0)
        g.named(_cast(g, g.reshape(rows, *_prepared(one)), kind), _map_name(tensor))
        inputs.append(helper.make_tensor_value_info(tensor, _F32, [one.grid**2, one.channels]))
        outputs.append(helper.make_tensor_value_info(_map_name(tensor), kind, _prepared(one)))
    graph = helper.make_graph(g.nodes, "sam_prepare", inputs, outputs, list(g.initializers.values()))
    return model_of(graph, model)


def wrapped_decoder(model: ModelProto, known: Interface) -> ModelProto:
    """decoder.onnx: the exporter's graph, without what only made its masks large, between our inputs and outputs."""
    part = ModelProto()
    part.CopyFrom(model)
    keep_only(part.graph, (known.logits, known.iou))
    read = {one.name for one in part.graph.input}
    g = GraphBuilder()
    for ours, value in _fed(g, known, read).items():
        if ours in read:
            g.named(_cast(g, value, known.inputs[ours]), INSIDE + ours)
    before = len(g.nodes)
    _show(g, known)
    inner = prefixed(part)
    inputs = [
        *(
            helper.make_tensor_value_info(
                _map_name(tensor), known.inputs[known.names[tensor]], _prepared(one)
            )
            for tensor, one in known.maps.items()
        ),
        helper.make_tensor_value_info("point_coords", _F32, ["points", 2]),
        helper.make_tensor_value_info("point_labels", _F32, ["points"]),
        helper.make_tensor_value_info("mask_input", _F32, [1, 1, SIDE, SIDE]),
        helper.make_tensor_value_info("has_mask_input", _F32, [1]),
        helper.make_tensor_value_info("token_extent", TensorProto.INT32, [2]),
    ]
    outputs = [
        helper.make_tensor_value_info("low_res_logits", _F32, [MASKS, "rows_x4", "columns_x4"]),
        helper.make_tensor_value_info("iou_predictions", _F32, [MASKS]),
    ]
    graph = helper.make_graph(
        [*g.nodes[:before], *inner.node, *g.nodes[before:]], "sam_mask_decoder", inputs, outputs,
        [*g.initializers.values(), *inner.initializer],
    )  # fmt: skip
    graph.sparse_initializer.extend(inner.sparse_initializer)
    return model_of(graph, model)


def _fed(g: GraphBuilder, known: Interface, read: Container[str]) -> dict[str, str]:
    """The exporter's input -> our value for it, float32. `read` are those its graph needs."""
    coords, labels = "point_coords", "point_labels"
    if known.pads:
        real = g.op("Not", g.op("Less", labels, g.scalar(0)))
        coords, labels = (g.op("Compress", one, real, axis=0) for one in (coords, labels))
    if not known.boxes:
        coords, labels = _clicks(g, coords, labels)
    axes = (1, 1) if known.nested else (1,)
    fed = {known.names[tensor]: _fed_map(g, tensor, one) for tensor, one in known.maps.items()}
    fed["point_coords"] = g.reshape(coords, *axes, -1, 2)
    fed["point_labels"] = g.reshape(labels, *axes, -1)
    fed.update(mask_input="mask_input", has_mask_input="has_mask_input")
    if "orig_im_size" in read:
        fed["orig_im_size"] = g.const([SIDE, SIDE], np.float32)
    return fed


def _clicks(g: GraphBuilder, coords: str, labels: str) -> tuple[str, str]:
    """A box as a click in its middle, given twice, once for each corner: for decoders that know no corners."""
    corner = g.op("Greater", labels, g.scalar(1.5))  # 2 and 3
    halves = g.reshape(g.op("Mul", _cast(g, corner, _F32), g.scalar(0.5)), 1, -1)
    middle = g.op("MatMul", halves, coords)  # (1, 2)
    coords = g.op("Where", g.reshape(corner, -1, 1), middle, coords)
    return coords, g.op("Where", corner, g.scalar(1.0), labels)


def _fed_map(g: GraphBuilder, tensor: str, one: Map) -> str:
    """Layers that do not count are zeros, put in place here: they need not be kept for each image."""
    if one.layers <= 1:
        return _map_name(tensor)
    return g.op("Pad", _map_name(tensor), g.ints(*5 * [0], one.layers - 1, *4 * [0]))


def _prepared(one: Map) -> list[int]:
    """The shape of what is kept of a tensor for an image."""
    return [1, *one.dims[1:]] if one.layers else one.planes


def _show(g: GraphBuilder, known: Interface) -> None:
    """Four masks, cut to token_extent, and their IoUs, from what the exporter's graph answers."""
    logits = g.reshape(_cast(g, INSIDE + known.logits, _F32), known.masks, SIDE, SIDE)
    iou = g.reshape(_cast(g, INSIDE + known.iou, _F32), known.masks)
    if known.masks != MASKS:
        if known.masks == 1:
            order = g.ints(*MASKS * [0])
        else:
            order = g.op(
                "Concat", g.op("ArgMax", iou, axis=0, keepdims=1), g.ints(*range(known.masks)), axis=0
            )
        logits, iou = g.op("Gather", logits, order, axis=0), g.op("Gather", iou, order, axis=0)
    size = g.op("Mul", g.op("Cast", "token_extent", to=TensorProto.INT64), g.ints(4))
    g.named(g.op("Slice", logits, g.ints(0, 0), size, g.ints(1, 2)), "low_res_logits")
    g.named(iou, "iou_predictions")


def _cast(g: GraphBuilder, value: str, to: int) -> str:
    return g.op("Cast", value, to=to)


def _map_name(tensor: str) -> str:
    return f"{tensor}_planes"
