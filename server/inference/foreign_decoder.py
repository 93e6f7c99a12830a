"""Another exporter's mask decoder, run as it is: recognised by its interface and wrapped into Samphire's.

The reference interface is `onnx.py` of the reference code; SAM 2's exporters write the same without orig_im_size and
with two finer feature maps. What they show differs: one mask, three or four, small or at the picture's size. Wrapped,
each is a prepare and a decoder graph as `decoder_graph.py` describes them, so nobody else has to know.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np
import onnxruntime
from onnx import ModelProto, TensorProto, helper

from server.domain.frames import LOW_RES_SIDE
from server.errors import UnsupportedSegmenter
from server.inference.foreign_graph import (
    INSIDE,
    element,
    keep_only,
    model_of,
    opset,
    prefixed,
    real_inputs,
    shape,
)
from server.inference.onnx_builder import GraphBuilder

MASKS = 4
_SIDE = LOW_RES_SIDE
_F32 = TensorProto.FLOAT
_PROMPT = ("point_coords", "point_labels")
_OPTIONAL = ("mask_input", "has_mask_input", "orig_im_size")
MAPS = {  # our tensor -> (grid, channels): how an exporter's input is recognised, whatever it is called
    "image_tokens": (64, 256),
    "half_features": (128, 64),
    "full_features": (256, 32),
}
_NUMPY: dict[int, type[np.generic]] = {
    TensorProto.FLOAT: np.float32, TensorProto.FLOAT16: np.float16, TensorProto.DOUBLE: np.float64,
    TensorProto.INT32: np.int32, TensorProto.INT64: np.int64, TensorProto.BOOL: np.bool_,
}  # fmt: skip


@dataclass(frozen=True)
class Interface:
    """What a decoder is asked with and what it answers."""

    maps: dict[str, str]  # our tensor -> its input
    inputs: dict[str, int]  # every input -> TensorProto type
    logits: str  # output (1, k, 256, 256)
    iou: str  # output (1, k)
    masks: int  # k
    resized: bool  # its masks come at the size asked for: 256x256 is asked for
    pads: bool  # it adds the padding point itself

    def told(self) -> str:
        """For people."""
        fed_back = "" if "mask_input" in self.inputs else ", takes no mask back"
        size = ", read from its full-size masks" if self.resized else ""
        return f"{self.masks} mask{'s' if self.masks > 1 else ''}{size}{fed_back}"


def interface(model: ModelProto) -> Interface:
    """Found by names, shapes and one run on zeros. Raises UnsupportedSegmenter when it is no decoder of SAM's kind."""
    opset(model)
    inputs = {one.name: one for one in real_inputs(model.graph)}
    missing = [name for name in _PROMPT if name not in inputs]
    if missing:
        raise UnsupportedSegmenter(
            f"This decoder has no input {' and no input '.join(missing)}; it takes {', '.join(inputs) or 'nothing'}."
        )
    maps: dict[str, str] = {}
    for name, value in inputs.items():
        if name not in (*_PROMPT, *_OPTIONAL):
            maps[_map_of(name, shape(value), maps)] = name
    if "image_tokens" not in maps or len(maps) == 2:
        raise UnsupportedSegmenter(
            f"This decoder reads {', '.join(maps.values()) or 'no image'}: not what a SAM's does."
        )
    points = shape(inputs["point_coords"])
    if len(points) != 3 or points[1] is not None or points[2] not in (2, None):
        said = "x".join("?" if one is None else str(one) for one in points)
        raise UnsupportedSegmenter(f"This decoder takes points as {said}; SAM's take any number, as 1x?x2.")
    types = {name: element(value) for name, value in inputs.items()}
    answer = _shapes_on_zeros(model, types, maps)
    name, masks = _logits(answer)
    return Interface(
        maps=maps, inputs=types, logits=name, iou=_scores(answer, masks), masks=masks,
        resized=name == "masks" and "orig_im_size" in types, pads=len(maps) > 1,
    )  # fmt: skip


