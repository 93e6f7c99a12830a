"""The two decoder graphs are SAM's decoder: compared with the reference-interface export of the same weights."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from server.domain import embedding_codec
from server.domain.frames import InputFrame
from server.domain.masks import full_size_mask
from server.domain.prompts import decoder_inputs
from server.domain.types import Prompt
from server.errors import UnsupportedSegmenter
from server.modelkit.graphs.decoder_graph import build_decoder, build_prepare
from server.modelkit.graphs.decoder_storage import packed
from server.modelkit.graphs.onnx_builder import Storage, in_float16, in_float32
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from server.paths import SEGMENTERS

FULL = np.array([64, 64], np.int32)
NO_MASK = np.zeros((1, 1, 256, 256), np.float32)
MOST_BYTES = {in_float16: 8_500_000, packed: 5_300_000}
MOST_ON_THE_WIRE = 4_600_000


class Graphs:
    """prepare and decoder built from recovered weights, run natively."""

    def __init__(self, weights: dict[str, np.ndarray], storage: Storage) -> None:
        models = [build(weights, storage).SerializeToString() for build in (build_prepare, build_decoder)]
        self.bytes = sum(map(len, models))
        self.prepare, self.decoder = (onnxruntime.InferenceSession(model) for model in models)

    def prepared(self, tokens: np.ndarray) -> dict[str, np.ndarray]:
        names = [output.name for output in self.prepare.get_outputs()]
        return dict(zip(names, self.prepare.run(names, {"image_tokens": tokens}), strict=True))

    def decode(self, prepared, coords, labels, mask=None, extent=FULL) -> tuple[np.ndarray, np.ndarray]:
        feeds = {
            **prepared,
            "point_coords": coords,
            "point_labels": labels,
            "mask_input": NO_MASK if mask is None else mask,
            "has_mask_input": np.array([mask is not None], np.float32),
            "token_extent": extent,
        }
        return self.decoder.run(["low_res_logits", "iou_predictions"], feeds)


@pytest.fixture(scope="module")
def weights(reference_decoder: Path) -> dict[str, np.ndarray]:
    return recover_decoder_weights(onnx.load(str(reference_decoder)))


@pytest.fixture(scope="module")
def exact(weights) -> Graphs:
    return Graphs(weights, in_float32)


@pytest.fixture(scope="module")
def half(weights) -> Graphs:
    return Graphs(weights, in_float16)


@pytest.fixture(scope="module")
def small(weights) -> Graphs:
    return Graphs(weights, packed)


@pytest.fixture(scope="module")
def reference(reference_decoder: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(reference_decoder))


PROMPTS = {
    "one point": Prompt(points=((400.0, 300.0, 1),)),
    "five points": Prompt(
        points=((400.0, 300.0, 1), (90.0, 80.0, 0), (700.0, 420.0, 1), (10.0, 590.0, 0), (500.0, 9.0, 1))
    ),
    "box": Prompt(box=(120.0, 90.0, 640.0, 500.0)),
    "box and points": Prompt(points=((300.0, 200.0, 1), (610.0, 480.0, 0)), box=(120.0, 90.0, 640.0, 500.0)),
}


@pytest.mark.parametrize("with_mask", [False, True], ids=["no mask", "mask fed back"])
@pytest.mark.parametrize("name", PROMPTS)
def test_logits_and_iou_are_the_reference_graphs(name, with_mask, sample_tokens, exact, reference):
    coords, labels = decoder_inputs(PROMPTS[name], InputFrame(900, 600))
    mask = np.random.default_rng(5).normal(-3, 6, NO_MASK.shape).astype(np.float32) if with_mask else None
    logits, iou = exact.decode(exact.prepared(sample_tokens), coords, labels, mask)
    feeds = {
        "image_embeddings": sample_tokens.T.reshape(1, 256, 64, 64),
        "point_coords": coords[None],
        "point_labels": labels[None],
        "mask_input": NO_MASK if mask is None else mask,
        "has_mask_input": np.array([with_mask], np.float32),
        "orig_im_size": np.array([600, 900], np.float32),
    }
    theirs, their_iou = reference.run(["low_res_masks", "iou_predictions"], feeds)
    token = int(np.abs(iou - their_iou[0, 0]).argmin())  # the export returns one mask of the four
    assert iou[token] == pytest.approx(their_iou[0, 0], abs=1e-4)
    assert np.abs(logits[token] - theirs[0, 0]).max() < 1e-3


def test_a_smaller_extent_is_the_same_logits_cut_short(sample_tokens, exact):
    coords, labels = decoder_inputs(PROMPTS["one point"], InputFrame(900, 600))
    prepared = exact.prepared(sample_tokens)
    whole, iou = exact.decode(prepared, coords, labels)
    part, part_iou = exact.decode(prepared, coords, labels, extent=np.array([44, 29], np.int32))
    assert part.shape == (4, 176, 116)
    assert np.abs(part - whole[:, :176, :116]).max() < 1e-4
    assert np.allclose(iou, part_iou)


@pytest.mark.parametrize("storage", [in_float16, packed])
def test_files_are_small_and_that_costs_nothing_visible(storage, weights, sample_tokens, exact):
    stored = Graphs(weights, storage)
    assert stored.bytes <= MOST_BYTES[storage]
    frame = InputFrame(900, 600)
    for prompt in PROMPTS.values():
        inputs = decoder_inputs(prompt, frame)
        ours, _ = stored.decode(stored.prepared(sample_tokens), *inputs)
        theirs, _ = exact.decode(exact.prepared(sample_tokens), *inputs)
        assert mask_iou(full_size_mask(ours[0], frame), full_size_mask(theirs[0], frame)) > 0.995


def test_what_a_visitor_fetches_of_the_bundled_segmenter():
    files = [SEGMENTERS / "mobile_sam" / f"{name}.onnx.br" for name in ("prepare", "decoder")]
    assert sum(file.stat().st_size for file in files) <= MOST_ON_THE_WIRE


def test_another_graph_is_refused_by_name():
    model = onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], []))
    with pytest.raises(UnsupportedSegmenter, match="0 of the 137"):
        recover_decoder_weights(model)


def mask_iou(one: np.ndarray, other: np.ndarray) -> float:
    return np.count_nonzero(one & other) / max(1, np.count_nonzero(one | other))


# Against masks of the reference PyTorch code; these run where SAMPHIRE_EVAL_DATA names a folder that has them.


@pytest.fixture(scope="module")
def cases(eval_data: Path):
    described = json.loads((eval_data / "golden" / "decoder_cases.json").read_text("utf-8"))
    return described, np.load(eval_data / "golden" / "decoder_cases.npz")


@pytest.fixture(scope="module")
def tokens(cases, encode_photograph) -> dict[str, np.ndarray]:
    return {image: encode_photograph(image) for image in sorted({case["image"] for case in cases[0]})}


def golden_masks(graphs: Graphs, cases, tokens) -> list[np.ndarray]:
    described, golden = cases
    prepared = {image: graphs.prepared(array) for image, array in tokens.items()}
    found = []
    for case in described:
        height, width = case["size_hw"]
        frame = InputFrame(width, height)
        pairs = zip(case["points"] or [], case["labels"] or [], strict=True)
        box = case["box"]
        prompt = Prompt(tuple((x, y, label) for (x, y), label in pairs), box and tuple(box))
        mask = None
        if case["mask_input_from"]:
            fed = golden[f"{case['mask_input_from']}/low_res"][case["mask_input_index"]]
            mask = fed.astype(np.float32)[None, None]
        logits, _ = graphs.decode(prepared[case["image"]], *decoder_inputs(prompt, frame), mask)
        found.append(full_size_mask(logits[case["best"]], frame))
    return found


def golden_ious(graphs: Graphs, cases, tokens) -> list[float]:
    described, golden = cases
    ious = []
    for case, mask in zip(described, golden_masks(graphs, cases, tokens), strict=True):
        truth = np.unpackbits(golden[f"{case['id']}/mask_bits"])[: mask.size].reshape(mask.shape)
        ious.append(mask_iou(mask, truth.astype(bool)))
    return ious


def test_goldens_with_exact_weights(cases, tokens, exact):
    assert min(golden_ious(exact, cases, tokens)) >= 0.999


def test_goldens_with_half_storage(cases, tokens, half):
    assert np.mean(golden_ious(half, cases, tokens)) >= 0.999


def test_goldens_in_few_bits_are_those_of_float16(cases, tokens, small, half):
    pairs = zip(golden_masks(small, cases, tokens), golden_masks(half, cases, tokens), strict=True)
    assert np.mean([mask_iou(*pair) for pair in pairs]) >= 0.9975  # of 24


def test_goldens_through_the_8_bit_codec(cases, tokens, half):
    sent = {
        image: embedding_codec.decode(embedding_codec.encode({"image_tokens": array}, "s", "w", (1, 1)))
        for image, array in tokens.items()
    }
    received = {image: embedding.tensors["image_tokens"] for image, embedding in sent.items()}
    assert np.mean(golden_ious(half, cases, received)) >= 0.996
