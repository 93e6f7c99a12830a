"""A visit over a real line: the first one of a fresh browser, and the next after it was closed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .. import minisam, pictures
from ..figures import median
from ..rows import Missing, Row, Target, missing, spread
from ..visitor import Visit, visit
from ..wire import Line, Relay
from ..workbench import Workbench

_LINES = (Line(20, 40), Line(5, 150))
_TARGETS = {  # over the first of these lines
    ("cold", "mask"): Target("<=", 2.5),
    ("cold", "here"): Target("<=", 5),
    ("warm", "mask"): Target("<=", 1),
}
_COLD_BYTES, _REQUESTS = Target("<=", 7_500_000), Target("<=", 30)
_WARM_BYTES = Target("<", 300_000)  # a page, and two or three masks from the server of 80 kB each
_TIMES: tuple[tuple[str, str, Callable[[Visit], float]], ...] = (
    ("painted", "something is painted", lambda seen: seen.painted),
    ("clicked", "a click is heard", lambda seen: seen.clicked),
    ("mask", "its mask is drawn", lambda seen: seen.mask),
    ("here", "a mask decoded in the browser", lambda seen: seen.here),
)
_WORDS = {"cold": "first visit", "warm": "second visit"}


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.SMALL)
    for line in _LINES:
        cold, warm = _visits(bench, line, image)
        yield from _times(line, "cold", cold)
        yield from _times(line, "warm", warm)
        if line == _LINES[0]:
            yield from traffic(cold, warm)
            yield from _compared(bench, line)


def _visits(bench: Workbench, line: Line, image: dict[str, Any]) -> tuple[list[Visit], list[Visit]]:
    cold, warm = [], []
    relay = Relay(bench.server.port, line)
    try:
        for i in range(bench.times(5, 1)):
            bench.say(f"visit: {line.title}, visitor {i + 1}")
            profile = bench.folder / f"visitor-{line.name}-{i}"
            for visits in (cold, warm):
                with bench.chromium(profile) as context:
                    visits.append(visit(context, relay, image))
    finally:
        relay.close()
    return cold, warm


def _times(line: Line, kind: str, visits: Sequence[Visit]) -> Iterator[Row]:
    for name, words, of in _TIMES:
        title = f"{line.title}, {_WORDS[kind]} until {words}"
        target = _TARGETS.get((kind, name)) if line == _LINES[0] else None
        yield spread(f"visit.{line.name}.{kind}.{name}", title, [of(seen) for seen in visits], "s", target)


def _compared(bench: Workbench, line: Line) -> Iterator[Row]:
    """Another program's page with the same network and picture, over the same line."""
    name, title = f"visit.{line.name}.minisam", f"{line.title}, a page with minisam, first visit"
    try:
        with minisam.served(pictures.drawn_jpeg(pictures.SMALL), line) as relay:
            seconds, sizes = [], []
            for i in range(bench.times(3, 1)):
                bench.say(f"visit: minisam, visitor {i + 1}")
                before = relay.down
                with bench.chromium(bench.folder / f"minisam-{i}") as context:
                    seconds.append(minisam.first_mask(context, relay))
                sizes.append(relay.down - before)
        note = "its README's quick start with its networks; it encodes the image in the browser"
        yield spread(f"{name}.mask", f"{title} until a mask", seconds, "s", note=note)
        yield spread(f"{name}.bytes", f"{title}, bytes", sizes, "B")
    except Missing as why:
        yield missing(f"{name}.mask", f"{title} until a mask", str(why))


def traffic(cold: Sequence[Visit], warm: Sequence[Visit]) -> Iterator[Row]:
    """Bytes and requests until a mask was decoded in the browser; of the first visitor, what they were and when."""
    first = cold[0]
    note = f"counted on the wire, sockets included; {first.up / 1000:.1f} kB sent"
    yield spread("visit.cold.bytes", "First visit", [seen.down for seen in cold], "B", _COLD_BYTES, note)
    for name, part in sorted(first.parts.items(), key=lambda item: -item[1].size):
        note = f"{part.requests} requests, {part.begun:.2f} to {part.ended:.2f} s"
        yield Row(
            f"visit.cold.bytes.{name.replace(' ', '-')}", f"of these: {name}", part.size, "B", note=note
        )
    rest = first.down - sum(part.size for part in first.parts.values())
    note = "the socket's, and what the browser does not count"
    yield Row("visit.cold.bytes.rest", "of these: the rest", rest, "B", note=note)
    requests = median([seen.requests for seen in cold])
    yield Row("visit.cold.requests", "Requests of it", requests, "", samples=len(cold), target=_REQUESTS)
    note = f"the browser was closed before; {warm[0].up / 1000:.1f} kB sent"
    yield spread("visit.warm.bytes", "Second visit", [seen.down for seen in warm], "B", _WARM_BYTES, note)
    requests = median([seen.requests for seen in warm])
    yield Row("visit.warm.requests", "Requests of it", requests, "", samples=len(warm))
