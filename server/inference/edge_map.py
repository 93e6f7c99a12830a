"""Edges of everything in an image, from automatic masks.

Follows Kirillov et al. 2023, section 7.2 and appendix D.2: the masks of 16 x 16 clicks, however confident, without
duplicates; the Sobel gradient of each one's probabilities along its outer boundary; of all masks the largest, scaled to
0..1 and thinned to its ridges, as edge detectors do (Canny 1986; Dollar and Zitnick 2015).
"""

from collections.abc import Callable

import numpy as np

from ..domain.masks import MASK_THRESHOLD
from .automask import automatic_masks
from .automask_types import AutomaskSettings, Crop, Each, View
from .automatic_decoder import AutomaticDecoder

POINTS_PER_SIDE = 16
_BORDER = 5  # pixels from the image's end over which edges fade out, as in Dollar and Zitnick's
_SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)  # along x


def edge_map(
    decoder: AutomaticDecoder,
    view: Callable[[Crop], View],
    size: tuple[int, int],
    *,
    points_per_side: int = POINTS_PER_SIDE,
    each: Each = map,
    progress: Callable[[float], None] = lambda part: None,
    stopped: Callable[[], bool] = lambda: False,
) -> np.ndarray:
    """uint8 (H, W) of an image of `size` (width, height): 0 where there is no edge, 255 at the strongest.

    `view` and the others are those of `automatic_masks`, and so are the errors.
    """
    edges = Edges(*size)
    every = AutomaskSettings(points_per_side, pred_iou_thresh=0, stability_score_thresh=0)
    automatic_masks(
        decoder, view, size, every, each=each, progress=progress, stopped=stopped, logits=edges.add
    )
    return edges.thinned()


class Edges:
    """The strongest gradient at each pixel of an image, of the masks so far."""

    def __init__(self, width: int, height: int) -> None:
        self._gradient = np.zeros((2, height, width), np.float32)  # along x and along y
        self._strength = np.zeros((height, width), np.float32)

    def add(self, logits: np.ndarray, x: int, y: int) -> None:
        """A mask's logits (h, w), and where in the image their top left pixel lies."""
        probability = np.pad(1 / (1 + np.exp(-np.clip(logits, -30, 30))), 1, mode="edge")
        rows, columns = np.nonzero(_outer_boundary(logits > MASK_THRESHOLD))
        gradient = np.zeros((2, len(rows)), np.float32)
        for down, right in np.ndindex(3, 3):
            weights = np.array([_SOBEL[down, right], _SOBEL[right, down]])
            gradient += weights[:, None] * probability[rows + down, columns + right]
        strength = np.hypot(*gradient)
        rows, columns = rows + y, columns + x
        stronger = strength > self._strength[rows, columns]
        rows, columns = rows[stronger], columns[stronger]
        self._strength[rows, columns] = strength[stronger]
        self._gradient[:, rows, columns] = gradient[:, stronger]

    def thinned(self) -> np.ndarray:
        """uint8 (H, W): only the pixels that are no weaker than what lies across the edge on either side."""
        thin = np.zeros(self._strength.shape, np.uint8)
        rows, columns = np.nonzero(self._strength)
        if not len(rows):
            return thin
        fading = (
            np.minimum(1, np.minimum(np.arange(side), np.arange(side)[::-1]) / _BORDER) for side in thin.shape
        )
        strengths = self._strength * np.minimum(*np.ix_(*fading)).astype(np.float32)
        smooth = _smoothed(strengths)
        across = self._gradient[::-1, rows, columns] / self._strength[rows, columns]  # (2, n) down, right
        here = smooth[rows, columns]
        ridge = np.ones(len(rows), bool)
        for side in (-1, 1):
            ridge &= here >= _between(smooth, rows + side * across[0], columns + side * across[1])
        rows, columns = rows[ridge], columns[ridge]
        strength = strengths[rows, columns]
        thin[rows, columns] = np.ceil(255 * strength / max(strength.max(initial=0), 1e-9))
        return thin


def _outer_boundary(mask: np.ndarray) -> np.ndarray:
    """bool (h, w) -> the pixels beside it, left, right, above and below."""
    wide = np.pad(mask, 1)
    beside = wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]
    return beside & ~mask


def _smoothed(values: np.ndarray) -> np.ndarray:
    """float32 (h, w) by a triangle of 3 pixels on each axis."""
    for axis in (0, 1):
        padding = [(1, 1) if axis == each else (0, 0) for each in (0, 1)]
        wide = np.pad(values, padding, mode="edge")
        before, after = (np.take(wide, range(at, at + values.shape[axis]), axis) for at in (0, 2))
        values = (before + 2 * values + after) / 4
    return values


def _between(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Bilinear, (n,); beyond the edge the nearest pixel's."""
    rows, columns = (
        np.clip(place, 0, side - 1) for place, side in zip((rows, columns), values.shape, strict=True)
    )
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    bottom, right = (
        np.minimum(place + 1, side - 1) for place, side in zip((top, left), values.shape, strict=True)
    )
    down, along = rows - top, columns - left
    upper = values[top, left] * (1 - along) + values[top, right] * along
    lower = values[bottom, left] * (1 - along) + values[bottom, right] * along
    return upper * (1 - down) + lower * down
