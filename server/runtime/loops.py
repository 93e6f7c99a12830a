"""What each native thread has for itself: under gevent a connection waits in the event loop of the thread that opened
it, and no other may use it."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from gevent import get_hub

T = TypeVar("T")


class OnePerLoop(Generic[T]):
    """`make` is called once for each thread that asks, never twice at once; what it made goes with the thread."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[object, T] = WeakKeyDictionary()
        self._turn = threading.Lock()

    def get(self) -> T:
        loop = get_hub()
        found = self._made.get(loop)
        if found is None:
            with self._turn:
                found = self._made.get(loop)  # another greenlet of this thread was faster
                if found is None:
                    found = self._made[loop] = self._make()
        return found
