"""A computation of seconds in a native thread of its own, whose costly parts are done elsewhere, each in its turn."""

from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any, Generic, TypeVar

import gevent
from gevent.hub import Hub
from gevent.monkey import get_original

T = TypeVar("T")
X = TypeVar("X")
_lock: Callable[[], Any] = get_original("_thread", "allocate_lock")  # gevent's would not let a thread wait


class LongRun:
    """All methods are for the computation's own thread; elsewhere everything is done where it is."""

    def __init__(self, hub: Hub | None, in_turn: Callable[..., Any]) -> None:
        """`hub`: of the greenlets, None: there are none. `in_turn(fn, x)`: what does a costly part, in a greenlet."""
        self._hub, self._in_turn = hub, in_turn
        self._context = copy_context()  # for whom it is

    def each(self, fn: Callable[[X], T], items: Sequence[X]) -> list[T]:
        """As `map`, with several at once; each has its turn among all that others compute. Raises what `fn` does."""
        if self._hub is None:
            return list(map(fn, items))
        parts = [_Part(lambda item=item: self._in_turn(fn, item)) for item in items]  # type: ignore[misc]
        for part in parts:
            self._begin(part)
        for part in parts:
            part.wait()
        return [part.result() for part in parts]

    def aside(self, fn: Callable[[], T]) -> T:
        """`fn()` in a greenlet, which may wait for others."""
        if self._hub is None:
            return fn()
        part = _Part(fn)
        self._begin(part)
        part.wait()
        return part.result()

    def _begin(self, part: "_Part[Any]") -> None:
        assert self._hub is not None
        self._hub.loop.run_callback_threadsafe(gevent.spawn, self._context.copy().run, part.work)


class _Part(Generic[T]):
    """A greenlet's work, for which a native thread waits."""

    def __init__(self, fn: Callable[[], T]) -> None:
        self._fn, self._ended = fn, _lock()
        self._came: tuple[T | None, BaseException | None] = (None, None)
        self._ended.acquire()

    def work(self) -> None:
        try:
            self._came = (self._fn(), None)
        except BaseException as error:  # whatever it was, the thread waits
            self._came = (None, error)
        finally:
            self._ended.release()

    def wait(self) -> None:
        self._ended.acquire()

    def result(self) -> T:
        value, error = self._came
        if error is not None:
            raise error
        return value  # type: ignore[return-value]
