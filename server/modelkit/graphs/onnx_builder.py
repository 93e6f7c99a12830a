"""A thin writer of ONNX graphs: nodes are function calls, weights are arrays. Needs onnx and numpy only."""

import zlib
from collections.abc import Callable, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 9
LARGE = 4096  # elements; smaller tensors (biases, norms, the Fourier matrix) cost next to nothing

Storage = Callable[[str, int], int]
"""In how many bits the numbers of a weight are stored, by its name and their count: 32 or 16 as floats; 8, 9, 10 or 12
as integers."""


def in_float32(_name: str, _count: int) -> int:
    return 32


def in_float16(_name: str, count: int) -> int:
    return 16 if count >= LARGE else 32


class GraphBuilder:
    """Collects nodes and initialisers; every method returns the name of the value it makes.

    Large weights are stored as `storage` says and widened by operators that onnxruntime folds when it loads the
    file, so arithmetic is float32 in any case.
    """

    def __init__(self, storage: Storage = in_float32, parent: "GraphBuilder | None" = None) -> None:
        self.storage = storage
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, onnx.TensorProto] = {} if parent is None else parent.initializers
        self._root = self if parent is None else parent._root
        self._count = 0

    def _name(self, op: str) -> str:
        self._root._count += 1
        return f"{op}_{self._root._count}"

    def ops(self, op: str, *inputs: str, outputs: int, **attributes) -> list[str]:
        """Append one node of standard operator `op` and return the names of its outputs."""
        names = [self._name(op) for _ in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=names[0], **attributes))
        return names

    def op(self, op: str, *inputs: str, **attributes) -> str:
        """`ops` with one output."""
        return self.ops(op, *inputs, outputs=1, **attributes)[0]

    def named(self, value: str, name: str) -> None:
        """Give `value` the public name of a graph output."""
        self.nodes.append(helper.make_node("Identity", [value], [name], name=f"output_{name}"))

    def const(self, array: np.ndarray | Sequence | float, dtype=None) -> str:
        """A small constant, deduplicated by content."""
        array = np.asarray(array, dtype)
        name = f"const_{array.dtype}_{'x'.join(map(str, array.shape))}_{zlib.crc32(array.tobytes()):08x}"
        self.initializers.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def ints(self, *values: int) -> str:
        return self.const(values, np.int64)

    def scalar(self, value: float) -> str:
        return self.const(value, np.float32)

    def weight(self, name: str, array: np.ndarray) -> str:
        """A weight under its public name, stored as `storage` says; repeated calls share it."""
        array = np.ascontiguousarray(array, np.float32)
        bits = self.storage(name, array.size)
        if bits == 32:
            self.initializers.setdefault(name, numpy_helper.from_array(array, name))
            return name
        wide = f"{name}.f32"
        if name not in self.initializers:
            if bits == 16:
                self._store(name, array.astype(np.float16))
                cast = helper.make_node("Cast", [name], [wide], name=wide, to=TensorProto.FLOAT)
                self._root.nodes.append(cast)
            else:
                self._integers(name, array, bits, wide)
        return wide

    def _integers(self, name: str, array: np.ndarray, bits: int, wide: str) -> None:
        """Integers times a scale for each row or for each column, whichever comes nearer.

        Their upper 8 bits are a tensor of bytes. Those below, of which no compressor saves any, are packed: 1, 2 or 4
        of each of 8, 4 or 2 numbers beside each other. A table has what each byte says of them, as fractions of the
        integers: one look into it costs browsers, where loading is slow, much less than arithmetic would.
        """
        whole, scale = min((_rounded(array, bits, axis) for axis in (-1, -2)), key=lambda it: it[2])[:2]
        below = bits - 8
        self._store(name, (whole >> below).astype(np.int8))
        self._store(f"{name}.scale", scale * scale.dtype.type(2**below))
        upper = self._widen("Cast", name, to=TensorProto.FLOAT)
        if below:
            shifts = np.arange(0, 8, below)
            lower = (whole & (2**below - 1)).reshape(-1, len(shifts))
            self._store(f"{name}.below", (lower << shifts).sum(1).astype(np.uint8))
            said = (np.arange(256)[:, None] >> shifts & (2**below - 1)) / 2**below
            table = self.const(said, np.float32)
            each = self._widen("Gather", table, self._widen("Cast", f"{name}.below", to=TensorProto.INT32))
            upper = self._widen("Add", upper, self._widen("Reshape", each, self.ints(*array.shape)))
        factor = self._widen("Cast", f"{name}.scale", to=TensorProto.FLOAT)
        self._root.nodes.append(helper.make_node("Mul", [upper, factor], [wide], name=wide))

    def _store(self, name: str, array: np.ndarray) -> None:
        self.initializers[name] = numpy_helper.from_array(array, name)

    def _widen(self, op: str, *inputs: str, **attributes) -> str:
        """A node of constants, in the outermost graph, where every branch sees it."""
        return self._root.op(op, *inputs, **attributes)

    def reshape(self, value: str, *shape: int) -> str:
        return self.op("Reshape", value, self.ints(*shape))

    def transpose(self, value: str, *perm: int) -> str:
        return self.op("Transpose", value, perm=list(perm))

    def body(self, name: str, *results: str) -> onnx.GraphProto:
        """These nodes as a branch of an If; weights stay in the outermost graph."""
        outputs = [helper.make_tensor_value_info(result, TensorProto.FLOAT, None) for result in results]
        return helper.make_graph(self.nodes, name, [], outputs)

    def model(self, name: str, inputs: list, outputs: list, metadata: dict[str, str]) -> onnx.ModelProto:
        """The checked model. `inputs` and `outputs` are (name, element type, shape) triples."""
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(*one) for one in inputs],
            [helper.make_tensor_value_info(*one) for one in outputs],
            list(self.initializers.values()),
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        model.producer_name = "samphire"
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model, full_check=True)
        return model


def _rounded(array: np.ndarray, bits: int, axis: int) -> tuple[np.ndarray, np.ndarray, float]:
    """int16 with a float16 scale for all that lies along `axis`, and the squared error of their product."""
    most = 2 ** (bits - 1) - 1
    scale = np.abs(array).max(axis, keepdims=True) / np.float32(most)
    scale = np.maximum(scale.astype(np.float16), np.finfo(np.float16).tiny)
    exact = scale.astype(np.float32)
    whole = np.rint(array / exact).clip(-most, most).astype(np.int16)
    return whole, scale, float(np.square(whole * exact - array).sum())
