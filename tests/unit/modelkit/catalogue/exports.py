"""MobileSAM as other programs would export it, made of the bundled files: encoders and decoders of many interfaces."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from server.modelkit.export.reference_decoder import build_reference_decoder
from server.modelkit.foreign.encoder import MEAN, STD
from server.modelkit.foreign.graph import prefixed
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from server.paths import PUBLISHED_DECODER, PUBLISHED_ENCODER

ENCODER, DECODER = PUBLISHED_ENCODER, PUBLISHED_DECODER
IN = "picture"


def in_front(nodes: list[NodeProto], numbers: dict[str, np.ndarray], dims: list, kind: int) -> ModelProto:
    """The bundled encoder with nodes before it, which make `ready` of `picture`."""
    model = onnx.load(str(ENCODER))
    inner = prefixed(model, "net.")
    cast = helper.make_node("Identity", ["ready"], [f"net.{model.graph.input[0].name}"])
    outputs = [helper.make_tensor_value_info("image_embeddings", TensorProto.FLOAT, [1, 256, 64, 64])]
    last = helper.make_node("Identity", ["net.output"], ["image_embeddings"])
    weights = [numpy_helper.from_array(array, name) for name, array in numbers.items()]
    graph = helper.make_graph(
        [*nodes, cast, *inner.node, last], "encoder", [helper.make_tensor_value_info(IN, kind, dims)], outputs,
        [*weights, *inner.initializer],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=list(model.opset_import), ir_version=model.ir_version)


def _numbers(scale: float = 1.0, channels_first: bool = False) -> dict[str, np.ndarray]:
    shape = (1, 3, 1, 1) if channels_first else (3,)
    return {
        name: (np.array(values, np.float32) * np.float32(scale)).reshape(shape)
        for name, values in (("mean", MEAN), ("std", STD))
    }


def _node(op: str, inputs: str, output: str, **attributes) -> NodeProto:
    return helper.make_node(op, inputs.split(), [output], name=output, **attributes)


def pixels_hwc() -> ModelProto:
    """Any height and width up to 1024, normalised and padded inside, as samexporter and AnyLabeling do it."""
    numbers = {
        **_numbers(), "zeros": np.zeros(3, np.int64), "full": np.array([1024, 1024], np.int64),
        "batch": np.array([0], np.int64), "spatial": np.array([1], np.int64), "end": np.array([3], np.int64),
    }  # fmt: skip
    nodes = [
        _node("Sub", f"{IN} mean", "centred"),
        _node("Div", "centred std", "normal"),
        _node("Transpose", "normal", "planes", perm=[2, 0, 1]),
        _node("Shape", "planes", "shape"),
        _node("Slice", "shape spatial end", "size"),
        _node("Sub", "full size", "missing"),
        _node("Concat", "zeros batch missing", "pads", axis=0),  # 3 dimensions: 3 before, 3 after
        _node("Pad", "planes pads", "padded"),
        helper.make_node("Unsqueeze", ["padded"], ["ready"], axes=[0]),
    ]
    return in_front(nodes, numbers, ["image_height", "image_width", 3], TensorProto.FLOAT)


def pixels_nchw() -> ModelProto:
    nodes = [_node("Sub", f"{IN} mean", "centred"), _node("Div", "centred std", "ready")]
    return in_front(nodes, _numbers(channels_first=True), [1, 3, 1024, 1024], TensorProto.FLOAT)


def unit_range_nchw() -> ModelProto:
    nodes = [_node("Sub", f"{IN} mean", "centred"), _node("Div", "centred std", "ready")]
    return in_front(nodes, _numbers(1 / 255, channels_first=True), ["b", 3, "h", "w"], TensorProto.FLOAT)


def folded_nhwc() -> ModelProto:
    """The normalisation as one product and one sum, 0 to 255."""
    std, mean = np.array(STD, np.float32), np.array(MEAN, np.float32)
    nodes = [
        _node("Mul", f"{IN} factor", "scaled"),
        _node("Add", "offset scaled", "normal"),
        _node("Transpose", "normal", "ready", perm=[0, 3, 1, 2]),
    ]
    return in_front(nodes, {"factor": 1 / std, "offset": -mean / std}, [1, 1024, 1024, 3], TensorProto.FLOAT)


def bytes_chw() -> ModelProto:
    nodes = [
        _node("Cast", IN, "float", to=TensorProto.FLOAT),
        _node("Div", "float most", "unit"),
        _node("Sub", "unit mean", "centred"),
        _node("Div", "centred std", "normal"),
        helper.make_node("Unsqueeze", ["normal"], ["ready"], axes=[0]),
    ]
    numbers = {name: array[0] for name, array in _numbers(1 / 255, channels_first=True).items()}
    numbers["most"] = np.array(255, np.float32)
    return in_front(nodes, numbers, [3, 1024, 1024], TensorProto.UINT8)


def normalised_half() -> ModelProto:
    nodes = [_node("Cast", IN, "ready", to=TensorProto.FLOAT)]
    return in_front(nodes, {}, [1, 3, 1024, 1024], TensorProto.FLOAT16)


FOREIGN_ENCODERS: dict[str, Callable[[], ModelProto]] = {
    one.__name__: one
    for one in (pixels_hwc, pixels_nchw, unit_range_nchw, folded_nhwc, bytes_chw, normalised_half)
}


def of_another_training() -> ModelProto:
    """An encoder of the right shape whose channels mean other things: what a different checkpoint amounts to."""
    model = onnx.load(str(ENCODER))
    order = np.random.default_rng(3).permutation(256).astype(np.int64)
    model.graph.initializer.append(numpy_helper.from_array(order, "order"))
    last = next(node for node in model.graph.node if "output" in node.output)
    last.output[0] = "in_order"
    model.graph.node.append(_node("Gather", "in_order order", "output", axis=1))
    return model


def four_masks() -> ModelProto:
    """All four masks, as the reference code exports without --return-single-mask; weights that cannot be recovered."""
    return build_reference_decoder(recover_decoder_weights(onnx.load(str(DECODER))))


def three_masks() -> ModelProto:
    """Only the three for an ambiguous prompt, no size, no low_res_masks: as SAM 2's exporters write it."""
    model = four_masks()
    graph = model.graph
    for name, output in (("low_res_masks", "masks"), ("iou_predictions", "iou_predictions")):
        for node in graph.node:
            node.input[:] = [f"old.{one}" if one == name else one for one in node.input]
            node.output[:] = [f"old.{one}" if one in (name, output) else one for one in node.output]
    del graph.output[:]
    graph.initializer.extend(
        numpy_helper.from_array(np.array([value], np.int64), name)
        for name, value in (("first", 1), ("last", 4), ("axis", 1))
    )
    for name, output, dims in (
        ("low_res_masks", "masks", [1, 3, 256, 256]),
        ("iou_predictions", "iou_predictions", [1, 3]),
    ):
        graph.node.append(_node("Slice", f"old.{name} first last axis", output))
        graph.output.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, dims))
    size = next(one for one in graph.input if one.name == "orig_im_size")
    graph.input.remove(size)
    graph.initializer.append(numpy_helper.from_array(np.array([256, 256], np.float32), "orig_im_size"))
    return model


def full_size_only() -> ModelProto:
    """No low_res_masks among the outputs."""
    model = four_masks()
    model.graph.output.remove(next(one for one in model.graph.output if one.name == "low_res_masks"))
    return model


def integer_labels() -> ModelProto:
    model = four_masks()
    labels = next(one for one in model.graph.input if one.name == "point_labels")
    labels.type.tensor_type.elem_type = TensorProto.INT64
    for node in model.graph.node:
        node.input[:] = ["labels.float" if one == "point_labels" else one for one in node.input]
    model.graph.node.insert(0, _node("Cast", "point_labels", "labels.float", to=TensorProto.FLOAT))
    return model


def with_extra_metrics() -> ModelProto:
    """--return-extra-metrics: stability scores and areas besides."""
    model = four_masks()
    for name in ("stability_scores", "areas"):
        model.graph.node.append(_node("Identity", "iou_predictions", name))
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]))
    return model


FOREIGN_DECODERS: dict[str, Callable[[], ModelProto]] = {
    one.__name__: one for one in (four_masks, three_masks, full_size_only, integer_labels, with_extra_metrics)
}


def write(model: ModelProto, path: Path) -> Path:
    path.write_bytes(model.SerializeToString())
    return path
