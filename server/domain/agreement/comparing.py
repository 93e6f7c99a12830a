"""Several people's objects of one image, compared: two by two, and which of them all are one object."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ...errors import TooComplex
from ..runs import Window, read_window
from .boundary import band, boundary_distance
from .instances import Instance, Overlap, overlaps, window_iou
from .matching import LEAST_IOU, match

COMMON = ""  # in the place of a person: the project's common objects
_BANDS_AT_ONCE = 64
_MOST_PIXELS = 4_000_000_000  # of the boxes of what two people both have: about a minute
People = Mapping[str, Sequence[Instance]]  # by person; one who drew nothing has an empty list


class Match(NamedTuple):
    """Two people's object."""

    first: Instance
    second: Instance
    iou: float
    boundary_iou: float

    @property
    def dice(self) -> float:
        return 2 * self.iou / (1 + self.iou)


@dataclass(frozen=True)
class Pair:
    """Two people, and what they both have."""

    first: str
    second: str
    matches: list[Match]


@dataclass(frozen=True)
class Group:
    """One object, as each of those people drew it who have it."""

    members: dict[str, Instance]


def compare(people: People, width: int, height: int, boundaries: bool = True) -> list[Pair]:
    """Every two people, in the order of their names. Without `boundaries` all boundary IoUs are 0, and cost nothing.
    Raises TooComplex where it would keep a thread busy for minutes."""
    matched = {
        (first, second): match(overlaps(people[first], people[second], width, height, LEAST_IOU))
        for first, second in combinations(sorted(people), 2)
    }
    if sum(_pixels(people, pair, each) for pair, of in matched.items() for each in of) > _MOST_PIXELS:
        raise TooComplex()
    if not boundaries:
        return [Pair(*pair, [_match(people, pair, each, 0.0) for each in of]) for pair, of in matched.items()]
    distance = boundary_distance(width, height)

    @lru_cache(_BANDS_AT_ONCE)
    def edge(person: str, number: int) -> tuple[np.ndarray, tuple[int, ...], int, int]:
        """As bits, so that large ones can be kept."""
        mask, x, y = band(read_window(people[person][number].counts, width, height), distance)
        return np.packbits(mask), mask.shape, x, y

    def boundary_iou(pair: tuple[str, str], each: Overlap) -> float:
        return window_iou(_unpacked(*edge(pair[0], each.first)), _unpacked(*edge(pair[1], each.second)))

    # By place: each object's band is made once, and kept while it is compared with those of the others.
    by_place = sorted(
        ((pair, each) for pair, of in matched.items() for each in of),
        key=lambda found: people[found[0][0]][found[1].first].box,
    )
    ious = {(pair, each): boundary_iou(pair, each) for pair, each in by_place}
    return [
        Pair(*pair, [_match(people, pair, each, ious[pair, each]) for each in of])
        for pair, of in matched.items()
    ]


def groups(people: People, pairs: Sequence[Pair]) -> list[Group]:
    """Which objects are one, over all people: those of two that match are joined, the most alike first, unless the
    group would have two objects of one person. What matches nothing is a group of its own."""
    of: dict[tuple[str, str], dict[str, Instance]] = {
        (person, each.id): {person: each} for person in sorted(people) for each in people[person]
    }
    found = [
        (each.iou, (pair.first, each.first.id), (pair.second, each.second.id))
        for pair in pairs
        for each in pair.matches
        if pair.first in people and pair.second in people
    ]
    for _, first, second in sorted(found, key=lambda each: (-each[0], each[1], each[2])):
        one, other = of[first], of[second]
        if one is other or one.keys() & other.keys():
            continue
        one |= other
        for person, instance in other.items():
            of[person, instance.id] = one
    seen: dict[int, Group] = {id(each): Group(each) for each in of.values()}
    return list(seen.values())


def _match(people: People, pair: tuple[str, str], found: Overlap, boundary_iou: float) -> Match:
    return Match(people[pair[0]][found.first], people[pair[1]][found.second], found.iou, boundary_iou)


def _pixels(people: People, pair: tuple[str, str], found: Overlap) -> int:
    boxes = people[pair[0]][found.first].box, people[pair[1]][found.second].box
    return sum(wide * high for _, _, wide, high in boxes)


def _unpacked(bits: np.ndarray, shape: tuple[int, ...], x: int, y: int) -> Window:
    return Window(np.unpackbits(bits, count=shape[0] * shape[1]).reshape(shape).astype(bool), x, y)
