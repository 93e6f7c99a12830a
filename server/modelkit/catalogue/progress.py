"""How far a download is: a bar on a terminal, a line for every tenth part elsewhere. On stderr."""

import sys
import time
from typing import Protocol, TextIO

_BAR = 28  # characters
_EVERY_S = 0.1
_SPEED_OVER_S = 5.0


class Counts(Protocol):
    """`at(bytes)` as bytes arrive, `end()` when they do not any more."""

    def at(self, done: int) -> None: ...

    def end(self) -> None: ...


class Progress:
    """`total` is None when nobody knows."""

    def __init__(self, name: str, total: int | None, out: TextIO | None = None) -> None:
        self._name, self._total = name, total
        self._out = sys.stderr if out is None else out
        self._live = self._out.isatty()
        self._marks: list[tuple[float, int]] = []  # (time, bytes), of the last seconds
        self._shown_at, self._tenth = 0.0, 0

    def at(self, done: int) -> None:
        """`done` bytes of the whole are on disk."""
        now = time.monotonic()
        if not self._marks or now - self._marks[-1][0] >= _EVERY_S:
            self._marks.append((now, done))
            self._marks = [mark for mark in self._marks if now - mark[0] <= _SPEED_OVER_S]
        if self._live:
            if now - self._shown_at >= _EVERY_S or done == self._total:
                self._shown_at = now
                self._write(f"\r{self._line(done)}\x1b[K")
        elif self._total and (tenth := 10 * done // self._total) > self._tenth:
            self._tenth = tenth
            self._write(f"{self._line(done)}\n")

    def end(self) -> None:
        if self._live and self._shown_at:
            self._write("\n")

    def _line(self, done: int) -> str:
        if self._total is None:
            return f"{self._name}  {_mb(done)} MB{self._speed(done)}"
        part = min(1.0, done / self._total) if self._total else 1.0
        bar = "#" * round(_BAR * part) + "." * (_BAR - round(_BAR * part))
        return f"{self._name}  [{bar}] {_mb(done)} of {_mb(self._total)} MB{self._speed(done)}"

    def _speed(self, done: int) -> str:
        """Over the last seconds, and how long the rest takes at that."""
        first_at, first = self._marks[0]
        seconds = time.monotonic() - first_at
        if seconds < 2 * _EVERY_S or done <= first:
            return ""
        rate = (done - first) / seconds
        left = "" if self._total is None else f", {_clock((self._total - done) / rate)} left"
        return f", {rate / 1e6:.1f} MB/s{left}"

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
