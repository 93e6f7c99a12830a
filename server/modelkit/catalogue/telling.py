"""How a pull says how far it is: in words to a person, or as lines of JSON to the server that started it."""

import sys
import time
from typing import Literal, Protocol

from ...runtime.beside import Tell
from .progress import Counts, Progress

Step = Literal["asking", "downloading", "building", "testing"]
_WORDS = {"building": "building it ...", "testing": "trying it ..."}
_EVERY_S = 0.2


class Telling(Protocol):
    def step(self, step: Step) -> None: ...

    def progress(self, name: str, total: int) -> Counts: ...


class InWords:
    """On stderr."""

    def step(self, step: Step) -> None:
        if step in _WORDS:
            print(_WORDS[step], file=sys.stderr)

    def progress(self, name: str, total: int) -> Counts:
        return Progress(name, total)


class InLines:
    """An object a line: {"step"}, {"bytes"}; `do_beside` ends them."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def step(self, step: Step) -> None:
        self._tell(step=step)

    def progress(self, name: str, total: int) -> Counts:
        self.step("downloading")
        return _Bytes(total, self._tell)


class _Bytes:
    def __init__(self, total: int, tell: Tell) -> None:
        self._total, self._tell = total, tell
        self._told_at = 0.0

    def at(self, done: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _EVERY_S or done == self._total:
            self._told_at = now
            self._tell(bytes=done)

    def end(self) -> None:
        pass
