"""What SAM 2's decoder has and SAM's has not. `tests/unit/catalogue` compares the whole of it with the registry's."""

from math import erf, sqrt

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto

from server.modelkit.graphs.decoder_attention import ImageState
from server.modelkit.graphs.decoder_blocks import OBJECT_TOKEN, Blocks
from server.modelkit.graphs.decoder_graph import build_decoder, build_prepare
from server.modelkit.graphs.decoder_upscaling import fine_features, upscale
from server.modelkit.graphs.onnx_builder import GraphBuilder
from server.modelkit.graphs.reference_weights import recover_decoder_weights

F32 = TensorProto.FLOAT
UP = "mask_decoder.output_upscaling"


@pytest.fixture(scope="module")
def weights(reference_decoder):
    """MobileSAM's weights with an object token: no SAM 2 that sees anything, but its structure."""
    weights = recover_decoder_weights(onnx.load(str(reference_decoder)))
    weights[OBJECT_TOKEN] = np.random.default_rng(5).standard_normal((1, 256)).astype(np.float32)
    return weights


def conv_transpose(pixels, weight, bias):
    """(h, w, in) -> (2 h, 2 w, out), stride 2."""
    h, w, _ = pixels.shape
    out = np.einsum("hwi,ioyx->hywxo", pixels, weight)
    return out.reshape(2 * h, 2 * w, -1) + bias


def norm_2d(pixels, weight, bias):
    centred = pixels - pixels.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-6) * weight + bias


gelu = np.vectorize(lambda x: x * 0.5 * (1 + erf(x / sqrt(2))), otypes=[np.float64])


def test_finer_features_are_added_after_each_transposed_convolution(weights):
    rng = np.random.default_rng(1)
    rows, columns = 3, 5  # of tokens: numpy's erf is slow
    tokens = rng.standard_normal((64, 64, 256)).astype(np.float32)
    tokens -= tokens.mean(-1, keepdims=True)
    half = rng.standard_normal((128, 128, 64)).astype(np.float32)
    full = rng.standard_normal((256, 256, 32)).astype(np.float32)
    hyper = rng.standard_normal((4, 32)).astype(np.float32)

    net = Blocks(GraphBuilder(), weights)
    image = ImageState("raw", "deviation", np.ones(256, np.float32), np.zeros(256, np.float32), "n")
    fine = fine_features(net, "half", "full")
    net.graph.named(upscale(net, image, "hyper", "extent", fine), "logits")
    inputs = [
        ("raw", F32, [4096, 256]), ("deviation", F32, [1, 4096]), ("half", F32, [16384, 64]),
        ("full", F32, [65536, 32]), ("hyper", F32, [4, 32]), ("extent", TensorProto.INT32, [2]),
    ]  # fmt: skip
    model = net.graph.model("upscaling", inputs, [("logits", F32, [4, None, None])], {})
    feeds = {
        "raw": tokens.reshape(4096, 256), "deviation": np.ones((1, 4096), np.float32),
        "half": half.reshape(-1, 64), "full": full.reshape(-1, 32), "hyper": hyper,
        "extent": np.array([rows, columns], np.int32),
    }  # fmt: skip
    (logits,) = onnxruntime.InferenceSession(model.SerializeToString()).run(["logits"], feeds)

    expected = conv_transpose(tokens[:rows, :columns], weights[f"{UP}.0.weight"], weights[f"{UP}.0.bias"])
    expected = expected + half[: 2 * rows, : 2 * columns]
    expected = gelu(norm_2d(expected, weights[f"{UP}.1.weight"], weights[f"{UP}.1.bias"]))
    expected = conv_transpose(expected, weights[f"{UP}.3.weight"], weights[f"{UP}.3.bias"])
    expected = gelu(expected + full[: 4 * rows, : 4 * columns]) @ hyper.T
    assert np.abs(logits - expected.transpose(2, 0, 1)).max() < 1e-3


@pytest.fixture(scope="module")
def decode(weights):
    prepare, decoder = (
        onnxruntime.InferenceSession(build(weights).SerializeToString())
        for build in (build_prepare, build_decoder)
    )
    rng = np.random.default_rng(2)
    shapes = {"image_tokens": (4096, 256), "half_features": (16384, 64), "full_features": (65536, 32)}
    tensors = {name: 0.3 * rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}
    names = [output.name for output in prepare.get_outputs()]
    prepared = dict(zip(names, prepare.run(names, tensors), strict=True))

    def run(*points):
        feeds = {
            **prepared,
            "point_coords": np.array([point[:2] for point in points], np.float32),
            "point_labels": np.array([point[2] for point in points], np.float32),
            "mask_input": np.zeros((1, 1, 256, 256), np.float32),
            "has_mask_input": np.zeros(1, np.float32),
            "token_extent": np.array([64, 64], np.int32),
        }
        return decoder.run(["low_res_logits", "iou_predictions"], feeds)

    return run


def test_a_prompt_is_padded_once_whether_or_not_the_caller_did(decode):
    point, padding = (400, 300, 1), (0, 0, -1)
    alone, padded = decode(point), decode(point, padding)
    assert np.array_equal(alone[0], padded[0])
    assert np.array_equal(alone[1], padded[1])
    assert not np.allclose(alone[0], decode(point, (10, 10, 0))[0], atol=1e-3)


def test_predicted_ious_are_between_0_and_1(decode):
    logits, iou = decode((200, 100, 2), (800, 900, 3))
    assert logits.shape == (4, 256, 256)
    assert iou.shape == (4,)
    assert (iou > 0).all()
    assert (iou < 1).all()
