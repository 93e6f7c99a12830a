"""MobileSAM as transformers (for transformers.js) and HQ-SAM's exporters would write it: encoders and decoders."""

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from tests.unit.modelkit.catalogue import exports
from tests.unit.modelkit.catalogue.exports import _node

_F32 = TensorProto.FLOAT
POSITIONS = np.random.default_rng(4).normal(0, 1, (1, 256, 64, 64)).astype(np.float32)
EARLY = 160  # channels


def _numbers(graph: onnx.GraphProto, **numbers: np.ndarray) -> None:
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(array), name) for name, array in numbers.items()
    )


def _read_instead(graph: onnx.GraphProto, **names: str) -> None:
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]


def _first(graph: onnx.GraphProto, *nodes: onnx.NodeProto) -> None:
    for place, node in enumerate(nodes):
        graph.node.insert(place, node)


def transformers_encoder() -> ModelProto:
    """pixel_values -> image_embeddings, and image_positional_embeddings, which no image changes."""
    model = onnx.load(str(exports.ENCODER))
    graph = model.graph
    _read_instead(graph, **{graph.input[0].name: "pixel_values"})
    graph.input[0].name = "pixel_values"
    _numbers(graph, positions=POSITIONS)
    graph.node.extend(
        [
            _node("Identity", "output", "image_embeddings"),
            _node("Identity", "positions", "image_positional_embeddings"),
        ]
    )
    del graph.output[:]
    for name in ("image_embeddings", "image_positional_embeddings"):
        graph.output.append(helper.make_tensor_value_info(name, _F32, ["batch", 256, 64, 64]))
    return model


def transformers_decoder() -> ModelProto:
    """Points of one object among several, three masks, its own padding point; corners of a box mean nothing to it."""
    model = exports.four_masks()
    graph = model.graph
    for name, value in (
        ("mask_input", np.zeros((1, 1, 256, 256), np.float32)),
        ("has_mask_input", np.zeros(1, np.float32)),
        ("orig_im_size", np.array([256, 256], np.float32)),
    ):
        graph.input.remove(next(one for one in graph.input if one.name == name))
        _numbers(graph, **{name: value})
    _read_instead(graph, image_embeddings="features", point_coords="coords", point_labels="labels")
    _numbers(
        graph, positions=POSITIONS, one=np.array([1]), last=np.array([4]), origin=np.zeros((1, 1, 2), np.float32),
        no_point=-np.ones((1, 1), np.float32), corner=np.float32(1.5),
    )  # fmt: skip
    _first(
        graph,
        _node("Sub", "image_positional_embeddings positions", "nothing"),
        _node("Add", "image_embeddings nothing", "features"),
        _node("Squeeze", "input_points one", "points"),
        _node("Concat", "points origin", "coords", axis=1),
        _node("Squeeze", "input_labels one", "whole_labels"),
        _node("Cast", "whole_labels", "given_labels", to=_F32),
        _node("Greater", "given_labels corner", "unknown"),
        _node("Where", "unknown no_point given_labels", "known_labels"),
        _node("Concat", "known_labels no_point", "labels", axis=1),
    )
    for source, output in (("low_res_masks", "pred_masks"), ("iou_predictions", "iou_scores")):
        graph.node.append(_node("Slice", f"{source} one last one", f"{output}.three"))
        graph.node.append(_node("Unsqueeze", f"{output}.three one", output))
    del graph.input[:], graph.output[:]
    for name, kind, dims in (
        ("input_points", _F32, ["batch", "point_batch", "points", 2]),
        ("input_labels", TensorProto.INT64, ["batch", "point_batch", "points"]),
        ("image_embeddings", _F32, ["batch", 256, 64, 64]),
        ("image_positional_embeddings", _F32, ["batch", 256, 64, 64]),
    ):
        graph.input.append(helper.make_tensor_value_info(name, kind, dims))
    for name, dims in (("iou_scores", ["b", "p", 3]), ("pred_masks", ["b", "p", 3, 256, 256])):
        graph.output.append(helper.make_tensor_value_info(name, _F32, dims))
    return model


def hq_encoder(layers: int = 4) -> ModelProto:
    """Besides the embedding the features of early layers, of which the decoder reads the first."""
    model = onnx.load(str(exports.ENCODER))
    graph = model.graph
    _numbers(
        graph,
        zero=np.array([0]),
        early=np.array([EARLY]),
        last=np.array([-1]),
        tiles=np.array([layers, 1, 1, 1, 1]),
    )
    graph.node.extend(
        [
            _node("Transpose", "output", "rows", perm=[0, 2, 3, 1]),
            _node("Slice", "rows zero early last", "some"),
            _node("Unsqueeze", "some", "layer", axes=[0]),
            _node("Tile", "layer tiles", "interm_embeddings"),
        ]
    )
    dims = [layers, 1, 64, 64, EARLY]
    graph.output.append(helper.make_tensor_value_info("interm_embeddings", _F32, dims))
    return model


def hq_decoder(layers: int = 4, reads: int = 0) -> ModelProto:
    model = exports.four_masks()
    graph = model.graph
    _read_instead(graph, image_embeddings="features")
    _numbers(graph, layer=np.int64(reads), small=np.float32(0.5))
    _first(
        graph,
        _node("Gather", "interm_embeddings layer", "early", axis=0),
        helper.make_node("ReduceMean", ["early"], ["mean"], keepdims=0),
        _node("Mul", "mean small", "little"),
        _node("Add", "image_embeddings little", "features"),
    )
    graph.input.append(helper.make_tensor_value_info("interm_embeddings", _F32, [layers, 1, 64, 64, EARLY]))
    return model
