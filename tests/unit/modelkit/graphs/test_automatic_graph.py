"""Many clicks at once give what the decoder of single prompts gives, of SAM and of SAM 2's structure."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from server.modelkit.graphs.automatic_graph import build_automatic, build_automatic_prepare
from server.modelkit.graphs.decoder_blocks import OBJECT_TOKEN
from server.modelkit.graphs.decoder_graph import build_decoder, build_prepare
from server.modelkit.graphs.onnx_builder import in_float32
from server.modelkit.graphs.reference_weights import recover_decoder_weights

CLICKS = np.array([[400, 300], [90, 80], [1000.5, 3], [512, 512], [700, 640]], np.float32)
NO_MASK = np.zeros((1, 1, 256, 256), np.float32)


class Pair:
    """The graph that runs once for an image and the one for prompts."""

    def __init__(self, prepare, decode, weights: dict[str, np.ndarray]) -> None:
        models = (build(weights, in_float32).SerializeToString() for build in (prepare, decode))
        self.prepare, self.decode = map(onnxruntime.InferenceSession, models)

    def prepared(self, tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        names = [output.name for output in self.prepare.get_outputs()]
        return dict(zip(names, self.prepare.run(names, tensors), strict=True))


@pytest.fixture(scope="module", params=["SAM", "SAM 2"])
def case(request, reference_decoder: Path, sample_tokens):
    """Weights, and the tensors of an embedding."""
    weights = recover_decoder_weights(onnx.load(str(reference_decoder)))
    tensors = {"image_tokens": sample_tokens}
    if request.param == "SAM 2":
        rng = np.random.default_rng(5)
        weights[OBJECT_TOKEN] = rng.standard_normal((1, 256)).astype(np.float32)
        tensors["half_features"] = rng.standard_normal((16384, 64)).astype(np.float32)
        tensors["full_features"] = rng.standard_normal((65536, 32)).astype(np.float32)
    return weights, tensors


@pytest.fixture(scope="module")
def many(case) -> Pair:
    return Pair(build_automatic_prepare, build_automatic, case[0])


def decoded(many: Pair, tensors, clicks, upscaled: bool, extent=(64, 64)):
    feeds = {
        **many.prepared(tensors),
        "points": clicks,
        "upscaled": np.array([upscaled], np.float32),
        "token_extent": np.array(extent, np.int32),
    }
    return many.decode.run(["iou_predictions", "coarse_logits", "low_res_logits"], feeds)


def test_clicks_together_are_the_clicks_alone(case, many):
    weights, tensors = case
    iou, coarse, logits = decoded(many, tensors, CLICKS, upscaled=True)
    one = Pair(build_prepare, build_decoder, weights)
    prepared = one.prepared(tensors)
    for number, click in enumerate(CLICKS):
        feeds = {
            **prepared,
            "point_coords": np.stack([click, np.zeros(2, np.float32)]),
            "point_labels": np.array([1, -1], np.float32),
            "mask_input": NO_MASK,
            "has_mask_input": np.zeros(1, np.float32),
            "token_extent": np.array([64, 64], np.int32),
        }
        theirs, their_iou = one.decode.run(["low_res_logits", "iou_predictions"], feeds)
        assert iou[number] == pytest.approx(their_iou[1:], abs=1e-4)
        assert np.abs(logits[number] - theirs[1:]).max() < 2e-3
    assert np.abs(coarse - logits[:, :, ::4, ::4]).max() < 1e-4


def test_a_coarse_look_makes_no_masks(case, many):
    _, tensors = case
    iou, coarse, logits = decoded(many, tensors, CLICKS, upscaled=False)
    assert logits.shape == (0, 3, 4, 4)
    their_iou, their_coarse, _ = decoded(many, tensors, CLICKS, upscaled=True)
    assert np.array_equal(iou, their_iou)
    assert np.array_equal(coarse, their_coarse)


@pytest.mark.parametrize("extent", [(44, 29), (44, 64), (64, 30)])
def test_a_smaller_extent_is_the_same_logits_cut_short(case, many, extent):
    _, tensors = case
    rows, columns = extent
    whole_iou, _, whole = decoded(many, tensors, CLICKS[:2], upscaled=True)
    iou, coarse, part = decoded(many, tensors, CLICKS[:2], upscaled=True, extent=extent)
    assert part.shape == (2, 3, 4 * rows, 4 * columns)
    assert coarse.shape == (2, 3, rows, columns)
    assert np.abs(part - whole[:, :, : 4 * rows, : 4 * columns]).max() < 1e-3
    assert np.allclose(iou, whole_iou, atol=1e-5)
