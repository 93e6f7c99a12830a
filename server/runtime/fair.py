"""Places for work of many senders: each has its turn, and none can take them all."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gevent.event import Event

from ..errors import Unavailable

LOOK_SECONDS = 0.25  # how soon is noticed that nobody waits any more


@dataclass(frozen=True)
class Sender:
    """Whose work it is. `gone`: whether nobody waits for it any more."""

    key: Hashable
    gone: Callable[[], bool] = lambda: False

    def check(self) -> None:
        """Raises Unavailable."""
        if self.gone():
            raise Unavailable("Nobody waits for this any more.")


class FairPlaces:
    """`places` for all, at most `each` for one sender. The senders that wait take turns, however much each waits
    for."""

    def __init__(self, places: int, each: int) -> None:
        self._free, self._each = places, each
        self._held: Counter[Hashable] = Counter()
        self._waiting: dict[Hashable, deque[Event]] = {}  # senders in the order of their turns

    @contextmanager
    def place(self, sender: Sender) -> Iterator["Place"]:
        """Wait for a place, and hold it. Raises Unavailable when the sender is gone first."""
        granted = Event()
        self._waiting.setdefault(sender.key, deque()).append(granted)
        self._grant()
        place = None
        try:
            while not granted.wait(LOOK_SECONDS):
                sender.check()
            place = Place(self, sender.key)
            yield place
        finally:
            if place is not None:
                place.release()
            elif granted.is_set():
                self.give_back(sender.key)
            else:
                self._leave(sender.key, granted)

    def waiting(self, key: Hashable) -> int:
        """How much of a sender waits for a place."""
        return len(self._waiting.get(key, ()))

    def take(self, key: Hashable) -> bool:
        """Have a place without waiting, if there is one."""
        if not self._free or self._held[key] >= self._each:
            return False
        self._free -= 1
        self._held[key] += 1
        return True

    def give_back(self, key: Hashable) -> None:
        self._free += 1
        self._held[key] -= 1
        self._held = +self._held
        self._grant()

    def _grant(self) -> None:
        for key in list(self._waiting):
            if self.take(key):
                first = self._waiting[key][0]
                self._leave(key, first)
                first.set()

    def _leave(self, key: Hashable, event: Event) -> None:
        """Out of the row; what else the sender has in it waits behind the other senders."""
        others = self._waiting.pop(key)
        others.remove(event)
        if others:
            self._waiting[key] = others


class Place:
    """A place that somebody holds."""

    def __init__(self, among: FairPlaces, key: Hashable) -> None:
        self._among, self._key = among, key

    def move(self, to: FairPlaces) -> bool:
        """Hold one of those instead, if one is free."""
        if not to.take(self._key):
            return False
        self.release()
        self._among = to
        return True

    def release(self) -> None:
        self._among.give_back(self._key)
