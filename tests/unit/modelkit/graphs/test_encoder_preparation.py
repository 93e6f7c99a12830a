"""MobileSAM's encoder rebuilt: the same numbers in float32, close ones on integers, and the graph it is meant to be."""

from collections import Counter

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from server.modelkit.graphs.encoder_preparation import prepare_encoder
from server.modelkit.graphs.encoder_quantization import quantize, round_weights
from server.modelkit.graphs.encoder_weights import (
    STAGES,
    Weights,
    distances,
    linear_weights,
    parts,
    recover_encoder_weights,
)
from server.paths import PUBLISHED_ENCODER

CPU = ["CPUExecutionProvider"]
PRODUCTS = 4 * sum(stage.depth for stage in STAGES if stage.heads)


@pytest.fixture(scope="module")
def published() -> onnx.ModelProto:
    return onnx.load(str(PUBLISHED_ENCODER))


@pytest.fixture(scope="module")
def weights(published) -> Weights:
    found = recover_encoder_weights(published)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def fast(published) -> onnx.ModelProto:
    return prepare_encoder(published)


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    """(1, 3, 1024, 1024): discs on a slope, a quarter of it padding."""
    y, x = np.mgrid[:768, :1024]
    plane = (x + y) / 1000 - 1 + 1.5 * ((x - 400) ** 2 + (y - 300) ** 2 < 160**2)
    picture = np.zeros((1, 3, 1024, 1024), np.float32)
    picture[0, :, :768] = [plane, plane - ((x - 800) ** 2 + (y - 500) ** 2 < 90**2), np.sin(x / 9)]
    return picture


@pytest.fixture(scope="module")
def expected(published, pixels) -> np.ndarray:
    return run(published, pixels)


def run(model: onnx.ModelProto, pixels: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=CPU)
    return np.asarray(session.run(["output"], {"input": pixels})[0])


