"""What an encoder's matrix products are given when it runs on pictures: the range of their inputs, for 8-bit integers.

The extremes are taken inside the graph, so no activation is handed out or kept: memory does not grow with the pictures.
The range is the whole of what was seen. Percentiles, and the range with the least error of each product, were
measured on MobileSAM and are worse: what they cut off matters more than finer steps for the rest.
"""

from collections.abc import Sequence
from math import prod
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from ..torch_sam.sam import input_pixels
from .encoder_graph import DATA_SUFFIX, INPUT
from .pictures import Trial
from .progress import Say
from .quantize import Range, products
from .workspace import link

_EXTREMES = {"low": "ReduceMin", "high": "ReduceMax", "squares": "ReduceSumSquare"}


def observe(encoder: Path, pictures: Sequence[Trial], scratch: Path, say: Say) -> dict[str, Range]:
    """The ranges of all products' inputs in the encoder's file, by name, over all pictures. Raises OSError.

    The graph that is run lies in the folder `scratch` meanwhile, and stays there when something ends it.
    """
    observing, data = scratch / "observing.onnx", encoder.with_name(encoder.name + DATA_SUFFIX)
    linked = scratch / data.name  # weights are looked for beside the graph only
    model = onnx.load(str(encoder), load_external_data=False)
    inputs = list(dict.fromkeys(node.input[0] for node in products(model)))
    sizes = {
        one.name: prod(d.dim_value for d in one.type.tensor_type.shape.dim) for one in model.graph.value_info
    }
    asked = _watch(model, inputs)
    if data.exists():
        link(data, linked)
    observing.write_bytes(model.SerializeToString())
    del model
    seen = _run(observing, asked, pictures, say)
    observing.unlink()
    linked.unlink(missing_ok=True)
    found = {}
    for name, (low, high, squares) in zip(
        inputs, seen.reshape(-1, len(inputs), 3).transpose(1, 2, 0), strict=True
    ):
        rms = np.sqrt(squares.mean() / sizes[name])
        found[name] = Range(float(low.min()), float(high.max()), float(rms))
    return found


def _watch(model: onnx.ModelProto, values: Sequence[str]) -> list[str]:
    """Make the values' extremes outputs of the graph, each taken as soon as its value is there; their names."""
    watchers: dict[str, list[onnx.NodeProto]] = {}
    for value in values:
        for what, op in _EXTREMES.items():
            name = f"{value}.{what}"
            watchers.setdefault(value, []).append(
                helper.make_node(op, [value], [name], name=name, keepdims=0)
            )
            model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, []))
    nodes = [
        after
        for node in model.graph.node
        for after in (node, *(w for o in node.output for w in watchers.get(o, ())))
    ]
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del model.graph.node[:]
    model.graph.node.extend(copies)
    return [node.name for watching in watchers.values() for node in watching]


def _run(path: Path, asked: Sequence[str], pictures: Sequence[Trial], say: Say) -> np.ndarray:
    """(pictures, asked)"""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Of ViT-B's 4.4 GB (two pictures) 2.9 are left: nothing is kept for a next run, weights are not held twice, and
    # the extremes are taken in the order of the file; onnxruntime's own order takes them when all else is done.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.disable_prepacking", "1")
    options.execution_order = onnxruntime.ExecutionOrder.PRIORITY_BASED
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    rows = []
    for done, picture in enumerate(pictures):
        say(f"calibrating: {picture.name}", done / len(pictures))
        rows.append(session.run(list(asked), {INPUT: input_pixels(picture.rgb).numpy()}))
    return np.array(rows, np.float64)
