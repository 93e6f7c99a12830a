"""Whether a trained segmenter is better on images that it never saw, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .measuring import Measured

_SURE = 1.645  # standard errors
CLICKS = (1, 3)  # whose mean IoUs decide


@dataclass(frozen=True)
class Judgement:
    """`gain`: of the mean of the IoUs after one click and after three, image by image; `error`: its standard error."""

    better: bool
    gain: float
    error: float
    reason: str


def judge(before: Sequence[Measured], after: Sequence[Measured]) -> Judgement:
    """Of the same objects in the same order. Better is what chance alone would do in one of twenty cases."""
    gains: dict[str, list[float]] = {}
    for then, now in zip(before, after, strict=True):
        gain = np.mean([now.result.iou_after(clicks) - then.result.iou_after(clicks) for clicks in CLICKS])
        gains.setdefault(then.result.image, []).append(float(gain))
    by_image = [float(np.mean(each)) for each in gains.values()]
    gain = float(np.mean(by_image))
    error = float(np.std(by_image, ddof=1) / len(by_image) ** 0.5) if len(by_image) > 1 else float("inf")
    better = gain > _SURE * error
    on = f"on {len(before)} held-out objects"
    if better:
        reason = (
            f"Mean IoU after one and three clicks rose by {gain:.3f} ± {error:.3f} (standard error) {on}."
        )
    elif gain > 0:
        reason = f"Mean IoU rose by {gain:.3f} {on}, within the margin of error (standard error {error:.3f})."
    else:
        reason = f"Mean IoU did not improve {on} ({gain:+.3f})."
    return Judgement(better, gain, error, reason)
