"""The jobs of one lane in their order: by urgency, and of equally urgent ones each client's in turn."""

from collections import Counter
from typing import Generic, Protocol, TypeVar

from ..turns import FairQueue, Path
from .base import Urgency
from .handlers import Lane


class Placed(Protocol):
    """What waits. Its urgency and path change only while it is not in a lane."""

    urgency: Urgency
    path: Path


T = TypeVar("T", bound=Placed)


class Waiting(Generic[T]):
    """What waits in a lane. Of a client that has its share of the lane it waits aside, and holds up nobody."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._turns: dict[Urgency, FairQueue[T]] = {
            urgency: FairQueue(newcomers_first=False) for urgency in Urgency
        }
        self._in_turn: dict[T, None] = {}
        self._aside: dict[T, None] = {}
        self._running: Counter[Path] = Counter()

    def place(self, item: T) -> None:
        if self._has_its_share(item):
            self._aside[item] = None
        else:
            self._in_turn[item] = None
            self._turns[item.urgency].push(item.path, item)

    def displace(self, item: T) -> None:
        if item in self._aside:
            del self._aside[item]
        else:
            del self._in_turn[item]
            self._turns[item.urgency].remove(item.path, item)

    def position(self, item: T) -> int:
        """1 for the one that begins next, as the turns stand."""
        if item in self._aside:
            return len(self._in_turn) + list(self._aside).index(item) + 1
        before = sum(len(self._turns[urgency]) for urgency in Urgency if urgency < item.urgency)
        return before + self._turns[item.urgency].rank(item.path, item) + 1

    def others_wait(self) -> bool:
        """Whether an item waits, also of a client that has its share."""
        return bool(self._in_turn or self._aside)

    @property
    def has_place(self) -> bool:
        return self._running.total() < self._lane.at_once

    def begin(self) -> T | None:
        """The item whose turn it is, if the lane has a place for it; until `done`, the place is taken."""
        if not (self._in_turn and self.has_place):
            return None
        item = next(turns for turns in self._turns.values() if len(turns)).pop()
        assert item is not None
        del self._in_turn[item]
        self._running[_share(item)] += 1
        if self._has_its_share(item):
            for other in [other for other in self._in_turn if _share(other) == _share(item)]:
                self.displace(other)
                self._aside[other] = None
        return item

    def done(self, item: T) -> None:
        self._turns[item.urgency].done(item.path)
        self._running[_share(item)] -= 1
        for other in [other for other in self._aside if _share(other) == _share(item)]:
            del self._aside[other]
            self.place(other)

    def _has_its_share(self, item: T) -> bool:
        return self._lane.of_one is not None and self._running[_share(item)] >= self._lane.of_one


def _share(item: Placed) -> Path:
    return item.path[:2]
