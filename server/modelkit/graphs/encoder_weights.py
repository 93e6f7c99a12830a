"""TinyViT, MobileSAM's image encoder: its sizes, its weights by name, and reading them out of an exported graph."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import onnx
from onnx import numpy_helper

from ...domain.frames import GRID, INPUT_SIDE

INPUT, OUTPUT = "input", "output"  # as MobileSAM's export calls them
Kind = Literal["conv", "linear", "norm", "table"]
NORM_EPSILON, NECK_EPSILON = 1e-5, 1e-6  # LayerNorm's in the blocks, and in the neck


@dataclass(frozen=True)
class Stage:
    """Blocks of one width on one grid. Stage 0 is convolutional and has no heads."""

    width: int
    depth: int
    side: int  # tokens a side
    heads: int = 0
    window: int = 0  # tokens a side of what is attended to


STAGES = (Stage(64, 2, 256), Stage(128, 2, 128, 4, 7), Stage(160, 6, GRID, 5, 14), Stage(320, 2, GRID, 10, 7))
EXPANSION = 4  # of hidden layers
HEAD_WIDTH = 32
NECK_WIDTH = 256

_LOOK_UPS = {"Gather", "GatherND", "Transpose"}

Weights = Mapping[str, np.ndarray]


class Part(NamedTuple):
    """One operation with weights: `name`.weight of `shape`, and `name`.bias if it is biased."""

    kind: Kind
    name: str
    shape: tuple[int, ...]
    biased: bool = True

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Of its arrays."""
        return [self.shape, (self.shape[1 if self.kind == "linear" else 0],)][: 1 + self.biased]


