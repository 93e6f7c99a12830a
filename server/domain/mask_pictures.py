"""Masks in small: the objects of an image as a transparent picture that lies over its thumbnail."""

from collections.abc import Iterable

import numpy as np

from .masks import read_counts

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
    columns, rows = size_within(width, height, longest)
    picture = np.zeros((rows, columns, 4), np.uint8)
    across = ((np.arange(columns) + 0.5) * (width / columns)).astype(np.int64)
    down = ((np.arange(rows) + 0.5) * (height / rows)).astype(np.int64)
    for counts, color, (x, y, wide, high) in shapes:
        left, right = np.searchsorted(across, [x, x + wide])
        top, bottom = np.searchsorted(down, [y, y + high])
        if left == right or top == bottom:
            continue
        ends = np.cumsum(read_counts(counts))
        places = across[left:right] * height + down[top:bottom, None]  # the RLE's own order: column by column
        inside = np.searchsorted(ends, places, side="right") % 2 == 1
        part = picture[top:bottom, left:right]
        part[inside, :3] = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        part[inside, 3] = np.where(_deep(inside), _FILL, _EDGE)[inside]
    return picture


def _deep(inside: np.ndarray) -> np.ndarray:
    """Where all four neighbours are inside, too."""
    framed = np.pad(inside, 1)
    sides = (framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:])
    return np.logical_and.reduce(sides)
