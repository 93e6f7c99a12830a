"""Specks and holes of a mask."""

from ..domain.outlines import outline
from ..domain.rings import fill, signed_area
from ..domain.runs import Window


def without_small_regions(window: Window, least_area: int) -> Window:
    """Without holes, then without parts, of fewer pixels than least_area; the largest part stays in any case.

    Parts and holes are the outline's: pixels that touch at a corner only are apart, unlike in the reference, where
    holes are connected over corners too.
    """
    parts = outline(window)
    if not parts:
        return window
    rings = []
    for part in parts:
        holes = [hole for hole in part.holes if abs(signed_area(hole)) >= least_area]
        if part is parts[0] or signed_area(part.outer) >= least_area:
            rings += [part.outer, *holes]
    return fill(rings)
