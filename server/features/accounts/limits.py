"""How often something may fail, or be done, for one name, address or person, before it has to wait; counted in memory,
of bounded size, or by all processes of the server together."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from math import ceil

from ...errors import TooManyRequests
from ...runtime.peers import Counts, CountsHere, Peers

Refusal = Callable[[], TooManyRequests]


def _failed() -> TooManyRequests:
    return TooManyRequests("Too many attempts have failed.", hint="Wait some minutes, then try again.")


class Limit:
    """At most `most` failures of a key, or so much of their weights, in `seconds`, which begin with the first. The
    oldest keys are forgotten.

    `refusal` makes the error that says so. `counts`: who counts; else this process alone."""

    def __init__(
        self,
        most: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        refusal: Refusal = _failed,
        counts: Counts | None = None,
    ) -> None:
        self._most, self._seconds, self._refusal = most, seconds, refusal
        self._counts = CountsHere(clock) if counts is None else counts

    def begin(self, key: Hashable, weight: int = 1) -> None:
        """Count an attempt as a failure until it has succeeded, so that many at once are no way around. Raises
        TooManyRequests, which says how long to wait."""
        wait = self._counts.add(key, weight, self._most, self._seconds)
        if wait is not None:
            refused = self._refusal()
            refused.retry_after_s = max(1, ceil(wait))
            raise refused

    def succeeded(self, key: Hashable) -> None:
        """Take an attempt back."""
        self._counts.take_back(key)

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


class Limits:
    """Makes those of one server, however many processes it has."""

    def __init__(self, peers: Peers | None = None) -> None:
        self._peers = peers or Peers()

    def of(self, name: str, most: int, seconds: float, refusal: Refusal = _failed) -> Limit:
        """`name`: of what is limited, another for each."""
        return Limit(most, seconds, refusal=refusal, counts=self._peers.counts(name))

    def known(self, name: str) -> Counts:
        """For what is to be remembered."""
        return self._peers.counts(name)


ALONE = Limits()
