"""Networks as other programs export them answer, wrapped, as they did, and what is no SAM is refused in a sentence."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper
from PIL import Image

from server.domain.frames import InputFrame
from server.domain.prompts import decoder_inputs
from server.domain.types import Prompt
from server.errors import UnsupportedSegmenter
from server.modelkit.catalogue.trying import picture
from server.modelkit.foreign import encoder as foreign_encoder
from server.modelkit.foreign.decoder import wrapped_decoder, wrapped_prepare
from server.modelkit.foreign.graph import beside, load, save
from server.modelkit.foreign.interface import MAPS, Interface, interface
from tests.unit.modelkit.catalogue import exports

FRAME = InputFrame(900, 600)
TOKENS = {"image_tokens": MAPS["image_tokens"]}
PROMPTS = {
    "point": Prompt(points=((400.0, 300.0, 1),)),
    "points and box": Prompt(points=((300.0, 200.0, 1), (610.0, 480.0, 0)), box=(120.0, 90.0, 640.0, 500.0)),
}


@pytest.fixture(scope="module", autouse=True)
def _needs_the_reference_decoder():
    if not exports.DECODER.is_file():
        pytest.skip("only a source checkout that was installed has the reference decoder")


def run(model: ModelProto, feeds: dict) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    wanted = {one.name for one in session.get_inputs()}
    outputs = [one.name for one in session.get_outputs()]
    return dict(
        zip(outputs, session.run(outputs, {k: v for k, v in feeds.items() if k in wanted}), strict=True)
    )


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    """(1, 3, 1024, 1024) of a drawn picture, normalised, the lower part padding."""
    scaled = np.asarray(Image.fromarray(picture()).resize((1024, 683)), np.float32)
    values = np.zeros((1, 3, 1024, 1024), np.float32)
    values[0, :, :683] = ((scaled - foreign_encoder.MEAN) / foreign_encoder.STD).transpose(2, 0, 1)
    return values


@pytest.fixture(scope="module")
def embedding(pixels) -> np.ndarray:
    """(1, 256, 64, 64)"""
    return run(onnx.load(str(exports.ENCODER)), {"input": pixels})["output"]


WISHES = {
    "pixels_hwc": ("HWC", TensorProto.FLOAT, 255),
    "pixels_nchw": ("BCHW", TensorProto.FLOAT, 255),
    "unit_range_nchw": ("BCHW", TensorProto.FLOAT, 1),
    "folded_nhwc": ("BHWC", TensorProto.FLOAT, 255),
    "bytes_chw": ("CHW", TensorProto.UINT8, 255),
    "normalised_half": ("BCHW", TensorProto.FLOAT16, None),
}


@pytest.mark.parametrize("name", WISHES)
def test_an_encoder_s_wishes_are_read_off_it_and_met(name, pixels, embedding, tmp_path):
    path = exports.write(exports.FOREIGN_ENCODERS[name](), tmp_path / "encoder.onnx")
    model = load(path)
    wanted = foreign_encoder.wishes(model, path)
    assert (wanted.layout, wanted.element, wanted.white) == WISHES[name]
    assert np.allclose(wanted.mean, foreign_encoder.MEAN, rtol=1e-5)
    assert np.allclose(wanted.std, foreign_encoder.STD, rtol=1e-5)
    assert not wanted.is_ours
    found = foreign_encoder.maps([("image_embeddings", [1, 256, 64, 64])], TOKENS)
    output = foreign_encoder.adapt(model, wanted, found, TOKENS)["image_tokens"]
    answer = run(model, {foreign_encoder.INPUT: pixels})[output]
    exact = name in ("pixels_hwc", "pixels_nchw", "unit_range_nchw", "folded_nhwc")
    assert np.abs(answer - embedding).max() < (
        1e-3 if exact else 0.1
    )  # of -0.6 to 0.6; whole and half numbers round
    assert np.abs(answer - embedding).mean() < (1e-5 if exact else 2e-3)


def test_the_usual_encoder_needs_nothing():
    wanted = foreign_encoder.wishes(load(exports.ENCODER), exports.ENCODER)
    assert wanted.is_ours
    assert wanted.name == "input"


def simple(dims: list, nodes: list, numbers: dict | None = None, kind: int = TensorProto.FLOAT) -> ModelProto:
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", kind, dims)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in (numbers or {}).items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


RELU = [helper.make_node("Relu", ["x"], ["y"])]


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (simple([1, 3, 512, 512], RELU), "takes images of 512x512"),
        (simple([1, 3, 1024, 684], RELU), "takes images of 684x1024"),
        (simple([1, 1, 1024, 1024], RELU), r"x \(1x1x1024x1024\) is not an image of three channels"),
        (simple([3], RELU), r"x \(3\) is not an image of three channels"),
        (simple([1, 3, 1024, 1024], RELU, kind=TensorProto.INT64), "of type int64"),
        (simple([1, 3, 1024, 1024], RELU, kind=TensorProto.UINT8), "of type uint8"),
        (simple([1, 3, 1024, 1024], [helper.make_node("Mul", ["x", "f"], ["y"])], {"f": 0.1}), "multiplied by 0.1/0.1"),
    ],
)  # fmt: skip
def test_an_encoder_of_something_else_is_refused(model, says, tmp_path):
    with pytest.raises(UnsupportedSegmenter, match=says):
        foreign_encoder.wishes(model, exports.write(model, tmp_path / "x.onnx"))


def test_outputs_are_told_apart_by_shape():
    three = [("a", [1, 32, 256, 256]), ("b", [1, 64, 128, 128]), ("c", [None, 256, 64, 64])]
    tensors = MAPS
    assert foreign_encoder.maps(three, tensors) == {
        "image_tokens": "c",
        "half_features": "b",
        "full_features": "a",
    }
    with pytest.raises(UnsupportedSegmenter, match="the encoder's outputs are a, b, c, and several are"):
        foreign_encoder.maps([*three[:2], ("c", [1, 32, 256, 256])], {"full_features": MAPS["full_features"]})
    with pytest.raises(UnsupportedSegmenter, match="none of them is that"):
        foreign_encoder.maps(three[:2], TOKENS)


INTERFACES = {
    "four_masks": (4, False), "three_masks": (3, False), "full_size_only": (4, True), "integer_labels": (4, False),
    "with_extra_metrics": (4, False),
}  # fmt: skip


@pytest.mark.parametrize("name", INTERFACES)
def test_a_wrapped_decoder_answers_as_the_reference_does(name, embedding, tmp_path):
    model = load(exports.write(exports.FOREIGN_DECODERS[name](), tmp_path / "decoder.onnx"))
    known = interface(model)
    masks, resized = INTERFACES[name]
    assert (known.masks, known.resized) == (masks, resized)
    for prompt in PROMPTS.values():
        reference = ask_reference(prompt, embedding)
        logits, iou = ask_wrapped(model, known, prompt, embedding)
        assert logits.shape == (4, 4 * FRAME.token_rows, 256)
        chosen = int(reference["iou_predictions"][0, 1:].argmax()) + 1
        for token in range(4):
            theirs = chosen if masks == 3 and token == 0 else token
            low = reference["low_res_masks"][0, theirs, : logits.shape[1]]
            assert np.abs(logits[token] - low).mean() < (0.5 if resized else 1e-4)  # resized twice: smoothed
            assert np.mean((logits[token] > 0) == (low > 0)) > (0.99 if resized else 0.9999)
            assert iou[token] == pytest.approx(reference["iou_predictions"][0, theirs], abs=1e-4)


def test_one_mask_stands_for_all_four(embedding):
    model = load(exports.DECODER)
    known = interface(model)
    assert known.told() == "1 mask"
    logits, iou = ask_wrapped(model, known, PROMPTS["point"], embedding)
    assert np.array_equal(logits, logits[:1].repeat(4, 0))
    assert np.array_equal(iou, iou[:1].repeat(4))


def test_a_mask_is_fed_back_and_dead_nodes_are_gone(embedding):
    model = load(exports.DECODER)
    known = interface(model)
    decoder = wrapped_decoder(model, known)
    assert not any(node.op_type == "Resize" for node in decoder.graph.node)
    assert "orig_im_size" not in str([node.input for node in decoder.graph.node])
    without, _ = ask_wrapped(model, known, PROMPTS["point"], embedding)
    mask = np.full((1, 1, 256, 256), -10, np.float32)
    mask[..., 60:90, 90:130] = 10
    with_mask, _ = ask_wrapped(model, known, PROMPTS["point"], embedding, mask)
    assert np.abs(with_mask - without).max() > 1


def ask_reference(prompt: Prompt, embedding: np.ndarray) -> dict[str, np.ndarray]:
    coords, labels = decoder_inputs(prompt, FRAME)
    return run(
        exports.four_masks(),
        {
            "image_embeddings": embedding, "point_coords": coords[None], "point_labels": labels[None],
            "mask_input": np.zeros((1, 1, 256, 256), np.float32), "has_mask_input": np.zeros(1, np.float32),
            "orig_im_size": np.array([600, 900], np.float32),
        },
    )  # fmt: skip


def ask_wrapped(
    model: ModelProto, known: Interface, prompt: Prompt, embedding: np.ndarray, mask=None
) -> tuple:
    tokens = np.ascontiguousarray(embedding.reshape(256, -1).T)
    coords, labels = decoder_inputs(prompt, FRAME)
    feeds = {
        **run(wrapped_prepare(model, known), {"image_tokens": tokens}),
        "point_coords": coords, "point_labels": labels,
        "mask_input": np.zeros((1, 1, 256, 256), np.float32) if mask is None else mask,
        "has_mask_input": np.array([mask is not None], np.float32),
        "token_extent": np.array([FRAME.token_rows, FRAME.token_columns], np.int32),
    }  # fmt: skip
    answer = run(wrapped_decoder(model, known), feeds)
    return answer["low_res_logits"], answer["iou_predictions"]


def without_input(name: str) -> ModelProto:
    model = exports.four_masks()
    next(one for one in model.graph.input if one.name == name).name = "something"
    return model


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: without_input("point_coords"), "has no input point_coords; it takes image_embeddings, something"),
        (lambda: without_input("mask_input"), r"wants an input something \(1x1x256x256\)"),
        (lambda: onnx.load(str(exports.ENCODER)), "has no input point_coords and no input point_labels"),
    ],
)  # fmt: skip
def test_a_decoder_of_another_interface_is_refused(make, says):
    with pytest.raises(UnsupportedSegmenter, match=says):
        interface(make())


@pytest.mark.parametrize(
    "data", [b"", b"not a network", b"\x08\x07" + bytes(100), b"\x89PNG\r\n\x1a\n" + bytes(100)]
)
def test_a_file_that_is_no_network_is_refused(data, tmp_path):
    (tmp_path / "x.onnx").write_bytes(data)
    with pytest.raises(UnsupportedSegmenter, match=r"x\.onnx is not an ONNX network"):
        load(tmp_path / "x.onnx")


def test_an_old_opset_is_refused():
    model = exports.four_masks()
    model.opset_import[0].version = 9
    with pytest.raises(UnsupportedSegmenter, match="written in ONNX opset 9"):
        interface(model)


def beside_itself(path: Path, location: str) -> None:
    """Write a decoder whose weights it says lie at `location`."""
    onnx.save_model(
        exports.four_masks(), str(path), save_as_external_data=True, location="weights", size_threshold=1000
    )
    model = onnx.load(str(path), load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = location
    path.write_bytes(model.SerializeToString())


def test_weights_beside_a_network_are_read(tmp_path):
    beside_itself(tmp_path / "x.onnx", "weights")
    model = load(tmp_path / "x.onnx")
    assert interface(model).masks == 4
    save(model, tmp_path / "one.onnx")
    assert beside(onnx.load(str(tmp_path / "one.onnx"), load_external_data=False)) == []


@pytest.mark.parametrize(
    "location", ["../weights", "/etc/hostname", "deeper/weights", "link", "..", "missing"]
)
def test_weights_from_elsewhere_are_refused(location, tmp_path):
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    beside_itself(folder / "x.onnx", location)
    for copy in (tmp_path / "weights", folder / "deeper" / "weights"):
        copy.write_bytes((folder / "weights").read_bytes())
    (folder / "link").symlink_to(tmp_path / "weights")
    with pytest.raises(UnsupportedSegmenter, match="which is no plain file beside it"):
        load(folder / "x.onnx")
