"""Progress on stderr, with the time that is left: one line rewritten on a terminal, a line now and then elsewhere."""

import sys
import time

_SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Counts steps of about the same length."""

    def __init__(self, name: str, steps: int, unit: str) -> None:
        self._name, self._steps, self._unit = name, steps, unit
        self._done = 0
        self._start = self._told = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def step(self) -> None:
        self._done += 1
        now = time.monotonic()
        if self._terminal or self._done == self._steps or now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            self._tell(self.line(now - self._start))

    def line(self, seconds: float) -> str:
        """What is told so many seconds after the start."""
        counted = f"{self._name}, {self._done} of {self._steps} {self._unit}"
        if self._done == self._steps:
            return f"{counted}, in {duration(seconds)}"
        return f"{counted}, {duration(seconds / self._done * (self._steps - self._done))} left"

    def _tell(self, line: str) -> None:
        last = self._done == self._steps
        start, end = ("\r", "\n" if last else "") if self._terminal else ("", "\n")
        print(f"{start}{line:<70}" if self._terminal else line, end=end, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """As people say it: 40 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
