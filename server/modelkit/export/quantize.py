"""Encoders with 8-bit weights and matrix products, in standard ONNX operators that onnxruntime fuses.

Only products with weights: convolutions are as fast in floats on onnxruntime's CPU kernels, and MobileSAM's masks
suffer from 8 bits there. Weights are signed and symmetric with a scale for each column (output channel); what they
are multiplied with is unsigned with one scale, measured in each run (dynamic) or given (static).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_STEPS = 255
_ROUGHEST = 0.1  # rounding's share of a product's input, from which on the product is left to floats


@dataclass(frozen=True)
class Range:
    """What a product is given: its extremes and its root mean square."""

    low: float
    high: float
    rms: float

    @property
    def roughness(self) -> float:
        """Root mean square of the rounding to 8 bits, as a share of the input's own. A few outliers make it large."""
        step = (max(self.high, 0) - min(self.low, 0)) / _STEPS
        return step / 12**0.5 / self.rms if self.rms else 0.0

    def scale_and_zero(self) -> tuple[np.ndarray, np.ndarray]:
        """float32 and uint8; zero itself is exact."""
        low, high = min(self.low, 0.0), max(self.high, 0.0)
        scale = max((high - low) / _STEPS, 1e-9)
        return np.array(scale, np.float32), np.array(round(-low / scale), np.uint8)


def products(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The matrix products with a weight as their second factor."""
    weights = {one.name for one in model.graph.initializer if len(one.dims) == 2}
    return [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]


def quantize(model: onnx.ModelProto, ranges: Mapping[str, Range] | None) -> list[str]:
    """Make the products of `model` 8-bit, in place; `ranges` of their inputs by name, or None for dynamic.

    The names of the products that were left to floats because their inputs cannot be rounded well are returned.
    """
    chosen = products(model)
    left = (
        [] if ranges is None else [one.name for one in chosen if ranges[one.input[0]].roughness > _ROUGHEST]
    )
    names = {one.name for one in chosen} - set(left)
    writer = _Writer(model)
    for node in model.graph.node:
        if node.name not in names:
            writer.nodes.append(node)
        elif ranges is None:
            writer.dynamic(node)
        else:
            writer.static(node, ranges[node.input[0]])
    writer.finish()
    return left


class _Writer:
    """The new list of nodes; weights are replaced one at a time, so that they are in memory once."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._graph = model.graph
        self._initializers = {one.name: one for one in model.graph.initializer}
        self._biases = _biases(model)
        self._made: set[str] = set()

    def static(self, node: onnx.NodeProto, seen: Range) -> None:
        """QuantizeLinear and DequantizeLinear around both factors (QDQ)."""
        value, weight = node.input
        stored, scales = self._weight(weight)
        scale, zero = f"{value}.scale", f"{value}.zero"
        for name, number in zip((scale, zero), seen.scale_and_zero(), strict=True):
            self._constant(name, number)
        rounded = self._once("QuantizeLinear", [value, scale, zero], f"{value}.uint8")
        self._once("DequantizeLinear", [stored, scales], f"{weight}.widened", axis=1)
        node.input[0] = self._once("DequantizeLinear", [rounded, scale, zero], f"{value}.rounded")
        node.input[1] = f"{weight}.widened"
        self.nodes.append(node)
        self._keep_from_gemm(node)

    def dynamic(self, node: onnx.NodeProto) -> None:
        """DynamicQuantizeLinear, MatMulInteger, and the product of both scales."""
        value, weight = node.input
        stored, scales = self._weight(weight)
        parts = [f"{value}.{part}" for part in ("uint8", "scale", "zero")]
        if value not in self._made:
            self._made.add(value)
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [value], parts, name=parts[0]))
        whole, name = f"{node.name}.int32", node.name
        self.nodes += [
            helper.make_node("MatMulInteger", [parts[0], stored, parts[2]], [whole], name=whole),
            helper.make_node(
                "Cast", [whole], [f"{whole}.float"], name=f"{whole}.float", to=TensorProto.FLOAT
            ),
            helper.make_node("Mul", [parts[1], scales], [f"{name}.scale"], name=f"{name}.scale"),
            helper.make_node("Mul", [f"{whole}.float", f"{name}.scale"], list(node.output), name=name),
        ]

    def finish(self) -> None:
        """Put the nodes into the graph, and take what no node uses any more out of it."""
        del self._graph.node[:]
        self._graph.node.extend(self.nodes)
        used = {name for node in self.nodes for name in node.input}
        for index in reversed(range(len(self._graph.initializer))):
            if self._graph.initializer[index].name not in used:
                del self._graph.initializer[index]

    def _weight(self, name: str) -> tuple[str, str]:
        """Replace float32 (K, N) by int8 (K, N) and float32 (N,); their names."""
        stored, scales = f"{name}.int8", f"{name}.scales"
        if name in self._initializers:
            found = self._initializers.pop(name)
            array = numpy_helper.to_array(found)
            sizes = np.maximum(np.abs(array).max(axis=0), 1e-9) / 127
            found.CopyFrom(numpy_helper.from_array(np.rint(array / sizes).astype(np.int8), stored))
            self._constant(scales, sizes.astype(np.float32))
        return stored, scales

    def _keep_from_gemm(self, node: onnx.NodeProto) -> None:
        """Write the bias that follows as (1, 1, N): a product and an (N,) become one Gemm before onnxruntime looks for
        8-bit products, and then are computed in floats."""
        addition = self._biases.get(node.output[0])
        if addition is None:
            return
        bias = next(name for name in addition.input if name != node.output[0])
        array = numpy_helper.to_array(self._initializers[bias])
        self._constant(f"{bias}.row", array.reshape(1, 1, -1))
        addition.input[:] = [f"{bias}.row" if name == bias else name for name in addition.input]

    def _constant(self, name: str, array: np.ndarray) -> None:
        if name not in self._made:
            self._made.add(name)
            self._graph.initializer.append(numpy_helper.from_array(array, name))

    def _once(self, op: str, inputs: list[str], output: str, **attributes) -> str:
        if output not in self._made:
            self._made.add(output)
            self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output


def _biases(model: onnx.ModelProto) -> dict[str, onnx.NodeProto]:
    """The addition of an (N,) after each product of three or more axes, by the product's output."""
    vectors = {one.name for one in model.graph.initializer if len(one.dims) == 1}
    axes = {one.name: len(one.type.tensor_type.shape.dim) for one in model.graph.value_info}
    return {
        name: node
        for node in model.graph.node
        if node.op_type == "Add" and vectors.intersection(node.input)
        for name in node.input
        if axes.get(name, 0) >= 3
    }
