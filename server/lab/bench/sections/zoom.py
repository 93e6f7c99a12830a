"""Zooming into a picture of 12 megapixels: from the last turn of the wheel to the first preview that is decoded in the
part in view."""

import time
from collections.abc import Iterator
from typing import Any

from .. import pictures
from ..rows import Row, Target, missing, spread
from ..watching import WatchedPage
from ..workbench import Workbench

_TARGET = Target("<=", 1.5)
_NOTCHES, _NOTCH_PIXELS, _NOTCH_SECONDS = 12, -120, 0.03
_MOVE_SECONDS = 0.05  # the hand never rests
_WAIT_SECONDS = 60.0
_TITLE = "Zoomed in until a preview in the part in view"

# When the wheel was turned last, and when the first preview in a window was drawn after that.
_WATCH = """
() => {
  const seen = (window.benchZoom = { turned: null, drawn: null });
  const note = (event) => ((seen.turned = event.timeStamp), (seen.drawn = null));
  addEventListener("wheel", note, { capture: true, passive: true });
  window.samphire.signals.hover.subscribe((answer) => {
    const within = answer?.candidates[answer.best]?.lowRes.within;
    if (within && seen.turned !== null) window.samphire.onceDrawn((time) => (seen.drawn ??= time));
  });
}
"""


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.TWELVE_MEGAPIXELS)
    with bench.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        watched = WatchedPage(page, bench.server, image)
        page.evaluate(_WATCH)
        wanted = bench.times(6, 1)
        seconds = []
        for i in range(wanted):
            bench.say(f"zoom: into part {i + 1}")
            seen = _zoom(page, watched, i)
            if seen is not None:
                seconds.append(seen)
        if not seconds:
            yield missing("zoom.mask", _TITLE, "No preview was drawn.", _TARGET)
            return
        note = "from the last turn of the wheel; each part is encoded for the first time"
        note += "" if len(seconds) == wanted else f"; {wanted - len(seconds)} were not drawn"
        yield spread("zoom.mask", _TITLE, seconds, "s", _TARGET, note)


def _zoom(page: Any, watched: WatchedPage, i: int) -> float | None:
    """Into the i-th place and out again; seconds, None when nothing was drawn."""
    x, y = watched.place(i)
    watched.hover(x, y)
    for _ in range(_NOTCHES):
        watched.wheel(_NOTCH_PIXELS)
        time.sleep(_NOTCH_SECONDS)
    deadline, moved = time.monotonic() + _WAIT_SECONDS, 0
    while (seen := page.evaluate("() => benchZoom"))["drawn"] is None and time.monotonic() < deadline:
        moved += 1
        watched.hover(x + moved % 2, y)
        time.sleep(_MOVE_SECONDS)
    watched.press("0")
    return None if seen["drawn"] is None else (seen["drawn"] - seen["turned"]) / 1000
