"""SAM 2's decoder in PyTorch answers as the ONNX graphs of the same weights do."""

from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from server.domain.frames import InputFrame
from server.domain.prompts import decoder_inputs
from server.domain.types import Prompt
from server.modelkit.export.verify import torch_prompts
from server.modelkit.graphs.decoder_blocks import OBJECT_TOKEN
from server.modelkit.graphs.decoder_graph import build_decoder, build_prepare
from server.modelkit.graphs.onnx_builder import in_float32
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from server.modelkit.torch_sam.sam import Prompts, Sam
from server.modelkit.torch_sam.sizes import SAM2
from server.paths import PUBLISHED_DECODER

FRAME = InputFrame(1024, 1024)
PROMPTS = {
    "a point": Prompt(points=((400.0, 300.0, 1),)),
    "points": Prompt(points=((400, 300, 1), (90, 80, 0), (700, 420, 1))),
    "a box": Prompt(box=(120.0, 90.0, 640.0, 500.0)),
    "a box and points": Prompt(
        points=((300.0, 200.0, 1), (610.0, 480.0, 0)), box=(120.0, 90.0, 640.0, 500.0)
    ),
}
FED_BACK = np.random.default_rng(5).normal(-3, 6, (1, 1, 256, 256)).astype(np.float32)


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """MobileSAM's with an object token: no SAM 2 that sees anything, but its structure."""
    weights = recover_decoder_weights(onnx.load(str(PUBLISHED_DECODER)))
    weights[OBJECT_TOKEN] = np.random.default_rng(5).standard_normal((1, 256)).astype(np.float32)
    return weights


@pytest.fixture(scope="module")
def embedding() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    shapes = {"image_tokens": (4096, 256), "half_features": (16384, 64), "full_features": (65536, 32)}
    return {name: 0.3 * rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture(scope="module")
def theirs(weights, embedding) -> Callable[[Prompt, np.ndarray | None], list[np.ndarray]]:
    prepare, decoder = (
        onnxruntime.InferenceSession(build(weights, in_float32).SerializeToString())
        for build in (build_prepare, build_decoder)
    )
    names = [output.name for output in prepare.get_outputs()]
    prepared = dict(zip(names, prepare.run(names, embedding), strict=True))

    def decode(prompt: Prompt, mask: np.ndarray | None) -> list[np.ndarray]:
        coords, labels = decoder_inputs(prompt, FRAME)
        feeds = {
            **prepared,
            "point_coords": coords,
            "point_labels": labels,
            "mask_input": FED_BACK if mask is None else mask,
            "has_mask_input": np.array([mask is not None], np.float32),
            "token_extent": np.array([64, 64], np.int32),
        }
        return decoder.run(["low_res_logits", "iou_predictions"], feeds)

    return decode


@pytest.fixture(scope="module")
def ours(weights, embedding) -> Callable[[Prompts], tuple[torch.Tensor, torch.Tensor]]:
    sam = Sam(torch.nn.Identity(), SAM2).eval()
    sam.load_state_dict(
        {name: torch.from_numpy(array.copy()) for name, array in weights.items()}, strict=True
    )
    image, half, full = (
        torch.from_numpy(tensor).T.reshape(1, -1, side, side)
        for tensor, side in zip(embedding.values(), (64, 128, 256), strict=True)
    )
    return lambda said: sam.decode_all(image, said, (half, full))


@pytest.mark.parametrize("mask", [None, FED_BACK], ids=["no mask", "mask fed back"])
@pytest.mark.parametrize("name", PROMPTS)
def test_logits_are_those_of_the_graphs(name, mask, theirs, ours):
    said = torch_prompts(PROMPTS[name], FRAME)
    fed = None if mask is None else torch.from_numpy(mask)
    logits, iou = ours(Prompts(said.points, said.boxes, fed))
    expected, expected_iou = theirs(PROMPTS[name], mask)
    assert np.abs(expected).max() > 5
    assert np.abs(logits[0].numpy() - expected).max() < 2e-3
    assert np.abs(iou[0].numpy() - expected_iou).max() < 1e-4


def test_prompts_of_one_image_are_answered_one_by_one(ours):
    coords, labels = torch.tensor([[[400.0, 300.0]], [[700.0, 420.0]]]), torch.ones(2, 1)
    both, _ = ours(Prompts((coords, labels)))
    second, _ = ours(Prompts((coords[1:], labels[1:])))
    assert both.shape == (2, 4, 256, 256)
    assert (both[1] - second[0]).abs().max() < 1e-3
