"""Which of the four masks to show first when nobody has chosen (mirrored in static/js/geometry/selection.js).

SAM answers one click with three masks, tokens 1-3, often whole, part and sub-part, and rates each with a predicted IoU.
Taking the highest rating is wrong in one way: a small mask is easy to draw well, so parts are rated like wholes.
The score here adds the stability, which falls when the contour moves with the threshold, and a little for size:

    score = predicted IoU + stability + 0.03 ln(area fraction)

COCO's objects do not ask for the size: weights from 0 to 0.07 are alike there (mean IoU 0.482 to 0.488, at 0.035 the
highest), and more are worse. On Berkeley's photographs the first choice of one centre click has a mean IoU of 0.734
(by predicted IoU alone 0.724, the best of the three 0.837), SAM 2's 0.828 (0.824, 0.912).
`tests/bench/test_selection.py` measures both.

With more than one prompt the click is no longer ambiguous, and token 0, trained for that case, comes first, as in the
reference code (`mask_decoder.py`, more than two points counting the padding).
"""

import numpy as np

from server.domain.types import Prompt

SIZE_WEIGHT = 0.03
SMALLEST_FRACTION = 1e-6
SINGLE_TOKEN = 0
AMBIGUOUS_TOKENS = (1, 2, 3)


def is_ambiguous(prompt: Prompt) -> bool:
    """Whether the prompt is one lone point, for which SAM offers three masks."""
    return prompt.box is None and len(prompt.points) == 1 and not prompt.has_mask


def offered_tokens(prompt: Prompt) -> tuple[int, ...]:
    """The tokens to offer, in the order to show them."""
    return AMBIGUOUS_TOKENS if is_ambiguous(prompt) else (SINGLE_TOKEN, *AMBIGUOUS_TOKENS)


def scores(
    predicted_iou: np.ndarray,
    stability: np.ndarray,
    area_fraction: np.ndarray,
    size_weight: float = SIZE_WEIGHT,
) -> np.ndarray:
    """The score above for each mask: three arrays of one shape -> the same shape."""
    size = np.log(np.maximum(area_fraction, SMALLEST_FRACTION))
    return np.asarray(predicted_iou, np.float64) + stability + size_weight * size


def default_token(
    prompt: Prompt, predicted_iou: np.ndarray, stability: np.ndarray, area_fraction: np.ndarray
) -> int:
    """The token (0-3) to show first; all arrays are (4,), in token order."""
    if not is_ambiguous(prompt):
        return SINGLE_TOKEN
    return max(AMBIGUOUS_TOKENS, key=scores(predicted_iou, stability, area_fraction).__getitem__)
