"""Bytes of a visit on the wasm path: the first one of a fresh browser, and the next after it was closed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .. import pictures
from ..rows import Missing, Row, Target
from ..watching import address_of
from ..wire import CountingRelay
from ..workbench import Workbench

_COLD, _WARM = Target("<=", 12_000_000), Target("<", 100_000)
_SETTLE_SECONDS = 1.0

# Resolves once the page is ready and has answered a click, with the milliseconds until each.
_FIRST_MASK = """
async ([x, y]) => {
  while (!window.samphire) await new Promise((resolve) => setTimeout(resolve, 5));
  await window.samphire.ready;
  const readyMs = performance.now();
  const { where } = await window.samphire.predict({ points: [[x, y, 1]] });
  return { readyMs, maskMs: performance.now(), where };
}
"""


@dataclass(frozen=True)
class Visit:
    """What one visit came to; `parts`: bytes of bodies and headers by what they are, as the browser counted."""

    down: int
    up: int
    ready_ms: float
    mask_ms: float
    parts: dict[str, int]


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.SMALL)
    profile = bench.folder / "visitor"
    relay = CountingRelay(bench.server.port)
    try:
        bench.say("visit: the first")
        first = _visit(bench, relay, image, profile)
        yield from _first_rows(first)
        bench.say("visit: the second")
        second = _visit(bench, relay, image, profile)
        note = f"the browser was closed between the two; {second.up / 1000:.1f} kB sent"
        yield Row("visit.warm.bytes", "Second visit up to a mask", second.down, "B", target=_WARM, note=note)
        yield Row("visit.warm.ready", "Second visit until ready", second.ready_ms / 1000, "s")
    finally:
        relay.close()


def _first_rows(first: Visit) -> Iterator[Row]:
    note = f"counted on the wire, sockets included; {first.up / 1000:.1f} kB sent"
    yield Row("visit.cold.bytes", "First visit up to a mask", first.down, "B", target=_COLD, note=note)
    for part, size in sorted(first.parts.items(), key=lambda item: -item[1]):
        yield Row(f"visit.cold.bytes.{part.replace(' ', '-')}", f"of these: {part}", size, "B")
    rest = first.down - sum(first.parts.values())
    note = "the socket's, and what the browser does not count"
    yield Row("visit.cold.bytes.rest", "of these: the rest", rest, "B", note=note)
    note = "the embedding had been made"
    yield Row("visit.cold.ready", "First visit until ready", first.ready_ms / 1000, "s", note=note)
    yield Row("visit.cold.mask", "First visit until the first mask", first.mask_ms / 1000, "s")


def _visit(bench: Workbench, relay: CountingRelay, image: dict[str, Any], profile: Path) -> Visit:
    before_down, before_up = relay.down, relay.up
    with bench.chromium(profile) as context:
        finished: list[Any] = []
        context.on("requestfinished", lambda request: finished.append(request))
        page = context.new_page()
        page.goto(relay.url + address_of(image))
        answer = page.evaluate(_FIRST_MASK, [image["width"] / 2, image["height"] / 2])
        down, up = relay.down - before_down, relay.up - before_up
        if answer["where"] != "wasm":
            raise Missing(
                f"The page decodes with {answer['where']}: WebAssembly does not run in this browser."
            )
        parts: dict[str, int] = {}
        for request in finished:
            if request.url.startswith(relay.url) and (size := _size(request)):
                part = _part(urlsplit(request.url).path)
                parts[part] = parts.get(part, 0) + size
        time.sleep(_SETTLE_SECONDS)  # what was fetched is written to the profile beside the page
    return Visit(down, up, answer["readyMs"], answer["maskMs"], parts)


def _size(request: Any) -> int:
    """Bytes of an answer on the wire; 0 when it came out of the cache."""
    response = request.response()
    if response is None or response.from_service_worker:
        return 0
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def _part(path: str) -> str:
    """What a path of the server is to a person."""
    if "/vendor/onnxruntime-web/" in path:
        return "onnxruntime-web"
    if path.startswith("/segmenters/"):
        return "decoder"
    if path.endswith("/embedding"):
        return "embedding"
    if path.endswith("/file"):
        return "picture"
    return "socket.io polling" if path.startswith("/socket.io") else "page"
