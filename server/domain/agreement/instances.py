"""What somebody drew, and how much of it two people have in common."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from pycocotools import mask as coco

from ...errors import TooComplex
from ..runs import Window

_AT_ONCE = 8  # pairs: nothing else runs meanwhile, and one of masks full of holes takes 20 ms
_MOST_BYTES = 2_000_000_000  # of RLE, read once for each pair: about a minute


class Instance(NamedTuple):
    """An object that somebody drew: `counts` of its RLE, `box` x, y, width, height around its pixels, `area` their
    number."""

    id: str
    label: str
    counts: str
    box: tuple[int, int, int, int]
    area: int


class Overlap(NamedTuple):
    """The first one's object with this index, the second one's, and their mask IoU."""

    first: int
    second: int
    iou: float


def overlaps(
    first: Sequence[Instance], second: Sequence[Instance], width: int, height: int, least: float
) -> Iterator[Overlap]:
    """The pairs that have pixels in common and may have an IoU of at least `least`: their runs are compared only where
    their boxes and areas allow it. Raises TooComplex."""
    if not first or not second:
        return
    theirs = [_rle(each, width, height) for each in second]
    likely = _likely(first, second, least)
    for number, (one, near) in enumerate(zip(first, likely, strict=True)):
        for start in range(0, len(near), _AT_ONCE):
            some = near[start : start + _AT_ONCE]
            ious = coco.iou([_rle(one, width, height)], [theirs[each] for each in some], [0] * len(some))[0]
            for each in np.flatnonzero(ious):
                yield Overlap(number, int(some[each]), float(ious[each]))


def window_iou(first: Window, second: Window) -> float:
    """IoU of two masks in their windows; 1 where both are empty."""
    common = shared(first, second)
    either = int(np.count_nonzero(first.mask)) + int(np.count_nonzero(second.mask)) - common
    return common / either if either else 1.0


def shared(first: Window, second: Window) -> int:
    """Pixels that are in both."""
    left, top = max(first.x, second.x), max(first.y, second.y)
    right = min(first.x + first.mask.shape[1], second.x + second.mask.shape[1])
    bottom = min(first.y + first.mask.shape[0], second.y + second.mask.shape[0])
    if right <= left or bottom <= top:
        return 0
    parts = (
        each.mask[top - each.y : bottom - each.y, left - each.x : right - each.x] for each in (first, second)
    )
    return int(np.count_nonzero(np.logical_and(*parts)))


def _likely(first: Sequence[Instance], second: Sequence[Instance], least: float) -> list[np.ndarray]:
    """Of each of the first, the indices of the second ones with which it may have an IoU of at least `least`."""
    boxes, areas = np.array([each.box for each in second]), np.array([each.area for each in second])
    sizes = np.array([len(each.counts) for each in second])
    left, top = boxes[:, 0], boxes[:, 1]
    right, bottom = left + boxes[:, 2], top + boxes[:, 3]
    found, read = [], 0
    for one in first:
        x, y, wide, high = one.box
        across = np.minimum(right, x + wide) - np.maximum(left, x)
        down = np.minimum(bottom, y + high) - np.maximum(top, y)
        common = np.minimum(across.clip(0) * down.clip(0), np.minimum(areas, one.area))
        near = np.flatnonzero((common > 0) & (common >= least * (areas + one.area - common)))
        read += int(sizes[near].sum()) + len(near) * len(one.counts)
        if read > _MOST_BYTES:
            raise TooComplex()
        found.append(near)
    return found


def _rle(instance: Instance, width: int, height: int) -> Any:
    return {"size": [height, width], "counts": instance.counts.encode("ascii")}
