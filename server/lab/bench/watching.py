"""What a bench sees of the annotate page: real mouse events on it, and when their masks have been drawn."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np

from .figures import percentile
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

# Times of frames in milliseconds, and how long tasks that kept the page busy for 50 ms or more took.
_RECORD = """
() => {
  const seen = (window.benchFrames = { frames: [], tasks: [], going: true });
  const watch = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries()));
  watch.observe({ entryTypes: ["longtask"] });
  const tick = (time) => {
    seen.frames.push(time);
    if (seen.going) requestAnimationFrame(tick);
    else watch.disconnect();
  };
  requestAnimationFrame(tick);
}
"""
_EVENT_SECONDS = 1 / 120  # between two events of the mouse
_IN_TIME_MS = 1000 / 60 + 1  # frames come by a clock of 60 a second: one that is late takes two ticks or more


@dataclass(frozen=True)
class Frames:
    """`gaps`: milliseconds from frame to frame. `busy`: processor seconds of the page's own thread, which a loaded
    machine does not lengthen. `long_tasks`: of 50 ms or more."""

    gaps: list[float]
    busy: float
    long_tasks: int

    @property
    def in_time(self) -> float:
        """Percent."""
        return 100 * float(np.mean(np.array(self.gaps) <= _IN_TIME_MS))

    @property
    def described(self) -> str:
        slow = f"95 % of them within {percentile(self.gaps, 95):.0f} ms, the slowest {max(self.gaps):.0f} ms"
        busy = f"{1000 * self.busy / len(self.gaps):.1f} ms of the page's processor time each"
        return f"{len(self.gaps)} frames, {busy}, {slow}; {self.long_tasks} long tasks"


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

    def wheel(self, pixels: float) -> None:
        self._page.mouse.wheel(0, pixels)

    def pan(self, seconds: float) -> None:
        """In circles with the middle button."""
        x, y = self.place(2)
        mouse = self._page.mouse
        mouse.move(x, y)
        mouse.down(button="middle")

        def move(share: float) -> None:
            angle = 4 * math.pi * share * seconds / 4
            mouse.move(x + 160 * math.sin(angle), y + 120 * (1 - math.cos(angle)))

        paced(seconds, move)
        mouse.up(button="middle")

    def frames(self, act: Callable[[], None]) -> Frames:
        """What was drawn while this was done."""
        processor = self._page.context.new_cdp_session(self._page)
        processor.send("Performance.enable", {"timeDomain": "threadTicks"})

        def busy() -> float:
            metrics = processor.send("Performance.getMetrics")["metrics"]
            return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

        before = busy()
        self._page.evaluate(_RECORD)
        act()
        seen = self._page.evaluate("() => ((benchFrames.going = false), benchFrames)")
        return Frames(np.diff(seen["frames"]).tolist(), busy() - before, len(seen["tasks"]))

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


def paced(seconds: float, act: Callable[[float], None]) -> None:
    """As often as a mouse tells of itself; told which share of the time has passed."""
    start = time.monotonic()
    done = 0
    while (passed := time.monotonic() - start) < seconds:
        act(passed / seconds)
        done += 1
        time.sleep(max(0.0, start + done * _EVENT_SECONDS - time.monotonic()))
