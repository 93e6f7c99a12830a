"""Weights read back out of decoder graphs make a decoder that answers as those graphs do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from server.domain.frames import InputFrame
from server.domain.prompts import decoder_inputs
from server.domain.types import Prompt
from server.errors import UnsupportedSegmenter
from server.inference.catalog import DECODER, PREPARE, Catalog, SegmenterSpec
from server.inference.decoder import Decoder, Prepared
from server.modelkit.graphs.decoder_blocks import OBJECT_TOKEN
from server.modelkit.graphs.decoder_graph import build_decoder, build_prepare
from server.modelkit.graphs.decoder_storage import packed
from server.modelkit.graphs.onnx_builder import Storage, in_float16, in_float32
from server.modelkit.graphs.own_weights import Weights, read_weights
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from server.paths import SEGMENTERS

FRAME = InputFrame(900, 600)
PROMPTS = {
    "a point": Prompt(points=((400.0, 300.0, 1),)),
    "points": Prompt(points=((400, 300, 1), (90, 80, 0), (700, 420, 1))),
    "a box": Prompt(box=(120.0, 90.0, 640.0, 500.0)),
}
FED_BACK = np.random.default_rng(5).normal(-3, 6, (1, 1, 256, 256)).astype(np.float32)

Write = Callable[[str, Weights, Storage], SegmenterSpec]


@pytest.fixture(scope="module")
def bundled() -> SegmenterSpec:
    return Catalog(SEGMENTERS).find("mobile_sam")


@pytest.fixture(scope="module")
def write(bundled: SegmenterSpec, tmp_path_factory) -> Write:
    """A segmenter with these weights in a folder of its own: what is read of one, its two decoder graphs."""

    def make(name: str, weights: Weights, storage: Storage) -> SegmenterSpec:
        folder: Path = tmp_path_factory.mktemp(name)
        for file, build in ((PREPARE, build_prepare), (DECODER, build_decoder)):
            (folder / file).write_bytes(build(weights, storage).SerializeToString())
        return replace(bundled, folder=folder)

    return make


@pytest.fixture(scope="module")
def sam2_like(reference_decoder: Path) -> Weights:
    """SAM 2's structure with numbers of nobody's training, of a size that a decoder has."""
    rng = np.random.default_rng(7)
    weights = recover_decoder_weights(onnx.load(str(reference_decoder)))
    for name, array in weights.items():
        spread = 0.2 * array.std() + 0.01
        weights[name] = array + spread * rng.standard_normal(array.shape).astype(np.float32)
    weights[OBJECT_TOKEN] = rng.standard_normal((1, 256)).astype(np.float32)
    return weights


@pytest.fixture(scope="module")
def of_sam2(write: Write, sam2_like: Weights) -> SegmenterSpec:
    return write("sam2", sam2_like, in_float16)


def prepared(decoder: Decoder, sample_tokens: np.ndarray, *, sam2: bool) -> Prepared:
    rng, tensors = np.random.default_rng(2), {"image_tokens": sample_tokens}
    if sam2:
        for name, shape in (("half_features", (16384, 64)), ("full_features", (65536, 32))):
            tensors[name] = 0.3 * rng.standard_normal(shape).astype(np.float32)
    return decoder.prepare(tensors)


@pytest.mark.parametrize("mask", [None, FED_BACK], ids=["no mask", "mask fed back"])
@pytest.mark.parametrize("which", ["bundled", "of_sam2"])
def test_a_rebuilt_decoder_answers_like_the_installed_one(which, mask, request, write, sample_tokens):
    installed = request.getfixturevalue(which)
    rebuilt = write("rebuilt", read_weights(installed), in_float32)
    decoders = [Decoder(installed), Decoder(rebuilt)]
    images = [prepared(one, sample_tokens, sam2=which == "of_sam2") for one in decoders]
    for prompt in PROMPTS.values():
        said = decoder_inputs(prompt, FRAME)
        theirs, ours = (
            decoder.decode(image, *said, FRAME, mask) for decoder, image in zip(decoders, images, strict=True)
        )
        assert np.abs(theirs.low_res_logits).max() > 5
        assert np.abs(ours.low_res_logits - theirs.low_res_logits).max() < 0.05
        assert np.abs(ours.predicted_iou - theirs.predicted_iou).max() < 0.001


def test_names_and_shapes_are_the_public_ones(bundled, of_sam2, reference_decoder, sam2_like):
    public = recover_decoder_weights(onnx.load(str(reference_decoder)))
    for spec, weights in ((bundled, public), (of_sam2, sam2_like)):
        found = read_weights(spec)
        assert {name: array.shape for name, array in found.items()} == {
            name: array.shape for name, array in weights.items()
        }
        assert all(array.dtype == np.float32 and array.flags.c_contiguous for array in found.values())


def test_reading_again_what_was_built_of_what_was_read_changes_nothing(write, of_sam2):
    once = read_weights(of_sam2)
    again = read_weights(write("again", once, in_float32))
    assert list(again) == list(once)
    for name, array in once.items():
        assert np.abs(again[name] - array).max() <= 1e-5 * max(1, np.abs(array).max()), name


def test_packing_again_loses_nothing_more(bundled, write, sample_tokens):
    again = write("packed", read_weights(bundled), packed)
    decoders = [Decoder(bundled), Decoder(again)]
    theirs, ours = (
        one.decode(
            prepared(one, sample_tokens, sam2=False), *decoder_inputs(PROMPTS["a point"], FRAME), FRAME
        )
        for one in decoders
    )
    masks = theirs.low_res_logits > 0, ours.low_res_logits > 0
    assert (masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum() > 0.999


def test_a_decoder_of_another_maker_is_refused(bundled, reference_decoder, tmp_path):
    for file in (PREPARE, DECODER):
        (tmp_path / file).write_bytes(reference_decoder.read_bytes())
    with pytest.raises(UnsupportedSegmenter, match="was not built by Samphire"):
        read_weights(replace(bundled, folder=tmp_path))
