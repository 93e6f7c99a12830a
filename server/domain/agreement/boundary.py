"""The boundary of a mask as a band inside it, and how much two have in common.

Boundary IoU: Cheng, Girshick, Dollar, Berg, Kirillov, "Boundary IoU: Improving Object-Centric Image Segmentation
Evaluation", CVPR 2021. As in the authors' code the distance is 2 % of the image's diagonal, at least a pixel, measured
along rows and columns (a square), and the image's edge is a boundary too.
"""

import math

import numpy as np

from ..runs import Window

_SHARE_OF_DIAGONAL = 0.02


def boundary_distance(width: int, height: int) -> int:
    """Pixels."""
    return max(1, round(_SHARE_OF_DIAGONAL * math.hypot(width, height)))


def band(window: Window, distance: int) -> Window:
    """The pixels of a mask that are at most this far from a pixel that is not in it."""
    rows, columns = window.mask.shape
    side = 2 * distance + 1
    if min(rows, columns) < side:
        return window
    mask = window.mask.copy()
    inner = mask[distance : rows - distance, distance : columns - distance]
    inner &= ~_all_of(_all_of(window.mask, side).T, side).T
    return Window(mask, window.x, window.y)


def _all_of(mask: np.ndarray, side: int) -> np.ndarray:
    """(h, w) -> (h - side + 1, w): whether this row and those below it are set, `side` in all."""
    length = 1
    while 2 * length <= side:
        mask = mask[:-length] & mask[length:]
        length *= 2
    rest = side - length
    return mask[:-rest] & mask[rest:] if rest else mask
