"""How smoothly a picture of 12 megapixels with 300 masks is moved and zoomed: the share of frames drawn in time."""

import json
import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from ....domain.masks import encode_rle
from .. import pictures
from ..figures import percentile
from ..rows import Row, Target
from ..watching import WatchedPage
from ..workbench import Workbench

_TARGET = Target(">=", 95)
_COLUMNS, _ROWS = 20, 15  # of masks
_LABELS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00")
_EVENT_SECONDS = 1 / 120  # between two events of the mouse
_IN_TIME_MS = 1000 / 60 + 1  # frames come by a clock of 60 a second: one that is late takes two ticks or more
_SETTLE_SECONDS = 1.5
_KINDS = (("2d", "2D canvas"), ("webgl2", "WebGL2, forced"))

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


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.TWELVE_MEGAPIXELS)
    _annotate(bench, image)
    seconds = bench.times(4, 1)
    with bench.chromium() as browser:
        for kind, title in _KINDS:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            watched = WatchedPage(page, bench.server, image, render=kind)
            time.sleep(_SETTLE_SECONDS)
            renderer = page.evaluate("() => window.samphire.status().renderer")
            processor = browser.contexts[-1].new_cdp_session(page)
            processor.send("Performance.enable", {"timeDomain": "threadTicks"})
            for name, doing, act in (
                ("pan", "moving it, whole in view", _pan),
                ("zoom", "zooming with the wheel", _zoom),
                ("near", "moving it, zoomed in", _pan),
            ):
                bench.say(f"frames: {title}, {doing}")
                before = _main_thread_seconds(processor)
                page.evaluate(_RECORD)
                act(page, watched, seconds)
                seen = page.evaluate("() => ((benchFrames.going = false), benchFrames)")
                seen["busy"] = _main_thread_seconds(processor) - before
                time.sleep(_SETTLE_SECONDS)
                yield _row(f"frames.{kind}.{name}", f"{title}, {doing}", renderer, seen)
            page.close()


def _main_thread_seconds(processor: Any) -> float:
    """Processor time of the page's own thread so far: what a loaded machine does not lengthen."""
    metrics = processor.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def _row(name: str, title: str, renderer: str, seen: dict[str, Any]) -> Row:
    gaps = np.diff(seen["frames"])
    in_time = 100 * float(np.mean(gaps <= _IN_TIME_MS))
    slow = f"95 % of them within {percentile(gaps.tolist(), 95):.0f} ms, the slowest {gaps.max():.0f} ms"
    busy = f"{1000 * seen['busy'] / len(gaps):.1f} ms of the page's processor time each"
    note = f"{len(gaps)} frames, {busy}, {slow}; {len(seen['tasks'])} long tasks"
    note += "" if name.split(".")[1] == renderer else f"; drawn with {renderer}"
    return Row(name, title, in_time, "%", samples=len(gaps), target=_TARGET, note=note)


def _zoom(page: Any, watched: WatchedPage, seconds: float) -> None:
    """In and out about a place, twice, and in again."""
    page.mouse.move(*watched.place(2))
    _paced(seconds, lambda share: page.mouse.wheel(0, -12 if int(share * 5) % 2 == 0 else 12))


def _pan(page: Any, watched: WatchedPage, seconds: float) -> None:
    """In circles with the middle button."""
    x, y = watched.place(2)
    page.mouse.move(x, y)
    page.mouse.down(button="middle")

    def move(share: float) -> None:
        angle = 4 * math.pi * share * seconds / 4
        page.mouse.move(x + 160 * math.sin(angle), y + 120 * (1 - math.cos(angle)))

    _paced(seconds, move)
    page.mouse.up(button="middle")


def _paced(seconds: float, act: Any) -> None:
    start = time.monotonic()
    done = 0
    while (passed := time.monotonic() - start) < seconds:
        act(passed / seconds)
        done += 1
        time.sleep(max(0.0, start + done * _EVENT_SECONDS - time.monotonic()))


def _annotate(bench: Workbench, image: dict[str, Any]) -> None:
    """Rough discs all over the picture, some over others; as many as wanted, once."""
    path = f"/api/images/{image['id']}/annotations"
    there = json.loads(bench.server.ask("GET", path)[1])["annotations"]
    if len(there) >= _COLUMNS * _ROWS:
        return
    bench.say(f"frames: {_COLUMNS * _ROWS} masks")
    width, height = image["width"], image["height"]
    chance = np.random.default_rng(1)
    for number in range(_COLUMNS * _ROWS):
        x = (number % _COLUMNS + 0.5) * width / _COLUMNS
        y = (number // _COLUMNS + 0.5) * height / _ROWS
        mask = _blob(chance, x, y, chance.uniform(50, 150), width, height)
        label = number % len(_LABELS)
        body = {"label": f"label {label}", "color": _LABELS[label], "rle": encode_rle(mask)}
        bench.server.ask("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})


def _blob(
    chance: np.random.Generator, x: float, y: float, radius: float, width: int, height: int
) -> np.ndarray:
    """bool (H, W): a disc whose edge is rough as a network's."""
    mask = np.zeros((height, width), bool)
    reach = int(radius * 1.4)
    top, left = max(0, int(y) - reach), max(0, int(x) - reach)
    part = mask[top : int(y) + reach, left : int(x) + reach]
    down, across = np.mgrid[: part.shape[0], : part.shape[1]]
    dy, dx = down + top - y, across + left - x
    angle = np.arctan2(dy, dx)
    waves = sum(chance.uniform(0, 0.08) * np.sin(k * angle + chance.uniform(0, 6)) for k in (2, 3, 5, 9, 23))
    part[...] = np.hypot(dx, dy) < radius * (1 + waves)
    return mask