def wrapped_prepare(model: ModelProto, known: Interface) -> ModelProto:
    """prepare.onnx: the embedding's tensors (grid * grid, channels) to the maps the decoder reads."""
    g = GraphBuilder()
    inputs, outputs = [], []
    for tensor, name in known.maps.items():
        grid, channels = MAPS[tensor]
        planes = g.reshape(g.transpose(tensor, 1, 0), 1, channels, grid, grid)
        g.named(_cast(g, planes, known.inputs[name]), _map_name(tensor))
        inputs.append(helper.make_tensor_value_info(tensor, _F32, [grid * grid, channels]))
        outputs.append(
            helper.make_tensor_value_info(_map_name(tensor), known.inputs[name], [1, channels, grid, grid])
        )
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
                _map_name(tensor), known.inputs[name], [1, MAPS[tensor][1], *2 * [MAPS[tensor][0]]]
            )
            for tensor, name in known.maps.items()
        ),
        helper.make_tensor_value_info("point_coords", _F32, ["points", 2]),
        helper.make_tensor_value_info("point_labels", _F32, ["points"]),
        helper.make_tensor_value_info("mask_input", _F32, [1, 1, _SIDE, _SIDE]),
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
    fed = {name: _map_name(tensor) for tensor, name in known.maps.items()}
    fed["point_coords"] = g.reshape(coords, 1, -1, 2)
    fed["point_labels"] = g.reshape(labels, 1, -1)
    fed.update(mask_input="mask_input", has_mask_input="has_mask_input")
    if "orig_im_size" in read:
        fed["orig_im_size"] = g.const([_SIDE, _SIDE], np.float32)
    return fed


def _show(g: GraphBuilder, known: Interface) -> None:
    """Four masks, cut to token_extent, and their IoUs, from what the exporter's graph answers."""
    logits = g.reshape(_cast(g, INSIDE + known.logits, _F32), known.masks, _SIDE, _SIDE)
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


def _map_of(name: str, dims: list[int | None], taken: dict[str, str]) -> str:
    """Which of our tensors an input of this shape is."""
    for tensor, (grid, channels) in MAPS.items():
        if tensor not in taken and dims[1:] == [channels, grid, grid]:
            return tensor
    said = "x".join("?" if one is None else str(one) for one in dims)
    raise UnsupportedSegmenter(
        f"This decoder wants an input {name} ({said}), which no SAM encoder Samphire knows makes."
    )


def _shapes_on_zeros(
    model: ModelProto, types: dict[str, int], maps: dict[str, str]
) -> dict[str, tuple[int, ...]]:
    """Output -> its shape for one point."""
    values = {
        "point_coords": np.full((1, 2, 2), 512.0), "point_labels": np.array([[1.0, -1.0]]),
        "mask_input": np.zeros((1, 1, _SIDE, _SIDE)), "has_mask_input": np.zeros(1),
        "orig_im_size": np.array([_SIDE, _SIDE]),
    }  # fmt: skip
    for tensor, name in maps.items():
        grid, channels = MAPS[tensor]
        values[name] = np.zeros((1, channels, grid, grid))
    feeds = {name: values[name].astype(_NUMPY.get(kind, np.float32)) for name, kind in types.items()}
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        outputs = [one.name for one in session.get_outputs()]
        return {
            name: np.asarray(value).shape
            for name, value in zip(outputs, session.run(outputs, feeds), strict=True)
        }
    except Exception as error:  # onnxruntime's exceptions share no base class of their own
        raise UnsupportedSegmenter(
            f"This decoder does not run: {str(error).splitlines()[0][:200]}"
        ) from error


def _logits(answer: dict[str, tuple[int, ...]]) -> tuple[str, int]:
    """The output that holds 256x256 logits, and how many. Full-size masks of a 256x256 picture have that size too."""
    names: Iterable[str] = sorted(answer, key=lambda name: ("low" not in name, name != "masks"))
    for name in names:
        dims = answer[name]
        if len(dims) == 4 and dims[0] == 1 and dims[1] in (1, 3, MASKS) and dims[2:] == (_SIDE, _SIDE):
            return name, dims[1]
    said = ", ".join(f"{name} {'x'.join(map(str, dims))}" for name, dims in answer.items())
    raise UnsupportedSegmenter(f"This decoder answers with {said}: none of it is 1, 3 or 4 masks of 256x256.")


def _scores(answer: dict[str, tuple[int, ...]], masks: int) -> str:
    """The output that holds the predicted IoUs."""
    for word in ("iou", "score"):
        for name, dims in answer.items():
            if word in name.lower() and dims in ((1, masks), (masks,)):
                return name
    raise UnsupportedSegmenter(
        f"This decoder answers with {', '.join(answer)}: no predicted IoU for each mask."
    )
