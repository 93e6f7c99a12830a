"""How far a command is, on stderr: one line rewritten on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_SECONDS_BETWEEN_LINES = 10.0
T = TypeVar("T")


class Line:
    """`text`: how far it is, as of when it is called."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text
        self._terminal = sys.stderr.isatty()
        self._told_at = time.monotonic()

    def tell(self) -> None:
        now = time.monotonic()
        if now - self._told_at >= (0.2 if self._terminal else _SECONDS_BETWEEN_LINES):
            self._told_at = now
            self._print("" if self._terminal else "\n")

    def end(self) -> None:
        self._print("\n")

    def _print(self, end: str) -> None:
        text = f"\r{self._text()}\x1b[K" if self._terminal else self._text()
        print(text, end=end, file=sys.stderr, flush=True)


class Latest(Generic[T]):
    """A line about the newest of what it is called with. `now`: that one."""

    def __init__(self, first: T, text: Callable[[T], str]) -> None:
        self.now = first
        self._line = Line(lambda: text(self.now))

    def __call__(self, now: T) -> None:
        self.now = now
        self._line.tell()

    def end(self) -> None:
        self._line.end()
