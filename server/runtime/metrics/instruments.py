"""Counters, histograms, and values that are read when asked for, in Prometheus' text form.

Ours are a few lines, add a microsecond to a request, and are there without another package. Only greenlets of one
thread change them, so they have no locks."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

Labels = tuple[str, ...]
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Instrument(Protocol):
    def lines(self) -> Iterator[str]:
        """As Prometheus reads them."""
        ...


class Counter:
    """What only grows. `labels`: what its values are told apart by."""

    kind = "counter"

    def __init__(self, name: str, help: str, labels: Labels = ()) -> None:
        self.name, self._help, self._labels = name, help, labels
        self._values: dict[Labels, float] = {}

    def add(self, *labels: str, by: float = 1) -> None:
        self._values[labels] = self._values.get(labels, 0) + by

    def value(self, *labels: str) -> float:
        return self._values.get(labels, 0)

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self._help, self.kind)
        for labels, value in self._values.items():
            yield f"{self.name}{_braces(zip(self._labels, labels, strict=True))} {value:.17g}"


class Histogram:
    """How long things take. `bounds`: seconds, rising."""

    def __init__(self, name: str, help: str, bounds: tuple[float, ...], labels: Labels = ()) -> None:
        self.name, self._help, self._bounds, self._labels = name, help, bounds, labels
        self._values: dict[Labels, list[float]] = {}  # how many up to each bound, beyond all; seconds in all

    def observe(self, seconds: float, *labels: str) -> None:
        values = self._values.get(labels)
        if values is None:
            values = self._values[labels] = [0.0] * (len(self._bounds) + 2)
        values[bisect_left(self._bounds, seconds)] += 1
        values[-1] += seconds

    def count(self, *labels: str) -> float:
        return sum(self._values.get(labels, [0.0])[:-1])

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self._help, "histogram")
        for labels, values in self._values.items():
            pairs = tuple(zip(self._labels, labels, strict=True))
            total = 0.0
            for bound, count in zip((*map(str, self._bounds), "+Inf"), values, strict=False):
                total += count
                yield f"{self.name}_bucket{_braces((*pairs, ('le', bound)))} {total:g}"
            yield f"{self.name}_sum{_braces(pairs)} {values[-1]:.17g}"
            yield f"{self.name}_count{_braces(pairs)} {total:g}"


class Reading:
    """Values as they are when somebody asks: `read` gives one for each set of labels, or raises when it cannot; then
    there are none."""

    def __init__(
        self,
        name: str,
        help: str,
        read: Callable[[], Mapping[Labels, float]],
        labels: Labels = (),
        kind: str = "gauge",
    ) -> None:
        self.name, self._help, self._read, self._labels, self._kind = name, help, read, labels, kind

    def lines(self) -> Iterator[str]:
        values = self._read()
        yield from _head(self.name, self._help, self._kind)
        for labels, value in values.items():
            yield f"{self.name}{_braces(zip(self._labels, labels, strict=True))} {value:.17g}"


def text(instruments: Iterable[Instrument], failed: Callable[[Instrument, Exception], None]) -> str:
    """All of them. One that cannot be read is told to `failed`, and left out."""
    lines: list[str] = []
    for each in instruments:
        try:
            lines += each.lines()
        except Exception as error:  # a database that does not answer, say
            failed(each, error)
    return "\n".join(lines) + "\n"


def _head(name: str, help: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {help}", f"# TYPE {name} {kind}"


def _braces(pairs: Iterable[tuple[str, str]]) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs)
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
