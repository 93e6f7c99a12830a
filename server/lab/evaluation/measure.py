"""What one segmenter makes of one object: after each simulated click, of each candidate, and of the object's box.

Every step is the server's own: the prompt becomes the decoder's inputs, the logits a full-size mask, the mask shown
first is the one `selection.default_token` picks, and its low-res logits are fed back with the next click.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ...domain.frames import InputFrame
from ...domain.masks import full_size_mask, mask_input_from_logits, tight_box
from ...domain.prompts import decoder_inputs
from ...domain.selection import Ratings, default_token, rate
from ...domain.types import Point, Prompt
from ...inference.decoder import DecoderOutput
from .clicks import Clicker, mask_iou
from .truth import Truth

CURVE_CLICKS = 5  # the mean IoU is told after each of these
ENOUGH_IOU = 0.90  # nobody clicks on: the highest IoU for which clicks are counted


class AnyDecoder(Protocol):
    """`inference.decoder.Decoder`, or what answers like it."""

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Any: ...

    def decode(
        self,
        prepared: Any,
        coords: np.ndarray,
        labels: np.ndarray,
        frame: InputFrame,
        mask_input: np.ndarray | None = None,
    ) -> DecoderOutput: ...


@dataclass(frozen=True)
class Scene:
    """One encoded image."""

    decoder: AnyDecoder
    prepared: Any  # by that decoder
    frame: InputFrame


@dataclass(frozen=True)
class Photograph:
    """One image of the dataset, which is encoded when that is asked for. Raises EncodingFailed."""

    name: str
    frame: InputFrame
    encode: Callable[[], Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Answer:
    """What the decoder says to a prompt; arrays in token order, 0 the single-mask token, 1-3 the candidates."""

    low_res_logits: np.ndarray  # (4, h, w)
    ratings: Ratings
    shown: int  # the token shown first


@dataclass(frozen=True)
class ObjectResult:
    """IoUs with the ground truth."""

    image: str
    object: str
    pixels: int
    clicks: tuple[Point, ...]
    iou: tuple[float, ...]  # after each click made: see `measure_object` for when they end
    candidates: tuple[float, ...]  # of the three masks offered for the first click
    box: float  # of the mask shown first for the object's box

    @property
    def best_of_three(self) -> float:
        return max(self.candidates)

    def iou_after(self, clicks: int) -> float:
        """After so many clicks, or the last one made when fewer were."""
        return self.iou[min(clicks, len(self.iou)) - 1]

    def clicks_to(self, iou: float) -> int | None:
        """The first click that reached an IoU; None when none did."""
        return next((n for n, reached in enumerate(self.iou, start=1) if reached >= iou), None)


def ask(scene: Scene, prompt: Prompt, before: np.ndarray | None = None) -> Answer:
    """`before` (h, w): logits to feed back. Raises DecodingFailed."""
    coords, labels = decoder_inputs(prompt, scene.frame)
    mask_input = None if before is None else mask_input_from_logits(before)
    output = scene.decoder.decode(scene.prepared, coords, labels, scene.frame, mask_input)
    logits = output.low_res_logits
    ratings = rate(prompt, logits, output.predicted_iou, scene.frame, before)
    return Answer(logits, ratings, default_token(prompt, ratings, scene.frame.resize))


def token_ious(answer: Answer, frame: InputFrame, truth: Truth) -> list[float]:
    """The IoU of each of the four masks."""
    return [mask_iou(full_size_mask(logits, frame), truth) for logits in answer.low_res_logits]


def measure_object(scene: Scene, image: str, truth: Truth, most_clicks: int) -> ObjectResult:
    """Clicks until `most_clicks`, or until nothing is wrong, or until the IoU is enough and the curve is known.

    Raises DecodingFailed.
    """
    clicker = Clicker(truth)
    points: list[Point] = []
    ious: list[float] = []
    candidates: list[float] = []
    mask, before = np.zeros(truth.mask.shape, bool), None
    while len(points) < most_clicks and not (len(points) >= CURVE_CLICKS and max(ious) >= ENOUGH_IOU):
        point = clicker.next(mask)
        if point is None:
            break
        points.append(point)
        answer = ask(scene, Prompt(tuple(points), has_mask=before is not None), before)
        before = answer.low_res_logits[answer.shown]
        mask = full_size_mask(before, scene.frame)
        ious.append(mask_iou(mask, truth))
        candidates = candidates or token_ious(answer, scene.frame, truth)[1:]
    boxed = ask(scene, Prompt(box=tight_box(truth.mask)))
    return ObjectResult(
        image=image,
        object=truth.name,
        pixels=int(np.count_nonzero(truth.mask)),
        clicks=tuple(points),
        iou=tuple(ious),
        candidates=tuple(candidates),
        box=mask_iou(full_size_mask(boxed.low_res_logits[boxed.shown], scene.frame), truth),
    )