def optimised(model: onnx.ModelProto, folder) -> Counter:
    """Operators as onnxruntime runs them, counted."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(folder / "optimised.onnx")
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=CPU)
    nodes = onnx.load(str(folder / "optimised.onnx")).graph.node
    return Counter(node.op_type for node in nodes)


def relative(found: np.ndarray, right: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - right) ** 2) / np.mean(right**2)))


def test_every_weight_is_found_under_its_public_name(weights):
    assert len(weights) == 190
    assert weights["patch_embed.seq.0.weight"].shape == (32, 3, 3, 3)
    assert weights["layers.2.blocks.5.attn.attention_biases"].shape == (5, 196)
    assert weights["layers.3.blocks.1.mlp.fc2.weight"].shape == (1280, 320)
    assert "neck.0.bias" not in weights
    assert weights["neck.3.bias"].shape == (256,)
    assert {array.dtype for array in weights.values()} == {np.dtype(np.float32)}


def test_distances_number_what_lies_between_two_tokens_of_a_window():
    table = distances(7)
    assert table.shape == (49, 49)
    assert table[0].tolist() == list(range(49))
    assert table[8, 0] == 8  # one row and one column
    assert np.array_equal(table, table.T)
    assert not table.diagonal().any()


def test_the_scale_of_the_scores_goes_with_the_queries(weights):
    name = "layers.1.blocks.0.attn.qkv"
    weight, bias = linear_weights(weights, name)
    assert bias is not None
    heads, plain = weight.reshape(128, 4, 3, 32), weights[f"{name}.weight"].reshape(128, 4, 3, 32)
    np.testing.assert_allclose(heads[:, :, 0], plain[:, :, 0] * 32**-0.5, rtol=1e-6)
    assert np.array_equal(heads[:, :, 1:], plain[:, :, 1:])
    assert weight.dtype == bias.dtype == np.float32


def test_in_float32_it_is_the_published_network(published, pixels, expected):
    rebuilt = prepare_encoder(published, integers=False)
    assert np.abs(run(rebuilt, pixels) - expected).max() < 1e-5
    operators = Counter(node.op_type for node in rebuilt.graph.node)
    assert not operators.keys() & {"Erf", "Shape", "Pad", "Slice", "Split", "ReduceMean", "Constant", "Gemm"}
    assert operators["Gelu"] == 23
    assert operators["LayerNormalization"] == 22
    assert operators["Softmax"] == 10


def test_on_integers_it_stays_close(fast, pixels, expected):
    assert relative(run(fast, pixels), expected) < 0.012


def test_a_picture_of_nothing_gives_finite_numbers(fast):
    assert np.isfinite(run(fast, np.zeros((1, 3, 1024, 1024), np.float32))).all()


def test_onnxruntime_runs_each_integer_product_as_one_operator(fast, tmp_path):
    assert Counter(node.op_type for node in fast.graph.node)["MatMulInteger"] == PRODUCTS == 40
    operators = optimised(fast, tmp_path)
    assert operators["DynamicQuantizeMatMul"] == PRODUCTS
    assert not operators.keys() & {"MatMulInteger", "DynamicQuantizeLinear", "Cast"}


def test_it_is_small_and_the_same_every_time(published, fast):
    data = fast.SerializeToString(deterministic=True)
    assert data == prepare_encoder(published).SerializeToString(deterministic=True)
    assert 8_000_000 < len(data) < 10_000_000


def test_no_pair_of_products_overflows_16_bits(weights):
    for name, one in quantize(weights).items():
        first, second = one.whole[0::2].astype(int), one.whole[1::2].astype(int)
        most = 255 * (np.maximum(first, 0) + np.maximum(second, 0)).max()
        least = 255 * (np.minimum(first, 0) + np.minimum(second, 0)).min()
        assert -(2**15) <= least <= most < 2**15, name
        weight = linear_weights(weights, name)[0]
        assert np.abs(one.whole * one.step - weight).max() <= 0.5001 * one.step.max(), name


def test_weights_are_rounded_to_the_finest_step_that_fits():
    whole, step = round_weights(np.array([[1.0, 1.0, 0.0], [-0.5, 1.0, 0.0]], np.float32))
    assert whole.tolist() == [[127, 64, 0], [-64, 64, 0]]
    np.testing.assert_allclose(step, [1 / 127, 2 / 127, 1.0], rtol=1e-6)


def test_another_network_comes_back_as_it_is(published):
    narrower = onnx.ModelProto()
    narrower.CopyFrom(published)
    last = next(one for one in reversed(narrower.graph.initializer) if one.dims == [256, 1, 1])
    last.CopyFrom(numpy_helper.from_array(np.zeros((255, 1, 1), np.float32), last.name))
    before = narrower.SerializeToString(deterministic=True)
    assert prepare_encoder(narrower) is narrower
    assert narrower.SerializeToString(deterministic=True) == before
    assert prepare_encoder(onnx.ModelProto()).SerializeToString() == b""


def test_attention_biases_may_be_looked_up_by_the_graph(published, weights):
    """As PyTorch's newer exporter leaves them: by distance, one way up or the other."""
    model = onnx.ModelProto()
    model.CopyFrom(published)
    tables = [part.name for part in parts() if part.kind == "table"]
    attributes = {
        node.output[0]: node.attribute[0] for node in model.graph.node if node.op_type == "Constant"
    }
    softened = {node.input[0] for node in model.graph.node if node.op_type == "Softmax"}
    for node in [node for node in model.graph.node if node.output[0] in softened]:
        held = next(i for i, name in enumerate(node.input) if name in attributes)
        name = tables.pop(0)
        by_distance = weights[name].T if "layers.2" in name else weights[name]
        model.graph.initializer.append(numpy_helper.from_array(by_distance.copy(), name))
        looked_up = onnx.helper.make_node("GatherND", [name, "distances"], [f"{name}.looked_up"])
        turned = onnx.helper.make_node("Transpose", [f"{name}.looked_up"], [f"{name}.turned"])
        model.graph.node.extend([looked_up, turned])
        node.input[held] = f"{name}.turned"
    found = recover_encoder_weights(model)
    assert found is not None
    assert all(np.array_equal(found[name], array) for name, array in weights.items())


def test_pixels_that_are_prepared_inside_the_network_are_not_forgotten(published):
    """An export that normalises by itself has the same weights; without that step it would be another network."""
    model = onnx.ModelProto()
    model.CopyFrom(published)
    first = model.graph.node[0]
    first.input[0] = "normalised"
    model.graph.node.insert(0, onnx.helper.make_node("Neg", ["input"], ["normalised"]))
    assert recover_encoder_weights(model) is None


def test_the_weights_of_every_part_have_its_shape(weights):
    for part in parts():
        if part.kind == "table":
            assert weights[part.name].shape == part.shape[:2]
        else:
            assert weights[f"{part.name}.weight"].shape == part.shape
