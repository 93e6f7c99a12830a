"""A stranger on the annotate page: clicks the picture as soon as the page hears it, and waits for the masks."""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from ...storage.tables import DEFAULT_PROJECT
from .rows import Missing
from .wire import Relay

_SETTLE_SECONDS = 1.0
_POLL_SECONDS = 0.01
_WAIT_SECONDS = 180

# When things were seen, in milliseconds since the page was asked for.
_WATCH = """
(() => {
  const seen = { paintMs: null, clickMs: null, masks: [] };
  window.visitSeen = seen;
  const painted = new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === "first-contentful-paint") seen.paintMs = startTime;
    }
  });
  painted.observe({ type: "paint", buffered: true });
  addEventListener("pointerdown", ({ timeStamp }) => (seen.clickMs ??= timeStamp), { capture: true });
  const watch = () => {
    const page = window.samphire;
    if (!page) return void setTimeout(watch, 5);
    page.signals.decoded.subscribe((answer) => {
      if (answer) page.onceDrawn((ms) => seen.masks.push({ ms, where: answer.where }));
    });
  };
  watch();
})();
"""
_PICTURE_SEEN = """
() => {
  const small = document.getElementById("first-picture");
  return document.querySelector("main:not([aria-busy])") && (!small || (small.complete && small.naturalWidth > 0));
}
"""
# Resolves with what was seen once a mask was made in this browser.
_UNTIL_HERE = """
async ([x, y]) => {
  const { masks } = visitSeen;
  await samphire.ready;
  for (let i = 1; !masks.some(({ where }) => where !== "server"); i++) {
    await samphire.predict({ points: [[x + i, y, 1]] });
    await new Promise((resolve) => samphire.onceDrawn(resolve));
  }
  return { ...visitSeen, origin: performance.timeOrigin };
}
"""


@dataclass
class Part:
    """What of one kind came over the wire: bytes of bodies and headers, and when, in seconds since the page was
    asked for."""

    size: int = 0
    requests: int = 0
    begun: float = float("inf")
    ended: float = 0.0

    def add(self, size: int, begun: float, ended: float) -> None:
        self.size, self.requests = self.size + size, self.requests + 1
        self.begun, self.ended = min(self.begun, begun), max(self.ended, ended)


@dataclass
class Visit:
    """Seconds until something was painted, the click was heard, its mask was drawn, and one that was decoded here.

    `down` and `up` are bytes on the wire until then, `requests` those that the cache could not answer, the socket's
    among them."""

    painted: float
    clicked: float
    mask: float
    here: float
    down: int = 0
    up: int = 0
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return 1 + sum(part.requests for part in self.parts.values())


def visit(context: Any, relay: Relay, image: dict[str, Any]) -> Visit:
    """`context`: of playwright, with nothing opened. Raises Missing where no mask can be made in the browser."""
    down, up = relay.down, relay.up
    finished: list[Any] = []
    context.on("requestfinished", lambda request: finished.append(request))
    context.add_init_script(_WATCH)
    context.set_default_timeout(1000 * _WAIT_SECONDS)
    page = context.new_page()
    query = urlencode({"search": image["name"]})  # this image alone to work through: none is fetched ahead
    page.goto(f"{relay.url}/projects/{DEFAULT_PROJECT}/images/{image['id']}?{query}", wait_until="commit")
    _until(page, _PICTURE_SEEN)
    box = page.locator("#stage").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    _until(page, "() => visitSeen.masks.length > 0")
    seen = page.evaluate(_UNTIL_HERE, [image["width"] / 2, image["height"] / 2])
    here = next((mask for mask in seen["masks"] if mask["where"] == "wasm"), None)
    if here is None:
        raise Missing("No mask was made with WebAssembly: it does not run in this browser.")
    made = Visit(
        *(ms / 1000 for ms in (seen["paintMs"], seen["clickMs"], seen["masks"][0]["ms"], here["ms"])),
        down=relay.down - down,
        up=relay.up - up,
    )
    for request in finished:
        if request.url.startswith(relay.url) and (size := _size(request)):
            timing = request.timing
            begun = (timing["startTime"] - seen["origin"]) / 1000
            part = made.parts.setdefault(part_of(urlsplit(request.url).path), Part())
            part.add(size, begun, begun + timing["responseEnd"] / 1000)
    time.sleep(_SETTLE_SECONDS)  # what was fetched is written to the profile beside the page
    return made


def _until(page: Any, script: str) -> None:
    """Asks again until the answer is true: `wait_for_function` needs what the page's policy forbids."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not page.evaluate(script):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Not in {_WAIT_SECONDS} s: {script.strip()}")
        time.sleep(_POLL_SECONDS)


def _size(request: Any) -> int:
    """Bytes of an answer on the wire; 0 when it came out of the cache."""
    response = request.response()
    if response is None or response.from_service_worker:
        return 0
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def part_of(path: str) -> str:
    """What a path of the server is to a person."""
    if "/vendor/onnxruntime-web/" in path:
        return "onnxruntime-web"
    if path.startswith("/segmenters/"):
        return "decoder"
    if path.endswith("/embedding"):
        return "embedding"
    if path.endswith("/file"):
        return "picture"
    if path.startswith("/api/"):
        return "questions to the API"
    return "socket.io polling" if path.startswith("/socket.io") else "page"
