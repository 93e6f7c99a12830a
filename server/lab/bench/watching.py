"""What a bench sees of the annotate page: real mouse events on it, and when their masks have been drawn."""

import time
from typing import Any
from urllib.parse import urlencode

from .serving import SamphireServer

_POLL_SECONDS = 0.01
_WAIT_SECONDS = 20.0
_TRIES = 50  # places
_PICTURE = ("stage", "picture", "overlay")  # ids of the stage and its two canvases

_WATCH = """
async () => {
  while (!window.samphire) await new Promise((resolve) => setTimeout(resolve, 5));
  await window.samphire.ready;
  const { signals } = window.samphire;
  const seen = { clicks: [], hovers: [] };
  window.benchSeen = seen;
  let released = null;
  addEventListener("pointerup", (event) => (released = event.timeStamp), { capture: true });
  let shown = signals.decoded.peek();
  signals.decoded.subscribe((answer) => {
    if (answer === shown) return;
    shown = answer;
    if (!answer || released === null) return;
    const since = released;
    const answered = performance.now() - since;
    released = null;
    window.samphire.onceDrawn((time) => {
      const { ms: decodeMs, where, threads } = answer;
      seen.clicks.push({ ms: time - since, answeredMs: answered, decodeMs, where, threads });
    });
  });
  signals.hover.subscribe((answer) => answer && window.samphire.onceDrawn((time) => seen.hovers.push(time)));
}
"""


def address_of(image: dict[str, Any], **query: str) -> str:
    """The path of the annotate page, with this image alone to work through unless `search` says more: none is fetched
    ahead."""
    return f"/images/{image['id']}?{urlencode({'decoder': 'wasm', 'search': image['name'], **query})}"


class WatchedPage:
    """The annotate page of one image in a browser's page, ready for clicks."""

    def __init__(self, page: Any, server: SamphireServer, image: dict[str, Any], **query: str) -> None:
        """`page`: of playwright; `query`: of its address. Returns once clicks are answered at once."""
        self._page = page
        page.goto(server.url + address_of(image, **query))
        page.evaluate(_WATCH)
        box = page.locator("#stage").bounding_box()
        assert box
        self._left, self._top = box["x"], box["y"]
        shape = image["width"] / image["height"]
        self._width = min(box["width"], box["height"] * shape)  # the picture, fitted into the stage
        self._height = self._width / shape
        self._left += (box["width"] - self._width) / 2
        self._top += (box["height"] - self._height) / 2

    def place(self, i: int) -> tuple[float, float]:
        """Screen coordinates of the i-th of a sequence of places spread over the picture."""
        across, down = 0.15 + 0.7 * ((0.618034 * (i + 1)) % 1), 0.15 + 0.55 * ((0.754878 * (i + 1)) % 1)
        return self._left + across * self._width, self._top + down * self._height

    def hover(self, x: float, y: float) -> None:
        self._page.mouse.move(x, y)

    def click(self, i: int, pause_seconds: float, held_seconds: float = 0.0) -> dict[str, Any] | None:
        """Move to the i-th place, or the next where nothing lies over the picture; pause as a person does; click, the
        button held for so long.

        What was seen of it: {ms, answeredMs, decodeMs, where, threads}; None when no new mask was drawn for it.
        """
        places = map(self.place, range(i, i + _TRIES))
        x, y = next(filter(self._is_picture, places), self.place(i))
        before = self._clicks()
        self._page.mouse.move(x, y, steps=3)
        time.sleep(pause_seconds)
        self._page.mouse.click(x, y, delay=1000 * held_seconds)
        deadline = time.monotonic() + _WAIT_SECONDS
        while self._clicks() == before:
            if time.monotonic() > deadline:
                return None
            time.sleep(_POLL_SECONDS)
        return self._page.evaluate("() => window.benchSeen.clicks.at(-1)")

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def hovers(self) -> list[float]:
        """When previews were drawn, in milliseconds of the page's clock."""
        return self._page.evaluate("() => window.benchSeen.hovers")

    def _is_picture(self, place: tuple[float, float]) -> bool:
        """Whether a click there goes to the picture, not to the strip of candidates over it."""
        under = self._page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.id", list(place))
        return under in _PICTURE

    def _clicks(self) -> int:
        return self._page.evaluate("() => window.benchSeen.clicks.length")
