"""Many clicks at once give what the decoder of single prompts gives, of SAM and of SAM 2's structure."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from server.modelkit.graphs.automatic_graph import (
    build_automatic,
    build_automatic_prepare,
    build_automatic_upscaling,
)
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


class Many(Pair):
    """And the one that upscales."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        super().__init__(build_automatic_prepare, build_automatic, weights)
        self.upscale = onnxruntime.InferenceSession(
            build_automatic_upscaling(weights, in_float32).SerializeToString()
        )

    def look(self, tensors, clicks, extent=(64, 64)) -> dict[str, np.ndarray]:
        feeds = {**self.prepared(tensors), "points": clicks, "token_extent": np.array(extent, np.int32)}
        names = [output.name for output in self.decode.get_outputs()]
        return dict(zip(names, self.decode.run(names, feeds), strict=True))

    def logits(self, tensors, looked, click, extent=(64, 64)) -> np.ndarray:
        """(3, 4 rows, 4 columns) of the tokens that were looked at."""
        rows, columns = extent
        feeds = {name: looked[name][click, None] for name in ("spread", "rows", "deviation", "hyper")}
        prepared = self.prepared(tensors)
        for name in ("upscaled_image", *(name for name in ("half", "full") if name in prepared)):
            grid = prepared[name].reshape(-1, 64, 64)[:, :rows, :columns]
            feeds[name] = grid.reshape(len(grid), -1)
        logits = self.upscale.run(["low_res_logits"], feeds)[0]
        blocks = logits.reshape(2, 2, 2, 2, 3, rows, columns)  # y1, x1, y2, x2, mask, row, column
        return blocks.transpose(4, 5, 0, 2, 6, 1, 3).reshape(3, 4 * rows, 4 * columns)


@pytest.fixture(scope="module")
def many(case) -> Many:
    return Many(case[0])


def test_clicks_together_are_the_clicks_alone(case, many):
    weights, tensors = case
    looked = many.look(tensors, CLICKS)
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
        assert looked["iou_predictions"][number] == pytest.approx(their_iou[1:], abs=1e-4)
        logits = many.logits(tensors, looked, number)
        assert np.abs(logits - theirs[1:]).max() < 2e-3
        assert np.abs(looked["coarse_logits"][number] - logits[:, ::4, ::4]).max() < 1e-4


@pytest.mark.parametrize("extent", [(44, 29), (44, 64), (64, 30)])
def test_a_smaller_extent_is_the_same_logits_cut_short(case, many, extent):
    _, tensors = case
    rows, columns = extent
    whole, part = many.look(tensors, CLICKS[:2]), many.look(tensors, CLICKS[:2], extent)
    assert part["coarse_logits"].shape == (2, 3, rows, columns)
    assert np.allclose(part["iou_predictions"], whole["iou_predictions"], atol=1e-5)
    for click in range(2):
        all_logits = many.logits(tensors, whole, click)
        logits = many.logits(tensors, part, click, extent)
        assert np.abs(logits - all_logits[:, : 4 * rows, : 4 * columns]).max() < 1e-3
