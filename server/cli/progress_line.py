"""How far a command is, on stderr: one line rewritten on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable

_SECONDS_BETWEEN_LINES = 10.0


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
