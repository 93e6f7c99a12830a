"""Masks on the screen: which pixels a mask changed, and whether they are the right ones."""

import time

import numpy as np
from PIL import Image, ImageFilter

from tests.browser.annotating import PATIENCE_S, Annotating

CHANGED = 12  # of 255: grain and rounding stay below, a 45 % fill is far above
EDGE = 3  # screen pixels on both sides of an edge that outline and smoothing may take


def changed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Two screenshots, uint8 (h, w, 3) -> bool (h, w)."""
    return np.abs(before.astype(int) - after.astype(int)).max(axis=2) > CHANGED


def widened(mask: np.ndarray, by: int) -> np.ndarray:
    if by == 0:
        return mask
    return np.asarray(Image.fromarray(mask.astype(np.uint8)).filter(ImageFilter.MaxFilter(2 * by + 1))) > 0


def assert_on_screen(annotate: Annotating, bare: np.ndarray, expected: np.ndarray, edge: int = EDGE) -> None:
    """Waits until the stage differs from `bare` where the mask `expected` is, in screen pixels, and nowhere else."""
    end = time.monotonic() + PATIENCE_S
    while True:
        there, elsewhere = shares(changed(bare, annotate.screenshot()), expected, edge)
        if there > 0.999 and elsewhere < 0.001:
            return
        said = f"{there:.4f} of the mask and {elsewhere:.4f} of the rest are painted"
        assert time.monotonic() < end, said
        annotate.page.wait_for_timeout(100)  # drawn is not yet on the screen: engines take a frame or more


def shares(painted: np.ndarray, expected: np.ndarray, edge: int = EDGE) -> tuple[float, float]:
    """Of what must be painted, the share that is; of what must not be, the share that is. Edges count for neither."""
    inside, outside = ~widened(~expected, edge), ~widened(expected, edge)
    return float(painted[inside].mean()) if inside.any() else 1.0, float(painted[outside].mean())


def centre(mask: np.ndarray) -> tuple[float, float]:
    """x, y of a mask's centre of gravity; pixel centres at .5."""
    y, x = np.nonzero(mask)
    return x.mean() + 0.5, y.mean() + 0.5
