"""Which of the four masks to show first when nobody has chosen (mirrored in static/js/geometry/selection.js).

SAM answers one click with three masks, tokens 1-3, often whole, part and sub-part, and rates each with a predicted IoU.
Taking the highest rating is wrong in one way: a small mask is easy to draw well, so parts are rated like wholes.
The score adds the stability, which falls when the contour moves with the threshold, and a little for size:

    one click        predicted IoU + stability + 0.03 ln(area fraction), of tokens 1-3

Any other prompt is less ambiguous. Token 0 was trained for it and comes first in the reference code
(`mask_decoder.py`, more than two points counting the padding), but a second click often throws it off: 23 % of
Berkeley's objects lose more than 0.1 of IoU by it. What has been said before tells such masks: the mask that was fed
back, which a click corrects rather than replaces, or the box, which the object fills.

    mask fed back    stability + 1.3 IoU with that mask + 0.5 n for token 0 (SAM 2: 0.9 n), after n answered prompts
    box              stability + 2 IoU of the mask's bounding box with the box + 0.1 for token 0
    several points   stability + 0.1 for token 0

The weights are plateaus of the mean IoU of coco128-seg's objects over 1 % of their image: for second clicks 0.621 by
token 0, 0.656 so (389 objects), for boxes 0.753 and 0.759. SAM 2's token 0 is thrown off less (3 % of Berkeley's).
Whether the mask agrees with each click was tried as well and does not help, nor do predicted IoU and size.
`tests/bench/test_selection.py` measures all of it.
"""

from dataclasses import dataclass

import numpy as np

from . import masks
from .frames import INPUT_SIDE, LOW_RES_SIDE, InputFrame, Resize
from .types import Prompt

SMALLEST_FRACTION = 1e-6
SINGLE_TOKEN = 0
AMBIGUOUS_TOKENS = (1, 2, 3)


@dataclass(frozen=True)
class Weights:
    """Of the scores above."""

    size: float = 0.03
    mask: float = 1.3
    lead: float = 0.5  # of token 0, for each prompt that was answered
    box: float = 2.0
    start: float = 0.1  # of token 0, where nothing was answered before


WEIGHTS: dict[Resize, Weights] = {"longest_side": Weights(), "square": Weights(lead=0.9)}  # SAM, SAM 2


@dataclass(frozen=True)
class Ratings:
    """What ranks the four masks: arrays (..., 4) in token order."""

    predicted_iou: np.ndarray
    stability: np.ndarray
    area_fraction: np.ndarray
    agreement: np.ndarray  # with what was said before, 0 to 1: see `agreement`


def is_ambiguous(prompt: Prompt) -> bool:
    """Whether the prompt is one lone point, for which SAM offers three masks."""
    return prompt.box is None and len(prompt.points) == 1 and not prompt.has_mask


def offered_tokens(prompt: Prompt) -> tuple[int, ...]:
    """The tokens to offer, in the order to show them."""
    return AMBIGUOUS_TOKENS if is_ambiguous(prompt) else (SINGLE_TOKEN, *AMBIGUOUS_TOKENS)


def rate(
    prompt: Prompt,
    logits: np.ndarray,
    predicted_iou: np.ndarray,
    frame: InputFrame,
    before: np.ndarray | None = None,
) -> Ratings:
    """Logits (4, h, w) and predicted IoU (4,) as the decoder answers; `before` (h, w): the logits fed back to it."""
    return Ratings(
        predicted_iou,
        masks.stability_scores(logits, frame),
        masks.area_fractions(logits, frame),
        agreement(prompt, logits, frame, before),
    )


def agreement(prompt: Prompt, logits: np.ndarray, frame: InputFrame, before: np.ndarray | None) -> np.ndarray:
    """(k, h, w) -> (k,): each mask's IoU with the mask before, else of its bounding box with the prompt's, else 0.

    On the low-res pixels of the picture.
    """
    inside = masks.of_picture(logits, frame) > masks.MASK_THRESHOLD
    if before is not None:
        known = masks.of_picture(before[None], frame) > masks.MASK_THRESHOLD
        shared = np.count_nonzero(inside & known, axis=(1, 2))
        return shared / np.maximum(np.count_nonzero(inside | known, axis=(1, 2)), 1)
    if prompt.box is None:
        return np.zeros(len(logits))
    scale = LOW_RES_SIDE / INPUT_SIDE
    box = frame.to_input(np.array(prompt.box)).ravel() * scale
    edge = (
        np.array([frame.width, frame.height] * 2) * scale
    )  # the outermost pixels may reach beyond the picture
    boxes = [np.minimum(masks.tight_box(mask), edge) if mask.any() else None for mask in inside]
    return np.array([0.0 if each is None else _box_iou(each, box) for each in boxes])


def candidates_iou(
    prompt: Prompt, logits: np.ndarray, predicted_iou: np.ndarray, token: int, frame: InputFrame
) -> float:
    """(4, h, w): the IoU of a candidate with the best other one that is offered, by predicted IoU. Low where it is
    unclear what is meant. On the low-res pixels of the picture."""
    others = [each for each in offered_tokens(prompt) if each != token]
    rival = max(others, key=predicted_iou.__getitem__)
    one, other = masks.of_picture(logits[[token, rival]], frame) > masks.MASK_THRESHOLD
    return np.count_nonzero(one & other) / max(np.count_nonzero(one | other), 1)


def scores(ratings: Ratings, prompt: Prompt, weights: Weights) -> np.ndarray:
    """The score above of each mask, (..., 4)."""
    stability = np.asarray(ratings.stability, np.float64)
    if is_ambiguous(prompt):
        size = np.log(np.maximum(ratings.area_fraction, SMALLEST_FRACTION))
        return ratings.predicted_iou + stability + weights.size * size
    single = np.eye(stability.shape[-1])[SINGLE_TOKEN]
    if not prompt.has_mask:
        return stability + weights.box * ratings.agreement + weights.start * single
    answered = max(1, len(prompt.points) + (prompt.box is not None) - 1)
    return stability + weights.mask * ratings.agreement + weights.lead * answered * single


def default_token(prompt: Prompt, ratings: Ratings, resize: Resize) -> int:
    """The token (0-3) to show first; of equals the one that is offered first."""
    return max(offered_tokens(prompt), key=scores(ratings, prompt, WEIGHTS[resize]).__getitem__)


def _box_iou(one: np.ndarray, other: np.ndarray) -> float:
    """Of boxes (4,) with an area."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    shared = np.maximum(sides, 0).prod()
    return float(shared / ((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod() - shared))
