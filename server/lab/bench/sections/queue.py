"""Going on to the next image of a project: from the key to the drawn preview under the resting mouse."""

import time
from collections.abc import Iterator
from typing import Any

from ..rows import Row, Target, missing, spread
from ..watching import WatchedPage
from ..workbench import Workbench

_TARGET = Target("<", 300)
_HEIGHT = 640  # of these pictures alone, so that their names find them
_WORK_SECONDS = 3.0  # a person looks at an image at least this long
_WAIT_SECONDS = 20.0

# When the key went down, and when the first preview of the image that it led to was drawn.
_WATCH = """
async () => {
  const { signals } = window.samphire;
  window.benchSteps = [];
  let pressed = null;
  addEventListener("keydown", (event) => {
    pressed = { at: event.timeStamp, from: signals.image.peek().id };
  }, { capture: true });
  signals.hover.subscribe((answer) => {
    if (!answer || !pressed || signals.image.peek().id === pressed.from) return;
    const { at } = pressed;
    pressed = null;
    window.samphire.onceDrawn((time) => window.benchSteps.push(time - at));
  });
}
"""


def measure(bench: Workbench) -> Iterator[Row]:
    steps = bench.times(6, 2)
    images = [bench.image((1000 + 8 * i, _HEIGHT)) for i in range(steps + 1)]
    with bench.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        watched = WatchedPage(page, bench.server, images[0], search=f"x{_HEIGHT}")
        page.evaluate(_WATCH)
        watched.hover(*watched.place(1))
        bench.say("queue: on to the next image")
        ready = [each for _ in range(steps) if (each := _step(page, _WORK_SECONDS)) is not None]
        if not ready:
            yield missing("queue.ahead", "Next image until its preview", "No preview was drawn.", _TARGET)
            return
        note = f"{images[0]['width']}x{_HEIGHT}, after {_WORK_SECONDS:.0f} s on the image before"
        yield spread("queue.ahead", "Next image until its preview", ready, "ms", _TARGET, note)


def _step(page: Any, pause_seconds: float) -> float | None:
    """Milliseconds, None when no preview was drawn."""
    before = page.evaluate("() => window.benchSteps.length")
    time.sleep(pause_seconds)
    page.keyboard.press("d")
    deadline = time.monotonic() + _WAIT_SECONDS
    while page.evaluate("() => window.benchSteps.length") == before:
        if time.monotonic() > deadline:
            return None
        time.sleep(0.02)
    return page.evaluate("() => window.benchSteps.at(-1)")
