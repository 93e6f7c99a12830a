"""A long computation in a native thread, done in stints between which others have their turns."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import gevent
from gevent.hub import Hub
from gevent.monkey import get_original

from ..errors import Unavailable
from .turns import Path, client

T = TypeVar("T")
_lock: Callable[[], Any] = get_original("_thread", "allocate_lock")  # gevent's would not let a thread wait


class Turn(Protocol):
    """`set` when it has come."""

    def set(self) -> None: ...

    def is_set(self) -> bool: ...


class Places(Protocol):
    """For whose places clients take turns; of the event loop's thread only."""

    closed: bool

    def enter(self, path: Path, turn: Turn) -> None: ...

    def leave(self, path: Path) -> None: ...


class Stints:
    """All methods are for the computation's own thread. Elsewhere, where there are no turns, they do nothing."""

    def __init__(self, places: Places, path: Path, hub: Hub) -> None:
        self._places, self._path, self._hub = places, path, hub
        self._holds = False

    def run(self, fn: Callable[["Stints"], T]) -> T:
        """`fn(self)`, which begins in a place."""
        self._take()
        try:
            return fn(self)
        finally:
            self._leave()

    def pause(self) -> None:
        """Whoever's turn it is goes first. Raises Unavailable when the server stops."""
        if self._holds:
            self._leave()
            self._take()

    def aside(self, fn: Callable[[], T]) -> T:
        """`fn()` in a greenlet, which may wait for other pools; the place is others' meanwhile."""
        if not self._holds:
            return fn()
        self._leave()
        try:
            return self._in_greenlet(fn)
        finally:
            self._take()

    def _take(self) -> None:
        turn = _NativeTurn()
        self._hub.loop.run_callback_threadsafe(self._places.enter, self._path, turn)
        turn.wait()
        self._holds = True
        if self._places.closed:
            raise Unavailable("The server is stopping.")

    def _leave(self) -> None:
        self._holds = False
        self._hub.loop.run_callback_threadsafe(self._places.leave, self._path)

    def _in_greenlet(self, fn: Callable[[], T]) -> T:
        done = _NativeTurn()
        came: list[tuple[T | None, BaseException | None]] = []

        def work() -> None:
            client.set(self._path)
            try:
                came.append((fn(), None))
            except BaseException as error:  # the thread waits, whatever it was
                came.append((None, error))
            finally:
                done.set()

        self._hub.loop.run_callback_threadsafe(gevent.spawn, work)
        done.wait()
        [(value, error)] = came
        if error is not None:
            raise error
        return value  # type: ignore[return-value]


class _NativeTurn:
    """An event on which a native thread waits."""

    def __init__(self) -> None:
        self._lock = _lock()
        self._lock.acquire()
        self._set = False

    def set(self) -> None:
        self._set = True
        self._lock.release()

    def is_set(self) -> bool:
        return self._set

    def wait(self) -> None:
        self._lock.acquire()
