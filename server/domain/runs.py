"""Run-length encodings without the rest of the picture: an object's own pixels, as small as its box.

COCO's runs go down the columns of the image, the first of zeros. Here a mask is read into, and written from, a window:
`mask` bool (h, w) whose top left pixel is (x, y) of the image frame.
"""

from typing import Any, NamedTuple

import numpy as np
from pycocotools import mask as coco

from .masks import read_counts


class Window(NamedTuple):
    """A part of an image: `mask` bool (h, w) with its top left pixel at (x, y)."""

    mask: np.ndarray
    x: int
    y: int


def read_window(counts: str, width: int, height: int) -> Window:
    """The mask within its own box, of sound counts (see `masks.check_rle`); (0, 0) in size when it is empty."""
    ends = np.cumsum(read_counts(counts))
    return _window(ends[:-1][0::2], ends[1::2], height)  # where runs of ones begin, and the pixel after each


def window_of_runs(runs: np.ndarray, width: int, height: int) -> Window:
    """The same of uncompressed runs (n,) that add up to width x height."""
    ends = np.cumsum(runs)
    return _window(ends[:-1][0::2], ends[1::2], height)


def write_window(window: Window, width: int, height: int) -> str:
    """Compressed counts of a mask; what lies outside the image of width x height is left out."""
    mask, x, y = clip(window, width, height)
    rows, columns = mask.shape
    flat = np.zeros((columns, rows + 1), np.int8)  # a zero row ends each column's last run
    flat[:, :rows] = mask.T
    change = np.diff(flat.reshape(-1), prepend=0)
    begin, end = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    if not len(begin):
        return compress(np.array([width * height]), width, height)

    def in_image(place: np.ndarray) -> np.ndarray:
        column, row = np.divmod(place, rows + 1)
        return (x + column) * height + y + row

    bounds = np.stack([in_image(begin), in_image(end)], axis=1).reshape(-1)
    runs = np.diff(bounds, prepend=0, append=width * height)
    return compress(_without_gaps(runs if runs[-1] else runs[:-1]), width, height)


def compress(runs: np.ndarray, width: int, height: int) -> str:
    """COCO's string of runs that add up to width x height."""
    rle: Any = {"size": [height, width], "counts": runs.tolist()}
    return coco.frPyObjects(rle, height, width)["counts"].decode("ascii")  # type: ignore[index]


def clip(window: Window, width: int, height: int) -> Window:
    """The part that lies within the image."""
    mask, x, y = window
    rows, columns = mask.shape
    left, top = min(max(x, 0), width), min(max(y, 0), height)
    right, bottom = min(max(x + columns, left), width), min(max(y + rows, top), height)
    inside = mask[max(top - y, 0) : max(bottom - y, 0), max(left - x, 0) : max(right - x, 0)]
    return Window(inside, left, top)


def tight(window: Window) -> Window:
    """The same pixels in the smallest window; (0, 0) in size at (0, 0) when there are none."""
    rows, columns = (np.flatnonzero(window.mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return Window(np.zeros((0, 0), bool), 0, 0)
    inside = window.mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Window(inside, window.x + int(columns[0]), window.y + int(rows[0]))


def union(windows: list[Window]) -> Window:
    """All pixels of one or several windows."""
    if len(windows) == 1:
        return windows[0]
    windows = [one for one in windows if one.mask.size] or windows[:1]
    x, y = min(one.x for one in windows), min(one.y for one in windows)
    right = max(one.x + one.mask.shape[1] for one in windows)
    bottom = max(one.y + one.mask.shape[0] for one in windows)
    mask = np.zeros((bottom - y, right - x), bool)
    for one in windows:
        rows, columns = one.mask.shape
        mask[one.y - y : one.y - y + rows, one.x - x : one.x - x + columns] |= one.mask
    return Window(mask, x, y)


def _without_gaps(runs: np.ndarray) -> np.ndarray:
    """Runs of ones that touch, at the bottom of one column and the top of the next, become one."""
    touching = np.flatnonzero(runs[2::2] == 0) * 2 + 2  # a run of no zeros, between two of ones
    ends = np.cumsum(runs)
    gone = np.concatenate([touching - 1, touching])
    return np.diff(np.delete(ends, gone), prepend=0)


def _window(begin: np.ndarray, end: np.ndarray, height: int) -> Window:
    some = end > begin[: len(end)]
    begin, end = begin[: len(end)][some], end[some]
    if not len(begin):
        return Window(np.zeros((0, 0), bool), 0, 0)
    left, right = int(begin[0]) // height, int(end[-1] - 1) // height
    top_rows, bottom_rows = begin % height, (end - 1) % height
    if (
        begin // height != (end - 1) // height
    ).any():  # a run goes on in the next column: all rows are needed
        top, bottom = 0, height - 1
    else:
        top, bottom = int(top_rows.min()), int(bottom_rows.max())
    rows, columns = bottom - top + 1, right - left + 1

    def in_window(place: np.ndarray) -> np.ndarray:
        column, row = np.divmod(place, height)
        return (column - left) * rows + row - top

    change = np.zeros(rows * columns + 1, np.int8)
    change[in_window(begin)] = 1
    change[in_window(end - 1) + 1] -= 1
    mask = np.cumsum(change[:-1], dtype=np.int8).astype(bool).reshape(columns, rows).T
    return Window(mask, left, top)
