"""Masks in small: the objects of an image as a transparent picture that lies over its thumbnail."""

from collections.abc import Iterable

import numpy as np

from .masks import read_counts
from .runs import Window

_FILL, _EDGE = 120, 255  # opacity
Shape = tuple[str, str, tuple[int, int, int, int]]  # counts of the RLE, #rrggbb, bbox x, y, width, height


def size_within(width: int, height: int, longest: int) -> tuple[int, int]:
    """(width, height) of a picture whose longer side is at most `longest`, of the same shape."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def small_masks(shapes: Iterable[Shape], width: int, height: int, longest: int) -> np.ndarray:
    """Objects, the lowest first, of a width x height image -> uint8 (h, w, 4), its longer side at most `longest`.

    Each small pixel is what lies under its middle. Only runs are read, and only within an object's box: no mask is made
    in full, so hundreds of objects of a large photograph take a fraction of a second."""
    sampling = Sampling(width, height, longest)
    picture = np.zeros((sampling.rows, sampling.columns, 4), np.uint8)
    for counts, color, box in shapes:
        inside, x, y = sampling.window(counts, box)
        if inside.size:
            paint(picture[y : y + len(inside), x : x + inside.shape[1]], inside, color)
    return picture


class Sampling:
    """Which pixels of a width x height image a small picture shows."""

    def __init__(self, width: int, height: int, longest: int) -> None:
        self.columns, self.rows = size_within(width, height, longest)
        self._height = height
        self._across = ((np.arange(self.columns) + 0.5) * (width / self.columns)).astype(np.int64)
        self._down = ((np.arange(self.rows) + 0.5) * (height / self.rows)).astype(np.int64)

    def window(self, counts: str, box: tuple[int, int, int, int]) -> Window:
        """A mask of the image, as small as the picture, within its box x, y, width, height."""
        x, y, wide, high = box
        left, right = (int(each) for each in np.searchsorted(self._across, [x, x + wide]))
        top, bottom = (int(each) for each in np.searchsorted(self._down, [y, y + high]))
        if left == right or top == bottom:
            return Window(np.zeros((0, 0), bool), left, top)
        ends = np.cumsum(read_counts(counts))
        # the RLE's own order: column by column
        places = self._across[left:right] * self._height + self._down[top:bottom, None]
        return Window(np.searchsorted(ends, places, side="right") % 2 == 1, left, top)


def paint(picture: np.ndarray, inside: np.ndarray, color: str) -> None:
    """Fill in uint8 (h, w, 4) what is inside, its edge stronger."""
    picture[inside, :3] = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    picture[inside, 3] = np.where(_deep(inside), _FILL, _EDGE)[inside]


def _deep(inside: np.ndarray) -> np.ndarray:
    """Where all four neighbours are inside, too."""
    framed = np.pad(inside, 1)
    sides = (framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:])
    return np.logical_and.reduce(sides)
