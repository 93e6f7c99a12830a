"""Weights come back from their storage as they were, to half a step."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto

from server.modelkit.graphs.onnx_builder import GraphBuilder


def read_back(array: np.ndarray, bits: int) -> np.ndarray:
    graph = GraphBuilder(lambda name, count: bits)
    graph.named(graph.op("Add", "zero", graph.weight("weight", array)), "out")
    zero, out = ("zero", TensorProto.FLOAT, []), ("out", TensorProto.FLOAT, list(array.shape))
    model = graph.model("storage", [zero], [out], {})
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return np.asarray(session.run(["out"], {"zero": np.zeros((), np.float32)})[0])


@pytest.mark.parametrize("bits", [8, 9, 10, 12, 16, 32])
@pytest.mark.parametrize("shape", [(64, 48), (4, 32, 16)])
def test_every_number_of_bits(bits, shape):
    array = np.random.default_rng(3).normal(size=shape).astype(np.float32)
    array[..., 5, :] *= 40  # which rows with a scale each bear
    array[..., 7, :] = 0
    found = read_back(array, bits)
    assert found.shape == shape
    largest = np.abs(array).max(-1, keepdims=True)
    bound = largest / 2 ** min(bits, 11) * 1.01 + 1e-6
    assert (np.abs(found - array) <= bound).all()
