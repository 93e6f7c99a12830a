"""Where two people differ, as a transparent picture that lies over an image."""

from collections.abc import Iterable

import numpy as np

from ..mask_pictures import Sampling, paint
from ..runs import Window
from .comparing import Match
from .instances import Instance

FIRST_ONLY, SECOND_ONLY = "#0072b2", "#e69f00"  # colours that people with any colour vision tell apart
BOTH, OTHER_LABEL = "#9aa5a0", "#cc79a7"


def differences(
    first: Iterable[Instance],
    second: Iterable[Instance],
    matches: Iterable[Match],
    width: int,
    height: int,
    longest: int,
) -> np.ndarray:
    """uint8 (h, w, 4), its longer side at most `longest`. What both have of an object lies below, above it what
    only the first or only the second one has, of matches and of objects that match none."""
    matches = list(matches)
    sampling = Sampling(width, height, longest)
    picture = np.zeros((sampling.rows, sampling.columns, 4), np.uint8)
    alone: list[tuple[Window, str]] = []
    known: set[tuple[int, str]] = set()
    for match in matches:
        known |= {(0, match.first.id), (1, match.second.id)}
        one, other = (sampling.window(each.counts, each.box) for each in (match.first, match.second))
        label = BOTH if match.first.label == match.second.label else OTHER_LABEL
        _paint(picture, _within(one, other), label)
        alone += [(_without(one, other), FIRST_ONLY), (_without(other, one), SECOND_ONLY)]
    for number, (instances, color) in enumerate(((first, FIRST_ONLY), (second, SECOND_ONLY))):
        alone += [
            (sampling.window(each.counts, each.box), color)
            for each in instances
            if (number, each.id) not in known
        ]
    for window, color in alone:
        _paint(picture, window, color)
    return picture


def _paint(picture: np.ndarray, window: Window, color: str) -> None:
    mask, x, y = window
    if mask.any():
        paint(picture[y : y + len(mask), x : x + mask.shape[1]], mask, color)


def _within(one: Window, other: Window) -> Window:
    return Window(one.mask & _placed(other, one), one.x, one.y)


def _without(one: Window, other: Window) -> Window:
    return Window(one.mask & ~_placed(other, one), one.x, one.y)


def _placed(window: Window, frame: Window) -> np.ndarray:
    """What the frame shows of a mask."""
    shown = np.zeros(frame.mask.shape, bool)
    x, y = window.x - frame.x, window.y - frame.y
    rows, columns = window.mask.shape
    top, left = max(y, 0), max(x, 0)
    part = shown[top : max(y + rows, 0), left : max(x + columns, 0)]
    part[:] = window.mask[top - y : top - y + len(part), left - x : left - x + part.shape[1]]
    return shown
