"""From a mask to its outline: closed rings along the edges of its pixels, exactly, or with fewer corners.

Coordinates are the image frame's: a pixel covers [x, x + 1) x [y, y + 1), so corners of the exact outline are whole
numbers. Rings of one object are to be filled by the even-odd rule (`rings.fill`), which is how its holes stay open.
Pixels that touch at a corner only are of two parts, so that a ring never crosses itself.
"""

from dataclasses import dataclass

import numpy as np

from . import rings as ring_rules
from .rings import Ring
from .runs import Window, tight

LEAN_TOLERANCE = 0.3
"""Pixels. The contour through the middles of pixel edges keeps 0.353 (half the diagonal of half a pixel) from every
pixel's centre, so what stays within 0.3 of it has the same centres inside."""
_MOST_LEAN_RINGS = 2000


@dataclass(frozen=True)
class Part:
    """One connected piece: its outer ring, clockwise as one sees it, and its holes, the other way round."""

    outer: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        return (self.outer, *self.holes)


def outline(window: Window) -> list[Part]:
    """Every part with its holes, exact: filled again they are the same pixels. Largest part first; [] for no pixel."""
    return _parts(_cracks(window))


def lean_outline(window: Window) -> list[Part]:
    """The same pixels by fewer, smoother corners, which lie off the pixel grid.

    A mask of very many pieces stays as it is.
    """
    exact = outline(window)
    if sum(len(part.rings) for part in exact) > _MOST_LEAN_RINGS:
        return exact
    lean = ([simplify(_middles(ring), LEAN_TOLERANCE) for ring in part.rings] for part in exact)
    return [Part(outer, tuple(holes)) for outer, *holes in lean]


def simplified_outline(window: Window, tolerance: float) -> tuple[list[Part], float]:
    """An outline within `tolerance` pixels of that through the middles of the pixels' edges, and the IoU of what it
    fills with the mask. Up to LEAN_TOLERANCE it is 1.

    Parts and holes that shrink to nothing are left out, the largest part never is.
    """
    parts = []
    for part in outline(window):
        outer = simplify(_middles(part.outer), tolerance)
        if len(outer) >= 3:
            holes = (simplify(_middles(hole), tolerance) for hole in part.holes)
            parts.append(Part(outer, tuple(hole for hole in holes if len(hole) >= 3)))
        elif not parts:
            parts.append(part)
    filled = ring_rules.fill([ring for part in parts for ring in part.rings])
    return parts, iou(filled, window)


def iou(one: Window, other: Window) -> float:
    """Common pixels / pixels of either; 1 when both are empty."""
    both = either = 0
    one, other = tight(one), tight(other)
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.mask.shape[1], other.x + other.mask.shape[1])
    bottom = min(one.y + one.mask.shape[0], other.y + other.mask.shape[0])
    if right > left and bottom > top:
        a, b = (
            each.mask[top - each.y : bottom - each.y, left - each.x : right - each.x] for each in (one, other)
        )
        both = int(np.count_nonzero(a & b))
    either = int(np.count_nonzero(one.mask)) + int(np.count_nonzero(other.mask)) - both
    return both / either if either else 1.0


def simplify(ring: Ring, tolerance: float) -> Ring:
    """Douglas and Peucker (1973) on a closed ring (n, 2): no corner left out is further than `tolerance` from it."""
    if len(ring) <= 3:
        return ring
    first = int(np.argmin(ring[:, 0] + ring[:, 1]))  # an extreme corner stays
    ring = np.roll(ring, -first, axis=0)
    closed = np.concatenate([ring, ring[:1]])
    keep = np.zeros(len(closed), bool)
    keep[[0, int(np.argmax(((ring - ring[0]) ** 2).sum(axis=1))), -1]] = True
    inner = np.flatnonzero(~keep)  # corners that may still be needed
    while len(inner):  # every span between two kept corners at once
        anchors = keep.nonzero()[0]
        span = anchors.searchsorted(inner) - 1
        distance = _squares_to_segment(closed[inner], closed[anchors[span]], closed[anchors[span + 1]])
        begins = _begins(span)
        worst = np.maximum.reduceat(distance, begins.nonzero()[0])[begins.cumsum() - 1]
        still = worst > tolerance * tolerance
        farthest = ((distance == worst) & still).nonzero()[0]
        farthest = farthest[_begins(span[farthest])]  # one of each span
        keep[inner[farthest]] = True
        still[farthest] = False
        inner = inner[still]
    return closed[:-1][keep[:-1]]


def _begins(groups: np.ndarray) -> np.ndarray:
    """Whether each of some numbers, in groups of equal ones, is its group's first."""
    begins = np.ones(len(groups), bool)
    begins[1:] = groups[1:] != groups[:-1]
    return begins


