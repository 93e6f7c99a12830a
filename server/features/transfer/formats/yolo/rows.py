"""What the numbers of a YOLO row are: decided for a dataset, by its `data.yaml` and by what its rows have in common.

Behind the class stands a box (x y w h), an outline (x y of each corner, as of an oriented box) or a box with
key points; behind that may stand a confidence, a tracker's id, or both, as ultralytics' `save_txt` writes them.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..source import Unreadable

TASKS = ("detect", "segment", "pose", "obb")  # as ultralytics calls them
_BOX = 4
_INSIDE = 0.02  # of a side: as far as a key point may stand out of its box
_MOST_CORNERS = 200  # of an outline that is searched for crossings


class Row(NamedTuple):
    """`body`: the four numbers of a box, or x and y of each corner in turn. `left_out`: "" or what was not read."""

    body: list[float]
    confidence: float | None = None
    track_id: int | None = None
    left_out: str = ""


@dataclass
class RowKinds:
    """`keypoints`, as (how many, numbers each), and `task` are what data.yaml says. `see` all, then `read` each."""

    keypoints: tuple[int, int] | None = None
    task: str | None = None
    _lengths: Counter[int] = field(default_factory=Counter)
    _odd_fractions: int = 0  # rows of odd length that end with a part of 1
    _odd_large: int = 0  # that end with a whole number above 1
    _even_tails: int = 0  # rows of even length that may end with a confidence and an id
    _even_large: int = 0  # whose id is above 1, as no coordinate is
    _flags: int = 0  # rows that are a box and points, each with a visibility of 0, 1 or 2
    _flags_of_two: int = 0
    _tangled: int = 0  # rows that are a box and points in it, and that as an outline cross themselves

    def see(self, values: list[float]) -> None:
        length = len(values)
        self._lengths[length] += 1
        if length % 2 and length > _BOX:
            whole = values[-1].is_integer()
            self._odd_fractions += not whole and 0 < values[-1] < 1
            self._odd_large += whole and values[-1] > 1
        elif length >= 6:
            tail = _ends_with_id(values)
            self._even_tails += tail
            self._even_large += tail and values[-1] > 1
        if self.task or self.keypoints or len(self._lengths) > 1:
            return  # only rows of one length may be key points that nothing tells of
        self._tangled += length > 8 and length % 2 == 0 and _like_pose(values)
        if length > 6 and (length - _BOX) % 3 == 0 and _is_box(values):
            visible = set(values[6::3])
            self._flags += visible <= {0, 1, 2}
            self._flags_of_two += 2 in visible and visible <= {0, 1, 2}

    def read(self, values: list[float]) -> Row:
        """Raises Unreadable for a row of the wrong length, and where it is not clear what the rows are."""
        if self.keypoints or self.task == "pose" or self._have_flags():
            return self._pose(values)
        if len(values) < _BOX or (self.task == "obb" and len(values) < 8):
            raise Unreadable(f"{len(values) + 1} numbers", _EXPECTED)
        if self.task == "detect":
            return self._tailed(values, _BOX)
        if self._like_keypoints(len(values)):
            raise Unreadable(
                f"{len(values)} numbers that are a box with key points, or an outline that crosses itself",
                "`kpt_shape` or `task: segment` in data.yaml, to tell which",
            )
        if len(values) == 6 and not self.task and self._unclear_sixes(values):
            raise Unreadable(
                "six numbers that are a triangle, or a box with a confidence and a tracker's id",
                "`task: segment` or `task: detect` in data.yaml, to tell which",
            )
        tail = len(values) % 2 or (2 if self._end_with_ids() else 0)
        return self._tailed(values, max(_BOX, len(values) - tail))

    def _tailed(self, values: list[float], length: int) -> Row:
        body, tail = values[:length], values[length:]
        if len(tail) > 2 or len(body) < _BOX:
            raise Unreadable(f"{len(values) + 1} numbers", _EXPECTED)
        if len(tail) == 2:
            return Row(body, _confidence(tail[0]), _id(tail[1]))
        if not tail:
            return Row(body)
        if self._odd_fractions:
            return Row(body, confidence=_confidence(tail[0]))
        if self._odd_large:
            return Row(body, track_id=_id(tail[0]))
        _confidence(tail[0])
        return Row(body, left_out="a last number that is a confidence or a tracker's id")

    def _pose(self, values: list[float]) -> Row:
        """The box; the key points are left out."""
        body, behind = values[:_BOX], len(values) - _BOX
        count, each = self.keypoints or (behind // 3, 3)
        if len(body) < _BOX:
            raise Unreadable(f"{len(values) + 1} numbers", _EXPECTED)
        for tail in range(3 if self.keypoints else 1):
            if behind - tail in (count * each, count * 3):  # predictions always have three numbers each
                row = Row(body, left_out=f"{count} key points")
                end = values[len(values) - tail :]
                if tail == 2 or (tail and end[0] > 1):
                    row = row._replace(track_id=_id(end[-1]))
                return row._replace(confidence=_confidence(end[0])) if tail and end[0] <= 1 else row
        if not behind:
            return Row(body)
        expected = f"{1 + _BOX + count * each}: class, box and {count} key points, as kpt_shape says"
        raise Unreadable(f"{len(values) + 1} numbers", expected)

    def _have_flags(self) -> bool:
        """Whether all rows are boxes with key points whose visibilities are told."""
        alone = len(self._lengths) == 1 and self._flags == self._lengths.total() > 0
        return alone and not self.task and (self._flags_of_two > 0 or min(self._lengths) >= _BOX + 9)

    def _like_keypoints(self, length: int) -> bool:
        alone = len(self._lengths) == 1 and not self.task
        total = self._lengths[length]
        few_flags = self._flags == total and length in (7, 10)
        return alone and (few_flags or (length % 2 == 0 and 2 * self._tangled > total))

    def _end_with_ids(self) -> bool:
        """Whether all rows of even length that are no boxes end with a confidence and an id."""
        longer = sum(count for length, count in self._lengths.items() if length >= 6 and length % 2 == 0)
        among_boxes = (
            self._lengths[5] > 0 and longer == self._lengths[6]
        )  # with a confidence, and not yet an id
        return self._even_tails == longer and (self._even_large > 0 or among_boxes)

    def _unclear_sixes(self, values: list[float]) -> bool:
        """Whether ids, if they are, are all 0 or 1, as coordinates may be."""
        sixes = self._lengths[6]
        alone = set(self._lengths) <= {4, 6}
        return alone and self._even_tails == sixes and not self._even_large and _is_box(values)


_EXPECTED = "a class and at least three corners, or a class and a box"


def _is_box(values: list[float]) -> bool:
    """Whether the first four numbers are a middle and sides within the picture."""
    x, y, width, height = values[:_BOX]
    within = (
        min(x - width / 2, y - height / 2) > -_INSIDE and max(x + width / 2, y + height / 2) < 1 + _INSIDE
    )
    return width > 0 and height > 0 and within


def _ends_with_id(values: list[float]) -> bool:
    before = values[:-1]
    return (
        values[-1] == int(values[-1])
        and values[-1] >= 0
        and min(before) > -_INSIDE
        and max(before) < 1 + _INSIDE
    )


def _like_pose(values: list[float]) -> bool:
    return _is_box(values) and _points_within(values) and _is_tangled(values)


def _points_within(values: list[float]) -> bool:
    """Whether all points behind the box lie in it; (0, 0) is one that is not there."""
    x, y, width, height = values[:_BOX]
    points = np.reshape(values[_BOX:], (-1, 2))
    points = points[points.any(axis=1)]
    away = np.abs(points - (x, y)) - (width / 2 + _INSIDE, height / 2 + _INSIDE)
    return len(points) > 0 and bool((away <= 0).all())


def _is_tangled(values: list[float]) -> bool:
    """Whether two edges of the outline cross."""
    ring = np.reshape(values, (-1, 2))
    if len(ring) > _MOST_CORNERS:
        return False
    start, end = ring, np.roll(ring, -1, axis=0)

    def side(point: np.ndarray) -> np.ndarray:
        """(n, n): on which side of edge i point j lies."""
        along, to = (end - start)[:, None], point[None] - start[:, None]
        return np.sign(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])

    apart = side(start) * side(end) < 0  # edge j's ends lie on different sides of edge i
    return bool((apart & apart.T).any())


def _confidence(value: float) -> float:
    if not 0 <= value <= 1:
        raise Unreadable(f"the number {value:g} behind the coordinates", "a confidence, 0 to 1")
    return value


def _id(value: float) -> int:
    if value != int(value) or value < 0:
        raise Unreadable(f"the number {value:g} behind the coordinates", "a tracker's id, a whole number")
    return int(value)
