"""8-bit encoders: what is in the graphs, what onnxruntime makes of them, and how far their embeddings are off."""

import collections

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from server.errors import UnsupportedImage
from server.modelkit.export.calibration import observe
from server.modelkit.export.pictures import MOST_PICTURES, drawn, photograph, picture_files
from server.modelkit.export.quantize import Range, products, quantize
from server.modelkit.torch_sam.sam import input_pixels


@pytest.fixture(scope="module")
def ranges(exported, tmp_path_factory) -> dict[str, Range]:
    scratch = tmp_path_factory.mktemp("scratch")
    found = observe(exported / "encoder.onnx", drawn()[:1], scratch, lambda *_: None)
    assert list(scratch.iterdir()) == []
    return found


@pytest.fixture(scope="module", params=["dynamic", "static"])
def quantized(request, exported, ranges, tmp_path_factory):
    """(way, file)"""
    model = onnx.load(str(exported / "encoder.onnx"))
    assert quantize(model, ranges if request.param == "static" else None) == []
    onnx.checker.check_model(model, full_check=True)
    path = tmp_path_factory.mktemp("quantized") / "encoder.onnx"
    onnx.save(model, str(path))
    return request.param, path


def embed(path) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path))
    return session.run(None, {"input": input_pixels(drawn()[0].rgb).numpy()})[0]


def test_every_product_with_weights_is_observed(exported, ranges):
    model = onnx.load(str(exported / "encoder.onnx"))
    assert len(products(model)) == 40
    assert set(ranges) == {node.input[0] for node in products(model)}
    assert all(one.low < 0 < one.high and 0 < one.rms < one.high - one.low for one in ranges.values())
    assert max(one.roughness for one in ranges.values()) < 0.05  # no outliers in MobileSAM


def test_weights_beside_the_graph_are_found_while_it_is_observed(exported, ranges, tmp_path):
    files, scratch = [tmp_path / "encoder.onnx", tmp_path / "encoder.onnx.data"], tmp_path / "scratch"
    model = onnx.load(str(exported / "encoder.onnx"))
    onnx.save_model(model, str(files[0]), save_as_external_data=True, location=files[1].name)
    scratch.mkdir()
    there: list[set[str]] = []

    def look(*_: object) -> None:
        there.append({path.name for path in scratch.iterdir()})

    assert observe(files[0], drawn()[:1], scratch, look) == ranges
    assert there == [{"observing.onnx", "encoder.onnx.data"}]
    assert list(scratch.iterdir()) == []
    assert sorted(path for path in tmp_path.iterdir() if path.is_file()) == files
    onnx.load(str(files[0]))  # with its weights


def test_embeddings_are_a_quarter_of_the_size_and_nearly_the_same(exported, quantized):
    _, path = quantized
    assert path.stat().st_size < 9_500_000
    whole, rounded = embed(exported / "encoder.onnx"), embed(path)
    assert np.linalg.norm(whole - rounded) < 0.08 * np.linalg.norm(whole)


def test_weights_have_a_scale_for_each_column(exported, quantized):
    floats = {one.name: one for one in onnx.load(str(exported / "encoder.onnx")).graph.initializer}
    arrays = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(quantized[1])).graph.initializer}
    names = [name.removesuffix(".int8") for name in arrays if name.endswith(".int8")]
    assert len(names) == 40
    for name in names:
        whole, scales = numpy_helper.to_array(floats[name]), arrays[f"{name}.scales"]
        assert scales.shape == whole.shape[1:]
        assert (np.abs(arrays[f"{name}.int8"] * scales - whole) <= scales / 2 + 1e-6).all()
        assert name not in arrays


def test_onnxruntime_computes_the_products_in_integers(quantized, tmp_path):
    way, path = quantized
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    ops = collections.Counter(node.op_type for node in onnx.load(options.optimized_model_filepath).graph.node)
    assert ops["DynamicQuantizeMatMul" if way == "dynamic" else "MatMulIntegerToFloat"] == 40
    assert ops["Gemm"] == 0


def small_model(weight: np.ndarray) -> onnx.ModelProto:
    """x (1, 4, K) @ weight + bias."""
    shape = [1, 4, len(weight)]
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["product"], name="product"),
        helper.make_node("Add", ["product", "b"], ["y"], name="y"),
    ]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", "y", "product")]
    arrays = {"w": weight, "b": np.arange(weight.shape[1], dtype=np.float32)}
    weights = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    graph = helper.make_graph(nodes, "small", values[:1], values[1:2], weights, value_info=values[2:])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def test_a_product_whose_input_has_outliers_stays_in_floats():
    weight = np.eye(4, dtype=np.float32)
    model = small_model(weight)
    assert quantize(model, {"x": Range(-1.0, 400.0, 0.5)}) == ["product"]
    assert [node.op_type for node in model.graph.node] == ["MatMul", "Add"]
    assert quantize(model, {"x": Range(-1.0, 4.0, 0.5)}) == []
    x = np.array([[[-1, 0, 1, 4]] * 4], np.float32)
    (y,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    assert np.abs(y - (x + np.arange(4))).max() < 5 / 255


def test_zero_is_exact_and_the_extremes_are_reached():
    for low, high in ((-1.0, 3.0), (0.5, 2.0), (-2.0, -1.0), (0.0, 0.0)):
        scale, zero = Range(low, high, 1.0).scale_and_zero()
        assert (0 - int(zero)) * scale <= min(low, 0) + scale / 2
        assert (255 - int(zero)) * scale >= max(high, 0) - scale / 2


def test_pictures_are_taken_from_folders_and_not_too_many(tmp_path):
    for index in range(MOST_PICTURES + 10):
        Image.new("L", (4, 4), index).save(tmp_path / f"{index:03}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    found = picture_files([tmp_path])
    assert len(found) == MOST_PICTURES
    assert (found[0].name, found[-1].name) == ("000.png", f"{MOST_PICTURES + 9:03}.png")
    assert picture_files([tmp_path / "000.png", tmp_path / "001.png"]) == found[:2]
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnsupportedImage, match="There are no images in"):
        picture_files([tmp_path / "empty"])


def test_a_large_photograph_is_made_smaller_at_once(tmp_path):
    Image.new("RGB", (6000, 3000)).save(tmp_path / "large.jpg")
    assert photograph(tmp_path / "large.jpg").rgb.shape == (768, 1536, 3)
