"""Closed rings and what they cover: filling, measuring, joining. A ring is (n, 2) float64, x and y of the image frame.

A pixel is inside when its centre is. The rule for several rings is said at each call:

even-odd   inside an odd number of them: how outlines of `outlines` and polygons with holes are meant
union      inside at least one: how COCO means the polygons of one annotation, each of them even-odd in itself
"""

from collections.abc import Sequence

import numpy as np

from .runs import Window, union

Ring = np.ndarray
_EDGE_ROWS_AT_ONCE = 4_000_000


def fill(rings: Sequence[Ring], clip_to: tuple[int, int] | None = None) -> Window:
    """The pixels inside an odd number of the rings; clip_to: (width, height) of the image, beyond which is nothing.

    A centre on an edge counts as inside of left and top edges only, so that rings that share an edge share no pixel.
    """
    rings = [ring for ring in rings if len(ring) >= 3]
    if not rings:
        return Window(np.zeros((0, 0), bool), 0, 0)
    low = np.floor(np.min([ring.min(axis=0) for ring in rings], axis=0))
    high = np.ceil(np.max([ring.max(axis=0) for ring in rings], axis=0))
    if clip_to is not None:
        low, high = np.clip(low, 0, clip_to), np.clip(high, 0, clip_to)
    (left, top), (right, bottom) = low.astype(np.int64).tolist(), high.astype(np.int64).tolist()
    rows, columns = bottom - top, right - left
    if rows <= 0 or columns <= 0:
        return Window(np.zeros((0, 0), bool), 0, 0)
    change = np.zeros((rows, columns + 1), bool)
    start = np.concatenate(rings) - (left, top)
    stop = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings]) - (left, top)
    _toggle(change, start, stop)
    mask = np.logical_xor.accumulate(change[:, :-1], axis=1)
    return Window(mask, left, top)


def fill_union(rings: Sequence[Ring], clip_to: tuple[int, int] | None = None) -> Window:
    """The pixels inside any of the rings, each even-odd in itself."""
    return union([fill([ring], clip_to) for ring in rings]) if len(rings) else fill([])


def rectangle(left: float, top: float, right: float, bottom: float) -> Ring:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def signed_area(ring: Ring) -> float:
    """Square pixels, positive for a ring that goes clockwise as one sees it (y points down)."""
    x, y = ring[:, 0], ring[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2


def contains(ring: Ring, x: float, y: float) -> bool:
    """Whether a point lies inside, even-odd."""
    start, stop = ring, np.roll(ring, -1, axis=0)
    crosses = (start[:, 1] <= y) != (stop[:, 1] <= y)
    start, stop = start[crosses], stop[crosses]
    at = start[:, 0] + (y - start[:, 1]) * (stop[:, 0] - start[:, 0]) / (stop[:, 1] - start[:, 1])
    return bool(np.count_nonzero(at <= x) % 2)


def join(rings: Sequence[Ring]) -> Ring:
    """One ring that covers, by the even-odd rule, what several do: each is joined to the next by a line there and back.

    The line has no width, so it covers no pixel; programs that also paint outlines paint it. Rings are joined at
    corners that lie near each other.
    """
    joined, *rest = rings
    for ring in rest:
        here, there = _near_corners(joined, ring)
        turned = np.roll(ring, -there, axis=0)
        joined = np.concatenate([joined[: here + 1], turned, turned[:1], joined[here:]])
    return joined


def _near_corners(one: Ring, other: Ring) -> tuple[int, int]:
    """Indices of a corner of each, the nearest to each other of up to a thousand of either."""
    steps = [max(1, len(ring) // 1000) for ring in (one, other)]
    a, b = one[:: steps[0]], other[:: steps[1]]
    distance = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    here, there = np.unravel_index(int(np.argmin(distance)), distance.shape)
    return int(here) * steps[0], int(there) * steps[1]


def _toggle(change: np.ndarray, start: np.ndarray, stop: np.ndarray) -> None:
    """Flips, in every row, the first pixel whose centre lies at or behind each edge that crosses the row's centres."""
    rows, columns = change.shape
    first = np.clip(np.ceil(np.minimum(start[:, 1], stop[:, 1]) - 0.5), 0, rows).astype(np.int64)
    last = np.clip(np.ceil(np.maximum(start[:, 1], stop[:, 1]) - 0.5), 0, rows).astype(np.int64)
    used = np.flatnonzero(last > first)
    counts = (last - first)[used]
    parity = np.zeros(change.size, bool)
    for chunk in np.split(used, np.flatnonzero(np.diff(np.cumsum(counts) // _EDGE_ROWS_AT_ONCE)) + 1):
        spans = (last - first)[chunk]
        edge = np.repeat(chunk, spans)
        row = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(spans) - spans, spans)
        slope = (stop[edge, 0] - start[edge, 0]) / (stop[edge, 1] - start[edge, 1])
        x = start[edge, 0] + (row + 0.5 - start[edge, 1]) * slope
        column = np.clip(np.ceil(x - 0.5), 0, columns - 1).astype(np.int64)
        places, times = np.unique(row * columns + column, return_counts=True)
        parity[places] ^= times % 2 == 1
    change ^= parity.reshape(change.shape)
