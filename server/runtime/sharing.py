"""Sharing and dropping work among greenlets: equal questions asked at once, and questions gone stale."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from gevent.event import AsyncResult

from ..errors import Superseded

T = TypeVar("T")


class SingleFlight:
    """Calls with equal keys that overlap in time share one execution, its result or its exception."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, AsyncResult] = {}

    def run(self, key: Hashable, fn: Callable[[], T]) -> T:
        """`fn()`, or what the call under way with this key comes to."""
        flight = self._flights.get(key)
        if flight is not None:
            return flight.get()  # type: ignore[return-value]
        flight = self._flights[key] = AsyncResult()
        try:
            value = fn()
        except BaseException as error:
            flight.set_exception(error)
            raise
        else:
            flight.set(value)
            return value
        finally:
            del self._flights[key]


class Turn:
    """One request's place in `LatestWins`; native threads may read it."""

    def __init__(self) -> None:
        self.superseded = False
        self.granted: AsyncResult = AsyncResult()

    def check(self) -> None:
        """Raise Superseded when a newer request has come; call before each costly step."""
        if self.superseded:
            raise Superseded()


class LatestWins:
    """For each client at most one request under way and one waiting: a newer one takes the waiting one's
    place.

    The one under way learns of a newer one through its `Turn` and may give up where it has not yet begun to
    compute.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Turn] = {}
        self._waiting: dict[Hashable, Turn] = {}

    def run(self, client: Hashable, fn: Callable[[Turn], T]) -> T:
        """`fn(turn)` when the client's turn comes. Raises Superseded when a newer request comes first."""
        turn = Turn()
        busy = self._under_way.get(client)
        if busy is not None:
            busy.superseded = True
            older = self._waiting.pop(client, None)
            if older is not None:
                older.superseded = True
                older.granted.set(False)
            self._waiting[client] = turn
            if not turn.granted.get():
                raise Superseded()
        self._under_way[client] = turn
        try:
            turn.check()
            return fn(turn)
        finally:
            following = self._waiting.pop(client, None)
            if following is None:
                del self._under_way[client]
            else:
                self._under_way[client] = following
                following.granted.set(True)

    def drop(self, client: Hashable) -> None:
        """The client is gone: nothing of it is wanted any more."""
        for turns in (self._under_way, self._waiting):
            if client in turns:
                turns[client].superseded = True
