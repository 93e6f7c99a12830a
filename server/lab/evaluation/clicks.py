"""The person who clicks, simulated: always at the middle of what is most wrong.

As `Clicker` of RITM (Sofiiuk et al., Reviving Iterative Training with Mask Guidance, 2021) and f-BRS does it, and SAM's
appendix on its evaluation: of the two error regions, object pixels that the mask leaves out and mask pixels off the
object, the next click goes to the pixel farthest from its region's edge; it is positive where it was left out. The
first click is the same on an empty mask: the middle of the object. Equal distances: the negative region, then the
topmost, then the leftmost pixel. No pixel is clicked twice, undecided pixels are never clicked.
"""

import numpy as np

from ...domain.types import Point
from .distance import squared_distances
from .truth import Truth


class Clicker:
    """Clicks on one object."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._free = np.ones(truth.mask.shape, bool) if truth.undecided is None else ~truth.undecided
        self._clicked = np.zeros(truth.mask.shape, bool)

    def next(self, mask: np.ndarray) -> Point | None:
        """bool (H, W) -> the next click's pixel centre in the image frame; None where nothing is left to correct."""
        missed = squared_distances(self._truth.mask & ~mask & self._free)
        wrong = squared_distances(mask & ~self._truth.mask & self._free)
        missed[self._clicked] = wrong[self._clicked] = 0
        positive = bool(missed.max() > wrong.max())
        distances = missed if positive else wrong
        if not distances.any():
            return None
        y, x = np.unravel_index(distances.argmax(), distances.shape)
        self._clicked[y, x] = True
        return float(x) + 0.5, float(y) + 0.5, int(positive)


def mask_iou(mask: np.ndarray, truth: Truth) -> float:
    """Intersection over union in the image's own pixels; undecided ones are in neither."""
    if truth.undecided is not None:
        mask = mask & ~truth.undecided
    union = np.count_nonzero(mask | truth.mask)
    return np.count_nonzero(mask & truth.mask) / union
