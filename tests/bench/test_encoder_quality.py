"""What the encoder's 8-bit products cost: its masks beside those of the float32 network, prompt for prompt.

Runs where SAMPHIRE_EVAL_DATA names a folder with photographs. On each of 90 of them three clicks anywhere, and the
tight boxes around what the float32 network shows first for them: 540 prompts. Masks are compared in the low-res frame,
where they are computed.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from server.domain.frames import InputFrame
from server.domain.prompts import decoder_inputs
from server.domain.selection import default_token, offered_tokens, rate
from server.domain.types import Prompt
from server.errors import EncodingFailed
from server.inference.catalog import DEFAULT, Catalog
from server.inference.decoder import Decoder, DecoderOutput, Prepared
from server.inference.encoder import Encoder
from server.inference.sessions import Session
from server.modelkit.graphs.encoder_preparation import prepare_encoder
from server.paths import PUBLISHED_ENCODER, SEGMENTERS

pytestmark = pytest.mark.slow

PICTURES, CLICKS = 90, 3
LEAST_BOX_SIDE = 8  # low-res pixels


def photographs(folder: Path) -> list[Path]:
    """PICTURES of them, of every set the same share."""
    sets = [
        sorted((folder / name).rglob("*.jpg")) for name in ("images", "eval/berkeley", "eval/coco128-seg")
    ]
    mixed = [path for _, path in sorted((i / len(one), path) for one in sets for i, path in enumerate(one))]
    return mixed[:: max(1, len(mixed) // PICTURES)][:PICTURES]


class Pair:
    """Both networks' answers to the same prompts on one photograph."""

    def __init__(self, decoder: Decoder, frame: InputFrame, prepared: tuple[Prepared, Prepared]) -> None:
        self.decoder, self.frame, self.prepared = decoder, frame, prepared

    def ask(self, prompt: Prompt) -> tuple[DecoderOutput, DecoderOutput]:
        inputs = decoder_inputs(prompt, self.frame)
        fast, exact = (self.decoder.decode(one, *inputs, self.frame) for one in self.prepared)
        return fast, exact

    def shown(self, prompt: Prompt, output: DecoderOutput) -> int:
        ratings = rate(prompt, output.low_res_logits, output.predicted_iou, self.frame)
        return default_token(prompt, ratings, self.frame.resize)

    def cut(self, logits: np.ndarray) -> np.ndarray:
        """(..., rows, columns) of the picture, as a mask."""
        return logits[..., : self.frame.low_res_rows, : self.frame.low_res_columns] > 0


def prompts(pair: Pair, size: tuple[int, int], seed: int) -> Iterator[Prompt]:
    generator = np.random.default_rng(seed)
    for _ in range(CLICKS):
        click = Prompt(points=((*map(float, generator.uniform(0, size)), 1),))
        yield click
        exact = pair.ask(click)[1]
        y, x = np.nonzero(pair.cut(exact.low_res_logits[pair.shown(click, exact)]))
        if len(x) and min(np.ptp(x), np.ptp(y)) >= LEAST_BOX_SIDE:
            scale = 4 * size[0] / pair.frame.width  # of the low-res frame's pixels to the picture's
            box = np.array([x.min(), y.min(), x.max() + 1, y.max() + 1]) * scale
            yield Prompt(box=tuple(map(float, np.minimum(box, [*size, *size]))))


def test_masks_agree_with_those_of_the_float32_network(eval_data, tmp_path, capsys):
    spec = Catalog(SEGMENTERS).find(DEFAULT)
    published = onnx.load(str(PUBLISHED_ENCODER))
    fast = prepare_encoder(published)
    assert fast is not published
    (tmp_path / "fast.onnx").write_bytes(fast.SerializeToString())
    sessions = [Session(path, 0, EncodingFailed) for path in (tmp_path / "fast.onnx", PUBLISHED_ENCODER)]
    encoder, decoder = Encoder(spec), Decoder(spec, threads=0)
    first, every = [], []
    for seed, path in enumerate(photographs(eval_data)):
        with Image.open(path) as picture:
            rgb = np.asarray(picture.convert("RGB"))
        size = (rgb.shape[1], rgb.shape[0])
        pixels = encoder.pixels(rgb)
        tokens = [session.run(["output"], {"input": pixels})[0].reshape(256, -1).T for session in sessions]
        fast, exact = (decoder.prepare({"image_tokens": np.ascontiguousarray(one)}) for one in tokens)
        pair = Pair(decoder, spec.frame(*size), (fast, exact))
        for prompt in prompts(pair, size, seed):
            ours, theirs = pair.ask(prompt)
            a, b = pair.cut(ours.low_res_logits), pair.cut(theirs.low_res_logits)
            union = np.count_nonzero(a | b, axis=(1, 2))
            iou = np.where(union, np.count_nonzero(a & b, axis=(1, 2)) / np.maximum(union, 1), 1.0)
            first.append(iou[pair.shown(prompt, theirs)])
            every += [iou[token] for token in offered_tokens(prompt)]
    with capsys.disabled():
        print(
            f"\n{len(first)} prompts: first choice {np.mean(first):.4f}, every candidate {np.mean(every):.4f}"
        )
    assert len(first) >= 500
    assert np.mean(first) >= 0.99
    assert np.mean(every) >= 0.99
