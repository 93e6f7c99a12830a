"""A cache that forgets what was used least recently once its bytes pass a limit, and of whom most is kept first."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from .metrics import CACHES

Value = TypeVar("Value")


class ByteCache(Generic[Value]):
    """Keeps values whose sizes sum to at most `capacity` bytes; a value larger than that is not kept.

    What is put has an owner. Whoever owns the most bytes loses its own first: nobody drives out another's few.
    """

    def __init__(self, capacity: int, size_of: Callable[[Value], int], name: str = "") -> None:
        """`name`: what `/metrics` calls it; without one, it does not tell how often something is found."""
        self.capacity = capacity
        self.size = 0
        self._size_of = size_of
        self._name = name
        self._values: OrderedDict[Hashable, tuple[Value, Hashable]] = OrderedDict()
        self._owned: Counter[Hashable] = Counter()  # bytes

    def get(self, key: Hashable) -> Value | None:
        """The value, which is now the most recently used, or None."""
        entry = self._values.get(key)
        if self._name:
            CACHES.add(self._name, "miss" if entry is None else "hit")
        if entry is None:
            return None
        self._values.move_to_end(key)
        return entry[0]

    def put(self, key: Hashable, value: Value, owner: Hashable = None) -> None:
        self.drop(key)
        self._values[key] = (value, owner)
        self._count(value, owner, 1)
        while self.size > self.capacity:
            largest = max(self._owned.values())
            self.drop(next(key for key, (_, owner) in self._values.items() if self._owned[owner] == largest))

    def drop(self, key: Hashable) -> None:
        entry = self._values.pop(key, None)
        if entry is not None:
            self._count(*entry, -1)

    def drop_where(self, matches: Callable[[Hashable], bool]) -> None:
        for key in [key for key in self._values if matches(key)]:
            self.drop(key)

    def _count(self, value: Value, owner: Hashable, sign: int) -> None:
        bytes_ = sign * self._size_of(value)
        self.size += bytes_
        self._owned[owner] += bytes_
        if not self._owned[owner]:
            del self._owned[owner]
