"""A segmenter that encodes in a tenth of a second, nonsense, for tests of what surrounds the encoding."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from server.paths import SEGMENTERS
from tests.installing import install


def install_toy(data: Path, weights: str) -> None:
    """Put `toy` into the data folder: one convolution for an encoder, and MobileSAM's decoder."""
    bundled = SEGMENTERS / "mobile_sam"
    files = {name: (bundled / name).read_bytes() for name in ("prepare.onnx", "decoder.onnx")}
    install(data / "segmenters", "toy", weights, {"encoder.onnx": _encoder(), **files})


def _encoder() -> bytes:
    kernel = np.random.default_rng(0).normal(0, 0.05, (256, 3, 16, 16)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["input", "kernel"], ["output"], strides=[16, 16])],
        "toy",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 1024, 1024])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 256, 64, 64])],
        [numpy_helper.from_array(kernel, "kernel")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()
