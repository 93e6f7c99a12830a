"""A cache that forgets what was used least recently once its bytes pass a limit."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class ByteCache(Generic[Value]):
    """Keeps values whose sizes sum to at most `capacity` bytes; a value larger than that is not kept."""

    def __init__(self, capacity: int, size_of: Callable[[Value], int]) -> None:
        self.capacity = capacity
        self.size = 0
        self._size_of = size_of
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        """The value, which is now the most recently used, or None."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Hashable, value: Value) -> None:
        self.drop(key)
        self._values[key] = value
        self.size += self._size_of(value)
        while self.size > self.capacity:
            _, oldest = self._values.popitem(last=False)
            self.size -= self._size_of(oldest)

    def drop(self, key: Hashable) -> None:
        value = self._values.pop(key, None)
        if value is not None:
            self.size -= self._size_of(value)

    def drop_where(self, matches: Callable[[Hashable], bool]) -> None:
        for key in [key for key in self._values if matches(key)]:
            self.drop(key)