def _squares_to_segment(points: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Squared distances (n,) of points (n, 2) to a segment each: sums and products, alike in every language."""
    along, offset = stop - start, points - start
    length = np.maximum((along * along).sum(axis=1), 1e-12)
    place = np.clip((offset * along).sum(axis=1) / length, 0, 1)
    rest = offset - place[:, None] * along
    return (rest * rest).sum(axis=1)


def _middles(ring: Ring) -> Ring:
    """The ring through the middle of every pixel edge along an exact one, its corners only."""
    steps = np.roll(ring, -1, axis=0) - ring
    lengths = np.abs(steps).sum(axis=1).astype(np.int64)
    side = np.repeat(np.arange(len(ring)), lengths)
    place = np.arange(len(side)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 0.5
    middles = ring[side] + place[:, None] * np.sign(steps)[side]
    before, after = middles - np.roll(middles, 1, axis=0), np.roll(middles, -1, axis=0) - middles
    return middles[
        before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    ]  # not those within a straight line


def _cracks(window: Window) -> list[Ring]:
    """Rings along the edges between pixels inside and outside, foreground to the right of the way.

    A corner is where a row's edge ends; along each row of the grid, and each column, corners come in pairs that an
    edge joins. Following the two pairings in turn gives the rings.
    """
    mask = np.pad(window.mask, 1)
    nw, ne = mask[:-1, :-1], mask[:-1, 1:]
    sw, se = mask[1:, :-1], mask[1:, 1:]
    crossing = (nw == se) & (ne == sw) & (nw != ne)
    single = nw ^ ne ^ sw ^ se
    y, x = np.nonzero(single)
    crossing_y, crossing_x = np.nonzero(crossing)
    falling = nw[crossing_y, crossing_x]  # its two pixels lie north-west and south-east
    zero, one = np.zeros_like(crossing_y), np.ones_like(crossing_y)
    # A crossing is two corners: 0 ends the edge from the west, 1 begins the one to the east.
    y = np.concatenate([y, crossing_y, crossing_y])
    x = np.concatenate([x, crossing_x, crossing_x])
    across = np.concatenate([np.zeros(len(y) - 2 * len(zero), np.int64), zero, one])
    # The corner of a north-west pixel joins west and north; of a north-east one, north and east.
    down = np.concatenate([np.zeros(len(y) - 2 * len(zero), np.int64), ~falling * 1, falling * 1])
    return _follow(
        _partners(np.lexsort((across, x, y))), _partners(np.lexsort((down, y, x))), x, y, nw, window
    )


def _partners(order: np.ndarray) -> np.ndarray:
    """Corners sorted along their lines -> of each, the one at the other end of its edge."""
    partner = np.empty(len(order), np.int64)
    partner[order[0::2]], partner[order[1::2]] = order[1::2], order[0::2]
    return partner


def _follow(
    across: np.ndarray, down: np.ndarray, x: np.ndarray, y: np.ndarray, nw: np.ndarray, window: Window
) -> list[Ring]:
    """The rings, in the image frame. Each begins with an edge across, walked with the foreground to its right."""
    corners = np.stack([x + window.x, y + window.y], axis=1).astype(np.float64)
    # Below an edge walked eastwards lies the foreground: y of `nw` is the row above the corner's line.
    eastwards = x[across] > x
    west = np.minimum(x, x[across])
    foreground_below = ~nw[y, np.minimum(west + 1, nw.shape[1] - 1)]
    starts = np.flatnonzero(eastwards == foreground_below).tolist()
    across_of, down_of = across.tolist(), down.tolist()
    done = bytearray(len(x))
    found = []
    for start in starts:
        if done[start]:
            continue
        ring = []
        corner = start
        while not done[corner]:
            done[corner] = 1
            ring.append(corner)
            corner = across_of[corner]
            done[corner] = 1
            ring.append(corner)
            corner = down_of[corner]
        found.append(corners[ring])
    return found


def _parts(found: list[Ring]) -> list[Part]:
    """Outer rings with the holes that lie in them."""
    areas = [ring_rules.signed_area(ring) for ring in found]
    outers = sorted((k for k, area in enumerate(areas) if area > 0), key=lambda k: (-areas[k], k))
    holes: dict[int, list[Ring]] = {k: [] for k in outers}
    if len(outers) < len(found):
        part_of = {k: k for k in outers}
        for hole, left in _ring_to_the_left(found, [k for k, area in enumerate(areas) if area < 0]):
            part_of[hole] = part_of[left]
            holes[part_of[hole]].append(found[hole])
    return [Part(found[k], tuple(holes[k])) for k in outers]


def _ring_to_the_left(found: list[Ring], holes: list[int]) -> list[tuple[int, int]]:
    """Of each hole, the ring at the other end of the row of foreground that ends at the hole's leftmost edge.

    That is its part's outer ring or a hole further left, so the answer comes in an order in which it can be followed.
    """
    lengths = [len(ring) // 2 for ring in found]
    upright = np.concatenate([np.roll(ring, -1, axis=0).reshape(-1, 4) for ring in found]).astype(np.int64)
    x, y, y_end = (
        upright[:, 0],
        upright[:, 1],
        upright[:, 3],
    )  # a ring's second edge, and every other, goes down or up
    top, rows = np.minimum(y, y_end), np.abs(y_end - y)
    edge = np.repeat(np.arange(len(x)), rows)
    row = top[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(rows) - rows, rows)
    order = np.lexsort((x[edge], row))
    ring_of = np.repeat(np.arange(len(found)), lengths)[edge]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    by_x = np.lexsort((ring_of, x[edge]))
    _, leftmost = np.unique(ring_of[by_x], return_index=True)  # of each ring, one of its leftmost edges
    leftmost = by_x[leftmost]
    ordered = sorted(holes, key=lambda hole: int(x[edge[leftmost[hole]]]))
    return [(hole, int(ring_of[order[place[leftmost[hole]] - 1]])) for hole in ordered]
