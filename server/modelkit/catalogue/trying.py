"""Tries a segmenter on drawn objects nobody can mistake: tells a decoder that was not made for its encoder."""

import time
from dataclasses import dataclass

import numpy as np

from ...domain.masks import full_size_mask
from ...domain.prompts import decoder_inputs
from ...domain.types import Prompt
from ...inference.catalog import SegmenterSpec
from ...inference.decoder import Decoder, DecoderOutput
from ...inference.encoder import Encoder

LEAST_IOU = (
    0.5  # of the drawn objects; tests/unit/modelkit/catalogue/test_trying.py: what pairs and mismatches reach
)
WIDTH, HEIGHT = 900, 600


@dataclass(frozen=True)
class Trial:
    """What came of it. `object_iou`: mean over the objects of the best candidate's IoU."""

    object_iou: float
    encode_s: float
    decode_s: float  # median

    @property
    def is_plausible(self) -> bool:
        return self.object_iou >= LEAST_IOU


class Tryout:
    """One segmenter's embedding of the drawn picture, decoded as often as one likes. Raises EncodingFailed."""

    def __init__(self, spec: SegmenterSpec) -> None:
        encoder = Encoder(spec)
        start = time.perf_counter()
        self.embedding = encoder.encode(picture())
        self.encode_s = time.perf_counter() - start
        self.frame = spec.frame(WIDTH, HEIGHT)

    def run(self, decoder: Decoder) -> Trial:
        """A click on each object. Raises DecodingFailed."""
        ious, seconds = [], []
        prepared = decoder.prepare(self.embedding)
        for prompt, mask in objects():
            start = time.perf_counter()
            output = decoder.decode(prepared, *decoder_inputs(prompt, self.frame), self.frame)
            seconds.append(time.perf_counter() - start)
            ious.append(
                max(_iou(full_size_mask(logits, self.frame), mask) for logits in output.low_res_logits)
            )
        return Trial(float(np.mean(ious)), self.encode_s, float(np.median(seconds)))

    def answers(self, decoder: Decoder, prompts: list[Prompt]) -> list[DecoderOutput]:
        """Each prompt decoded. Raises DecodingFailed."""
        prepared = decoder.prepare(self.embedding)
        return [
            decoder.decode(prepared, *decoder_inputs(prompt, self.frame), self.frame) for prompt in prompts
        ]


def try_out(spec: SegmenterSpec) -> Trial:
    """Load, encode, decode. Raises SegmenterNotFound, EncodingFailed, DecodingFailed."""
    return Tryout(spec).run(Decoder(spec))


def picture() -> np.ndarray:
    """uint8 (600, 900, 3): discs and a bar on a gradient."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    rgb = np.stack([60 + 0.1 * x, 90 + 0.12 * y, 150 - 0.05 * x], axis=-1)
    for mask, colour in zip(_masks(), ((220, 60, 40), (240, 220, 60), (30, 40, 60)), strict=True):
        rgb[mask] = colour
    return rgb.astype(np.uint8)


def objects() -> list[tuple[Prompt, np.ndarray]]:
    """A click on each object of the picture, and the object's bool (600, 900)."""
    clicks = ((330.0, 250.0), (700.0, 380.0), (260.0, 520.0))
    return [(Prompt(points=((*click, 1),)), mask) for click, mask in zip(clicks, _masks(), strict=True)]


def _masks() -> list[np.ndarray]:
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    bar = (abs(y - 520) < 25) & (abs(x - 260) < 180)
    return [(x - 330) ** 2 + (y - 250) ** 2 < 140**2, (x - 700) ** 2 + (y - 380) ** 2 < 95**2, bar]


def _iou(one: np.ndarray, other: np.ndarray) -> float:
    union = np.count_nonzero(one | other)
    return np.count_nonzero(one & other) / union if union else 1.0
