"""A thin writer of ONNX graphs: nodes are function calls, weights are arrays. Needs onnx and numpy only."""

import zlib
from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 9
_FP16_FROM_ELEMENTS = (
    4096  # smaller tensors (biases, norms, the Fourier matrix) stay float32: they cost nothing
)


class GraphBuilder:
    """Collects nodes and initialisers; every method returns the name of the value it makes.

    Large weights are stored as float16 when `half_storage` is set and widened by a Cast that onnxruntime folds
    when it loads the file, so arithmetic is float32 either way.
    """

    def __init__(self, half_storage: bool = False, parent: "GraphBuilder | None" = None) -> None:
        self.half_storage = half_storage
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
        """A weight under its public name, as float32 or as float16 plus Cast; repeated calls share it."""
        array = np.ascontiguousarray(array, np.float32)
        halve = self.half_storage and array.size >= _FP16_FROM_ELEMENTS
        if name not in self.initializers:
            stored = array.astype(np.float16) if halve else array
            self.initializers[name] = numpy_helper.from_array(stored, name)
            if halve:
                cast = helper.make_node(
                    "Cast", [name], [f"{name}.f32"], name=f"{name}.f32", to=TensorProto.FLOAT
                )
                self._root.nodes.append(cast)
        return f"{name}.f32" if halve else name

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
