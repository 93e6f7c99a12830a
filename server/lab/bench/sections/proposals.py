"""1,000 proposed masks on a picture of 12 megapixels: how soon the one under the pointer is lit, and how smoothly all
is moved."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from ....domain.runs import Window, write_window
from .. import pictures
from ..figures import median, percentile
from ..rows import Row, Target, missing, spread
from ..watching import WatchedPage
from ..workbench import Workbench

_HOVER, _FRAME = Target("<", 16), Target("<=", 16.7)
_COLUMNS, _ROWS = 40, 25
_SETTLE_SECONDS = 1.5
_WAIT_MS = 60_000
_SHOWN = f"() => document.querySelector('canvas.proposals')?.dataset.masks === '{_COLUMNS * _ROWS}'"

# From each move of the pointer to the change of the mask that is lit.
_WATCH = """
() => {
  const seen = (window.benchLit = []);
  let moved = null;
  addEventListener("pointermove", (event) => (moved = event.timeStamp), { capture: true });
  new MutationObserver(() => {
    if (moved !== null) seen.push(performance.now() - moved);
    moved = null;
  }).observe(document.querySelector(".proposal-lit"), { attributes: true, attributeFilter: ["data-proposal"] });
}
"""


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.TWELVE_MEGAPIXELS)
    answer = _proposed(image)
    with bench.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.route("**/proposals", lambda route: route.fulfill(json=answer))
        watched = WatchedPage(page, bench.server, image)
        bench.say(f"proposals: {_COLUMNS * _ROWS} masks")
        watched.press("z")
        page.wait_for_function(_SHOWN, timeout=_WAIT_MS)
        time.sleep(_SETTLE_SECONDS)
        page.evaluate(_WATCH)
        for i in range(bench.times(200, 20)):
            watched.hover(*watched.place(i))
            time.sleep(0.03)
        lit = page.evaluate("() => benchLit")
        title = f"The mask under the pointer of {_COLUMNS * _ROWS}, 95th percentile"
        if lit:
            note = f"median {median(lit):.1f} ms; from the pointer's move until the page has lit it"
            yield Row(
                "proposals.hover",
                title,
                percentile(lit, 95),
                "ms",
                samples=len(lit),
                target=_HOVER,
                note=note,
            )
        else:
            yield missing("proposals.hover", title, "No mask was lit.", _HOVER)
        seen = watched.frames(lambda: watched.pan(bench.times(4, 1)))
        title = "From frame to frame while the picture is moved under them"
        note = f"{seen.in_time:.0f} % in time; {seen.described}"
        yield spread("proposals.pan", title, seen.gaps, "ms", _FRAME, note)


def _proposed(image: dict[str, Any]) -> dict[str, Any]:
    """As the server lists them: discs all over the picture, each over a part of its neighbours."""
    width, height = image["width"], image["height"]
    chance = np.random.default_rng(1)
    proposals = []
    for number in range(_COLUMNS * _ROWS):
        x = int((number % _COLUMNS + 0.5) * width / _COLUMNS)
        y = int((number // _COLUMNS + 0.5) * height / _ROWS)
        radius = int(chance.uniform(40, 90))
        left, top = max(0, x - radius), max(0, y - radius)
        right, bottom = min(width, x + radius), min(height, y + radius)
        rows, columns = np.mgrid[top:bottom, left:right]
        mask = np.hypot(rows - y, columns - x) < radius
        proposals.append(
            {
                "id": f"{number:032x}",
                "rle": {
                    "size": [height, width],
                    "counts": write_window(Window(mask, left, top), width, height),
                },
                "area": int(mask.sum()),
                "bbox": [left, top, right - left, bottom - top],
                "predicted_iou": 0.95,
                "stability_score": 0.97,
                "point": [x, y],
                "crop_box": [0, 0, width, height],
            }
        )
    made = {
        "segmenter": "mobile_sam",
        "weights": "0" * 64,
        "settings": None,
        "complete": True,
        "ahead": False,
    }
    return {"proposals": proposals, **made, "created_at": None, "created_by": None, "running": False}
