"""The windows of a large image: parts of it that are encoded on their own, so that small things in it are seen.

They are a fixed pyramid, the same for everybody, so that what was encoded is shared. On level k a window is a square
whose side is the image's longer side / 2^k, or as much of it as the image has; windows of a level lie a third of a
side apart at most and reach from edge to edge. A level whose windows are smaller than `SMALLEST_SIDE` is left out: the
encoder would see fewer pixels than it has places for. A window is known by its level, column and row, as "2-0-3".

Rectangles are x0, y0, x1, y1 in the image frame. Mirrored by static/js/geometry/windows.js.
"""

import re
from dataclasses import dataclass
from math import floor

from ..errors import WindowNotFound
from .types import Box

SMALLEST_SIDE = 768
PER_SIDE = 3  # windows that begin within the length of one
AROUND = 1.5  # times what is looked at, a window is at least as wide
MARGIN = 1 / 16  # of its side, that must be free around a prompt, but not at the image's edge
KEY = re.compile("[1-9]-[0-9]{1,4}-[0-9]{1,4}")


@dataclass(frozen=True)
class Window:
    """A part of an image, in whole pixels of the image frame."""

    key: str
    x: int
    y: int
    width: int
    height: int

    @property
    def bbox(self) -> tuple[int, int, int, int]:
        """x, y, width, height."""
        return self.x, self.y, self.width, self.height


def side_of(level: int, width: int, height: int) -> int:
    """Of the square whose part in the image of width x height a window is."""
    return -(-max(width, height) >> level)


def levels(width: int, height: int) -> int:
    """How many levels an image has; the last has the smallest windows."""
    level = 0
    while side_of(level + 1, width, height) >= SMALLEST_SIDE:
        level += 1
    return level


def find_window(key: str, width: int, height: int) -> Window:
    """The window of this key in an image of width x height. Raises WindowNotFound."""
    if not KEY.fullmatch(key):
        raise WindowNotFound(key)
    level, column, row = map(int, key.split("-"))
    side = side_of(level, width, height)
    across, down = _count(width, side), _count(height, side)
    canonical = key == f"{level}-{column}-{row}"
    if not canonical or level > levels(width, height) or column >= across or row >= down:
        raise WindowNotFound(key)
    return _window(level, column, row, width, height)


def window_of_view(view: Box, width: int, height: int) -> Window | None:
    """The window to look through while this part of the image is in view; None while a third of it or more is."""
    part = _within(view, width, height)
    for level in range(levels(width, height), 0, -1):
        if _is_wide_enough(part, side_of(level, width, height)):
            return _nearest(part, level, width, height)
    return None


def window_of_prompt(extent: Box, width: int, height: int) -> Window | None:
    """The smallest window with room around what a prompt is about; None: only the whole image has it."""
    part = _within(extent, width, height)
    for level in range(levels(width, height), 0, -1):
        window = _nearest(part, level, width, height)
        if _is_wide_enough(part, side_of(level, width, height)) and holds(window, part, width, height):
            return window
    return None


def holds(window: Window, extent: Box, width: int, height: int) -> bool:
    """Whether all of a prompt lies in the window and not at its very edge, unless the image ends there too."""
    free = MARGIN * max(window.width, window.height)
    x0, y0, x1, y1 = extent
    return (
        (x0 >= window.x + free or window.x == 0)
        and (y0 >= window.y + free or window.y == 0)
        and (x1 <= window.x + window.width - free or window.x + window.width == width)
        and (y1 <= window.y + window.height - free or window.y + window.height == height)
    )


def _within(rect: Box, width: int, height: int) -> Box:
    x0, y0, x1, y1 = rect
    return (
        min(max(x0, 0.0), float(width)),
        min(max(y0, 0.0), float(height)),
        min(max(x1, 0.0), float(width)),
        min(max(y1, 0.0), float(height)),
    )


def _is_wide_enough(part: Box, side: int) -> bool:
    x0, y0, x1, y1 = part
    return AROUND * max(x1 - x0, y1 - y0) <= side


def _count(length: int, side: int) -> int:
    """How many windows stand along an image's side of this length."""
    return 1 if side >= length else -(-(length - side) * PER_SIDE // side) + 1


def _nearest(part: Box, level: int, width: int, height: int) -> Window:
    """The window of the level whose centre is nearest to the part's."""
    side = side_of(level, width, height)

    def index(centre: float, length: int) -> int:
        last = _count(length, side) - 1
        if last == 0:
            return 0
        place = floor((centre - side / 2) * last / (length - side) + 0.5)
        return min(max(place, 0), last)

    x0, y0, x1, y1 = part
    return _window(level, index((x0 + x1) / 2, width), index((y0 + y1) / 2, height), width, height)


def _window(level: int, column: int, row: int, width: int, height: int) -> Window:
    side = side_of(level, width, height)

    def start(index: int, length: int) -> int:
        last = _count(length, side) - 1
        return index * (length - side) // last if last else 0

    return Window(
        f"{level}-{column}-{row}",
        start(column, width),
        start(row, height),
        min(side, width),
        min(side, height),
    )
