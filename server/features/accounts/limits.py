"""How often something may fail, or be done, for one name, address or person, before it has to wait; kept in memory, of
bounded size."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from math import ceil

from ...errors import TooManyRequests

_MOST_KEYS = 10_000


def _failed() -> TooManyRequests:
    return TooManyRequests("Too many attempts have failed.", hint="Wait some minutes, then try again.")


class Limit:
    """At most `most` failures of a key, or so much of their weights, in `seconds`, which begin with the first. The
    oldest keys are forgotten.

    `refusal` makes the error that says so."""

    def __init__(
        self,
        most: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        refusal: Callable[[], TooManyRequests] = _failed,
    ) -> None:
        self._most, self._seconds, self._clock, self._refusal = most, seconds, clock, refusal
        self._failures: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()  # key -> (begun, how many)

    def begin(self, key: Hashable, weight: int = 1) -> None:
        """Count an attempt as a failure until it has succeeded, so that many at once are no way around. Raises
        TooManyRequests, which says how long to wait."""
        now = self._clock()
        begun, count = self._failures.get(key, (now, 0))
        if now - begun >= self._seconds:
            begun, count = now, 0
        if count + weight > self._most:
            refused = self._refusal()
            refused.retry_after_s = ceil(begun + self._seconds - now)
            raise refused
        self._failures[key] = (begun, count + weight)
        self._failures.move_to_end(key)
        while len(self._failures) > _MOST_KEYS:
            self._failures.popitem(last=False)

    def succeeded(self, key: Hashable) -> None:
        """Take an attempt back."""
        begun, count = self._failures.get(key, (0.0, 0))
        if count > 1:
            self._failures[key] = (begun, count - 1)
        else:
            self._failures.pop(key, None)

    @contextmanager
    def attempt(self, key: Hashable, excused: type[Exception] | tuple[()] = ()) -> Iterator[None]:
        """One attempt, which fails when the block raises anything but what is no fault of who tries. Raises
        TooManyRequests."""
        self.begin(key)
        try:
            yield
        except excused:
            self.succeeded(key)
            raise
        self.succeeded(key)

    @contextmanager
    def use(self, key: Hashable) -> Iterator[None]:
        """The other way round: something that counts unless the block raises. Raises TooManyRequests."""
        self.begin(key)
        try:
            yield
        except BaseException:
            self.succeeded(key)
            raise