def parts() -> Iterator[Part]:
    """Every operation with weights, in the order they run. Linear weights are (in, out), as a product wants them."""
    yield Part("conv", "patch_embed.seq.0", (STAGES[0].width // 2, 3, 3, 3))
    yield Part("conv", "patch_embed.seq.2", (STAGES[0].width, STAGES[0].width // 2, 3, 3))
    for index, stage in enumerate(STAGES):
        for block in range(stage.depth):
            yield from (_attention_block if stage.heads else _conv_block)(
                f"layers.{index}.blocks.{block}", stage
            )
        if index + 1 < len(STAGES):
            name, width, out = f"layers.{index}.downsample", stage.width, STAGES[index + 1].width
            yield Part("conv", f"{name}.conv1", (out, width, 1, 1))
            yield Part("conv", f"{name}.conv2", (out, 1, 3, 3))
            yield Part("conv", f"{name}.conv3", (out, out, 1, 1))
    yield Part("conv", "neck.0", (NECK_WIDTH, STAGES[-1].width, 1, 1), biased=False)
    yield Part("norm", "neck.1", (NECK_WIDTH,))
    yield Part("conv", "neck.2", (NECK_WIDTH, NECK_WIDTH, 3, 3), biased=False)
    yield Part("norm", "neck.3", (NECK_WIDTH,))


def _conv_block(name: str, stage: Stage) -> Iterator[Part]:
    hidden = EXPANSION * stage.width
    yield Part("conv", f"{name}.conv1", (hidden, stage.width, 1, 1))
    yield Part("conv", f"{name}.conv2", (hidden, 1, 3, 3))
    yield Part("conv", f"{name}.conv3", (stage.width, hidden, 1, 1))


def _attention_block(name: str, stage: Stage) -> Iterator[Part]:
    width, hidden, tokens = stage.width, EXPANSION * stage.width, stage.window**2
    yield Part("norm", f"{name}.attn.norm", (width,))
    yield Part("linear", f"{name}.attn.qkv", (width, 3 * width))
    yield Part("table", f"{name}.attn.attention_biases", (stage.heads, tokens, tokens), biased=False)
    yield Part("linear", f"{name}.attn.proj", (width, width))
    yield Part("conv", f"{name}.local_conv", (width, 1, 3, 3))
    yield Part("norm", f"{name}.mlp.norm", (width,))
    yield Part("linear", f"{name}.mlp.fc1", (width, hidden))
    yield Part("linear", f"{name}.mlp.fc2", (hidden, width))


def distances(window: int) -> np.ndarray:
    """(tokens, tokens) int64: which attention bias two tokens of a window have, by rows and columns between them."""
    place = np.arange(window * window)
    rows = np.abs(place[:, None] // window - place // window)
    columns = np.abs(place[:, None] % window - place % window)
    return rows * window + columns


def linear_weights(weights: Weights, name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Weight (in, out) and bias (out,) of a product, of a 1x1 convolution too; queries carry the scores' scale."""
    weight, bias = weights[f"{name}.weight"], weights.get(f"{name}.bias")
    if weight.ndim == 4:
        weight = np.ascontiguousarray(weight[:, :, 0, 0].T)
    if (
        name.endswith(".qkv") and bias is not None
    ):  # out: head by head, 32 of the query, of the key, of the value
        scale = np.tile(
            np.repeat(np.array([HEAD_WIDTH**-0.5, 1, 1], np.float32), HEAD_WIDTH),
            len(bias) // (3 * HEAD_WIDTH),
        )
        return weight * scale, bias * scale
    return weight, bias


def recover_encoder_weights(model: onnx.ModelProto) -> dict[str, np.ndarray] | None:
    """float32 weights under the public names, norms folded into convolutions; None for any other network.

    Exporters lose most names but keep the order of operations, so that is what is read. Attention biases come as
    (heads, window * window), by distance.
    """
    if not _takes_pixels_alone(model.graph):
        return None
    found, expected = list(_operations(model.graph)), list(parts())
    shapes = [(kind, [array.shape for array in arrays]) for kind, arrays in found]
    if shapes != [(part.kind, part.shapes) for part in expected]:
        return None
    weights: dict[str, np.ndarray] = {}
    for part, (kind, arrays) in zip(expected, found, strict=True):
        weight, *bias = (np.ascontiguousarray(array, np.float32) for array in arrays)
        if kind == "table":
            table = weight[:, 0]  # from the first token every distance occurs once, in order
            window = round(table.shape[1] ** 0.5)
            if not np.array_equal(table[:, distances(window)], weight):
                return None
            weights[part.name] = table
        else:
            weights[f"{part.name}.weight"] = weight
            weights.update({f"{part.name}.bias": one for one in bias})
    return weights


def _takes_pixels_alone(graph: onnx.GraphProto) -> bool:
    """Whether nothing comes before the first convolution or after the last norm, and both ends are as SAM's."""
    held = {tensor.name for tensor in graph.initializer}
    inputs = [one for one in graph.input if one.name not in held]
    if [one.name for one in inputs] != [INPUT] or [one.name for one in graph.output] != [OUTPUT]:
        return False
    shape = [size.dim_value for size in inputs[0].type.tensor_type.shape.dim]
    first = [node.op_type for node in graph.node if INPUT in node.input]
    last = [node.op_type for node in graph.node if OUTPUT in node.output]
    return shape[1:] == [3, INPUT_SIDE, INPUT_SIDE] and first == ["Conv"] and last in (["Add"], ["Transpose"])


def _operations(graph: onnx.GraphProto) -> Iterator[tuple[Kind, list[np.ndarray]]]:
    """Kind, weight and bias of each operation with weights, in order; norms may be spelt out in small steps."""
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = {}
    makers = {name: node for node in graph.node for name in node.output}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            arrays[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
        elif node.op_type == "Cast" and node.input[0] in arrays:  # stored as float16
            arrays[node.output[0]] = arrays[node.input[0]]

    def constants(node: onnx.NodeProto) -> list[np.ndarray]:
        return [arrays[name] for name in node.input if name in arrays]

    def added(node: onnx.NodeProto) -> list[np.ndarray]:
        """The vector that is added to the node's output, if there is one."""
        sums = [reader for reader in readers.get(node.output[0], []) if reader.op_type == "Add"]
        return [
            array.reshape(-1)
            for one in sums
            for array in constants(one)
            if array.size == max(array.shape, default=0)
        ][:1]

    def softened(node: onnx.NodeProto) -> bool:
        return any(reader.op_type == "Softmax" for reader in readers.get(node.output[0], []))

    def looked_up(node: onnx.NodeProto) -> list[np.ndarray]:
        """The table (heads, tokens, tokens) that the graph itself makes of one by distance, and adds in this node."""
        for name in node.input:
            while (maker := makers.get(name)) is not None and maker.op_type in _LOOK_UPS:
                name = maker.input[0]
            array = arrays.get(name, np.empty(0))
            if array.ndim == 2:
                by_distance = (
                    array if array.shape[0] < array.shape[1] else array.T
                )  # heads are fewer than distances
                return [by_distance[:, distances(round(by_distance.shape[1] ** 0.5))]]
        return []

    for node in graph.node:
        held: list[Any] = constants(node)
        if not held and node.op_type == "Add" and softened(node):
            held = looked_up(node)
        if not held:
            continue
        if node.op_type == "Conv":
            yield "conv", held
        elif node.op_type == "MatMul":
            yield "linear", [held[0], *added(node)]
        elif node.op_type == "LayerNormalization":
            yield "norm", held
        elif node.op_type == "Mul" and held[0].size > 1 and (bias := added(node)):
            yield "norm", [held[0].reshape(-1), *bias]
        elif node.op_type == "Add" and softened(node):
            yield "table", [held[0].reshape(held[0].shape[-3:])]
