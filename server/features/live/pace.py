"""How often a client may say something, for as long as it is connected."""

from collections.abc import Callable


class Pace:
    """`rate` a second, and `burst` at once after a pause."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._counted_at = burst, clock()

    def take(self) -> bool:
        """Whether it may now; counted if it may."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._counted_at) * self._rate)
        self._counted_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
