"""Another exporter's image encoder: how it wants its pixels, and the same network taking them as Samphire feeds them.

Samphire feeds (1, 3, 1024, 1024) float32, normalised, zeros in the padding. Exporters differ in the order of the axes,
in whether they normalise inside, and in the range of the numbers; a few nodes in front undo what would be done twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, numpy_helper

from ...domain.frames import INPUT_SIDE
from ...errors import UnsupportedSegmenter
from ..graphs.onnx_builder import GraphBuilder
from .graph import (
    element,
    keep_only,
    opset,
    read_instead,
    real_inputs,
    run,
    said,
    set_apart,
    shape,
)
from .interface import POSITIONS, USUAL_NAMES, Map

Colours = tuple[float, float, float]  # red, green, blue

MEAN: Colours = (123.675, 116.28, 103.53)  # of 0-255: what every SAM was trained with
STD: Colours = (58.395, 57.12, 57.375)
_OURS = "samphire_"  # what the names of everything put in start with
INPUT, _PICTURE = f"{_OURS}input", f"{_OURS}picture"
_FLOATS = frozenset({TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE})
_LAYOUTS = ("BCHW", "BHWC", "CHW", "HWC")
# what may stand between the pixels and the first layer, besides arithmetic with constants
_PASSED = frozenset(
    {
        "Cast",
        "Clip",
        "Dropout",
        "Identity",
        "Pad",
        "Reshape",
        "Resize",
        "Slice",
        "Squeeze",
        "Transpose",
        "Unsqueeze",
    }
)
_ARITHMETIC = frozenset({"Add", "Sub", "Mul", "Div"})
_LEAST_SPAN, _MOST_SPAN = 1.5, 8.0  # of normalised colours between black and white


@dataclass(frozen=True)
class Wishes:
    """How an encoder wants a picture. mean and std are of RGB, 0-255, wherever the normalisation is done."""

    name: str  # of the input
    layout: str  # of _LAYOUTS
    element: int  # TensorProto type
    white: float | None  # 255 or 1 when it normalises inside and wants pixels; None when it is done outside
    mean: Colours
    std: Colours

    @property
    def is_ours(self) -> bool:
        return (self.layout, self.element, self.white) == ("BCHW", TensorProto.FLOAT, None)

    def told(self) -> str:
        """For people."""
        kind = TensorProto.DataType.Name(self.element).lower()
        what = (
            "normalised outside"
            if self.white is None
            else f"pixels from 0 to {self.white:g}, normalised inside"
        )
        return f"{self.layout} {kind}, {what}"


def wishes(model: ModelProto, path: Path) -> Wishes:
    """Read off the graph, and off a run of the file where its dimensions are symbolic.

    Raises UnsupportedSegmenter when it is no encoder of 1024x1024 pictures."""
    inputs = real_inputs(model.graph)
    if len(inputs) != 1:
        names = ", ".join(one.name for one in inputs) or "none"
        raise UnsupportedSegmenter(
            f"An image encoder takes one input, the image; this network takes {len(inputs)}: {names}."
        )
    value = inputs[0]
    layout = _layout(path, value)
    factor, offset = _first_arithmetic(model.graph, value.name)
    white, mean, std = _normalisation(value.name, factor, offset)
    kind = element(value)
    if kind not in _FLOATS and (kind != TensorProto.UINT8 or white is None):
        raise UnsupportedSegmenter(
            f"The encoder's input {value.name} is of type {TensorProto.DataType.Name(kind).lower()}, and nothing "
            "inside normalises it."
        )
    return Wishes(value.name, layout, kind, white, mean, std)


def outputs(model: ModelProto, path: Path, wanted: Wishes) -> list[tuple[str, list[int | None]]]:
    """Names and shapes; of symbolic ones, as a run has them. Raises UnsupportedSegmenter."""
    told = [(one.name, shape(one)) for one in model.graph.output]
    if len(told) == 1 or all(None not in dims[1:] and dims for _, dims in told):
        return told
    answer = run(path, [_zeros(wanted.layout, wanted.element)])
    return [(name, list(answer[name].shape)) for name, _ in told]


def maps(outputs: Sequence[tuple[str, list[int | None]]], tensors: Mapping[str, Map]) -> dict[str, str]:
    """Our tensor -> which of the encoder's outputs (name, shape) it is: by shape, by name, or the only one.

    Raises UnsupportedSegmenter.
    """
    outputs = [(name, dims) for name, dims in outputs if name != POSITIONS]
    if len(outputs) == 1 and len(tensors) == 1:
        return {next(iter(tensors)): outputs[0][0]}
    found = {}
    for tensor, one in tensors.items():
        fitting = [name for name, dims in outputs if dims[1:] == one.dims[1:]]
        fitting = fitting or [name for name, _ in outputs if name in USUAL_NAMES[tensor]]
        if len(fitting) != 1:
            names = ", ".join(name for name, _ in outputs)
            raise UnsupportedSegmenter(
                f"The decoder wants {said(one.dims[1:])} of the image; the encoder's outputs are {names}, and "
                f"{'none of them is that' if not fitting else 'several are'}."
            )
        found[tensor] = fitting[0]
    return found


def adapt(
    model: ModelProto, wanted: Wishes, found: Mapping[str, str], tensors: Mapping[str, Map]
) -> dict[str, str]:
    """Change the network to take INPUT as Samphire feeds it and to answer in float32; our tensor -> its output.

    `found` is what `maps` said; what is not needed for it is cut off. Done in place: a ViT-H fits into memory once.
    """
    opset(model)
    graph = model.graph
    keep_only(graph, found.values())
    g = GraphBuilder()
    value = INPUT
    if wanted.white is not None:
        std, mean = (
            np.array(one).reshape(1, 3, 1, 1) * wanted.white / 255 for one in (wanted.std, wanted.mean)
        )
        value = g.op("Add", g.op("Mul", value, g.const(std, np.float32)), g.const(mean, np.float32))
    if wanted.element == TensorProto.UINT8:
        value = g.op("Clip", g.op("Round", value), g.scalar(0), g.scalar(255))
    if "HWC" in wanted.layout:
        value = g.transpose(value, 0, 2, 3, 1)
    if wanted.layout[0] != "B":
        value = g.reshape(value, *(3 if axis == "C" else INPUT_SIDE for axis in wanted.layout))
    g.named(g.op("Cast", value, to=wanted.element), _PICTURE)
    before = len(g.nodes)
    outputs = {tensor: f"{_OURS}{tensor}" for tensor in found}
    for tensor, name in found.items():
        first = name
        if tensors[tensor].layers:  # (layers, 1, grid, grid, channels)
            first = g.transpose(g.op("Gather", name, g.const(0, np.int64), axis=0), 0, 3, 1, 2)
        g.named(g.op("Cast", first, to=TensorProto.FLOAT), outputs[tensor])
    read_instead(graph, wanted.name, _PICTURE)
    set_apart(g, _OURS, {INPUT, _PICTURE, *found.values(), *outputs.values()})
    for place, node in enumerate(g.nodes[:before]):
        graph.node.insert(place, node)
    graph.node.extend(g.nodes[before:])
    graph.initializer.extend(g.initializers.values())
    del graph.input[:], graph.output[:]
    graph.input.append(
        onnx.helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, 3, INPUT_SIDE, INPUT_SIDE])
    )
    for tensor, name in outputs.items():
        planes = tensors[tensor].planes
        graph.output.append(onnx.helper.make_tensor_value_info(name, TensorProto.FLOAT, planes))
    return outputs


def _layout(path: Path, value: onnx.ValueInfoProto) -> str:
    """By rank and by where the three colours are; where nothing says, the first that runs."""
    dims = shape(value)
    for layout in _LAYOUTS:
        if len(layout) == len(dims) and dims[layout.index("C")] == 3:
            height, width = (dims[layout.index(axis)] for axis in "HW")
            if {height, width} <= {None, INPUT_SIDE}:
                return layout
            raise UnsupportedSegmenter(
                f"The encoder takes images of {width}x{height}; Samphire's segmenters see {INPUT_SIDE}x{INPUT_SIDE}."
            )
    if set(dims) <= {None, 1, INPUT_SIDE}:
        for layout in _LAYOUTS:
            if len(layout) == len(dims) and _runs(path, _zeros(layout, element(value))):
                return layout
    raise UnsupportedSegmenter(
        f"The encoder's input {value.name} ({said(dims)}) is not an image of three channels."
    )


def _zeros(layout: str, kind: int) -> np.ndarray:
    sides = {"B": 1, "C": 3, "H": INPUT_SIDE, "W": INPUT_SIDE}
    return np.zeros([sides[axis] for axis in layout], onnx.helper.tensor_dtype_to_np_dtype(kind))


def _runs(path: Path, pixels: np.ndarray) -> bool:
    try:
        run(path, [pixels])
    except UnsupportedSegmenter:
        return False
    return True


def _normalisation(
    name: str, factor: np.ndarray, offset: np.ndarray
) -> tuple[float | None, Colours, Colours]:
    """(white, mean, std) of an encoder that first does factor * pixels + offset."""
    if np.array_equal(factor, np.ones(3)) and not offset.any():
        return None, MEAN, STD
    for white in (255.0, 1.0):
        if np.all((factor * white > _LEAST_SPAN) & (factor * white < _MOST_SPAN)):
            red, green, blue = (-offset / factor * 255 / white).tolist()
            std_red, std_green, std_blue = (255 / (factor * white)).tolist()
            return white, (red, green, blue), (std_red, std_green, std_blue)
    raise UnsupportedSegmenter(
        f"The encoder's input {name} is multiplied by {_colours(factor)} and {_colours(offset)} is added: Samphire "
        "does not know what range of numbers that is meant for."
    )


def _first_arithmetic(graph: onnx.GraphProto, name: str) -> tuple[np.ndarray, np.ndarray]:
    """What is done to the pixels before the first layer, as factor * pixels + offset of red, green, blue."""
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer if _small(one)}
    users: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value" and _small(node.attribute[0].t):
            constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
        for one in node.input:
            users.setdefault(one, []).append(node)
    factor, offset = np.ones(3), np.zeros(3)
    while True:
        following = [node for node in users.get(name, []) if _goes_on(node, name, constants)]
        if len(following) != 1:
            return factor, offset
        node = following[0]
        if node.op_type in _ARITHMETIC:
            first = node.input[0] == name
            number = np.asarray(constants[node.input[1] if first else node.input[0]], np.float64).reshape(-1)
            factor, offset = _step(node.op_type, factor, offset, np.broadcast_to(number, 3), first)
        name = node.output[0]


def _goes_on(node: NodeProto, name: str, constants: dict[str, np.ndarray]) -> bool:
    if node.op_type in _ARITHMETIC:
        return any(one in constants for one in node.input) and not (
            node.op_type == "Div" and node.input[1] == name  # one divided by pixels is no preprocessing
        )
    return node.op_type in _PASSED and node.input[0] == name


def _step(op: str, factor: np.ndarray, offset: np.ndarray, number: np.ndarray, first: bool) -> tuple:
    if op == "Add":
        return factor, offset + number
    if op == "Sub":
        return (factor, offset - number) if first else (-factor, number - offset)
    return (factor * number, offset * number) if op == "Mul" else (factor / number, offset / number)


def _small(tensor: TensorProto) -> bool:
    """One number, or one for each colour."""
    return int(np.prod(tensor.dims)) in (1, 3) and tensor.data_type in _FLOATS


def _colours(values: np.ndarray) -> str:
    return "/".join(f"{value:.4g}" for value in values)
