"""Memory of the page with a 12-megapixel photograph over 200 clicks; and whether it decodes as fast as a small
one."""

import time
from collections.abc import Iterator
from typing import Any

from .. import pictures
from ..figures import pair_ratio
from ..rows import Missing, Row, Target, spread
from ..watching import WatchedPage
from ..workbench import Workbench

_TARGET = Target("<", 400_000_000)
_AS_FAST = Target("<=", 1.1)
_POINTS_AN_OBJECT = 4
_SETTLE_SECONDS = 3
_DECODES = """
async ({ image, points }) => {
  await window.samphire.open(image);
  const times = [];
  for (const [x, y] of points) times.push((await window.samphire.predict({ points: [[x, y, 1]] })).ms);
  return times.slice(1);
}
"""


def measure(bench: Workbench) -> Iterator[Row]:
    psutil = _psutil()
    small, large = bench.image(pictures.SMALL_OF_SAME_SHAPE), bench.image(pictures.TWELVE_MEGAPIXELS)
    with bench.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        watched = WatchedPage(page, bench.server, large)
        processes = browser.new_browser_cdp_session()
        clicks = bench.times(200, 6)
        _click(watched, 2)
        yield _own_memory("memory.before", "Tab after 2 clicks", _renderer_bytes(psutil, processes), "")
        bench.say(f"memory: {clicks} clicks on 12 megapixels")
        drawn = _click(watched, clicks)
        after = _renderer_bytes(psutil, processes)
        yield _own_memory("memory.after", f"Tab after {clicks} clicks", after, f"{drawn} masks drawn; ")
        if "pss" in after:
            note = "PSS: a share of Chromium's own code and of what is shared with its other processes"
            yield Row("memory.after.pss", "with its share of shared memory", after["pss"], "B", note=note)
        note = "RSS: Chromium's own code and all shared memory counted in full"
        yield Row("memory.after.rss", "with all shared memory", after["rss"], "B", note=note)
        objects = _accept(watched, bench.times(10, 2))
        accepted = page.evaluate("() => window.samphire.annotations().length")
        title, note = f"Tab with {objects} objects more", f"{accepted} accepted and shown; "
        yield _own_memory("memory.accepted", title, _renderer_bytes(psutil, processes), note)
        bench.say("memory: decoding 12 megapixels and a small picture in turn")
        yield from _as_fast(bench, page, small, large)


def _psutil() -> Any:
    try:
        import psutil
    except ImportError:
        raise Missing("Reading the memory of processes needs psutil: `pip install psutil`.") from None
    return psutil


def _own_memory(name: str, title: str, memory: dict[str, int], note: str) -> Row:
    said = f"{note}the renderer process's own memory (USS)"
    return Row(name, title, memory["uss"], "B", target=_TARGET, note=said)


def _click(watched: WatchedPage, clicks: int) -> int:
    """Several points an object, then the next one; how many masks were drawn."""
    drawn = 0
    for i in range(clicks):
        drawn += watched.click(i, 0.0) is not None
        if (i + 1) % _POINTS_AN_OBJECT == 0:
            watched.press("Escape")
    watched.press("Escape")
    return drawn


def _accept(watched: WatchedPage, objects: int) -> int:
    """One click and Enter for each object."""
    for i in range(objects):
        watched.click(i, 0.0)
        watched.press("Enter")
    time.sleep(_SETTLE_SECONDS)  # full-size masks are made and drawn after the key
    return objects


def _renderer_bytes(psutil: Any, processes: Any) -> dict[str, int]:
    """{"uss", "rss"} and on Linux {"pss"} of the page's renderer: the largest, since Chromium keeps spare ones."""
    infos = processes.send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [info["id"] for info in infos if info["type"] == "renderer"]
    found = [psutil.Process(pid).memory_full_info()._asdict() for pid in renderers]
    return max(found, key=lambda memory: memory["uss"])


def _as_fast(bench: Workbench, page: Any, small: dict[str, Any], large: dict[str, Any]) -> Iterator[Row]:
    """Rounds on the one and the other picture in turn; the worker's milliseconds."""
    times: dict[str, list[float]] = {"small": [], "large": []}
    for turn in range(bench.times(4, 1)):
        for name, image in (("small", small), ("large", large)):
            shares = [(0.1 + 0.08 * i, 0.2 + 0.15 * turn) for i in range(bench.times(11, 3))]
            points = [(x * image["width"], y * image["height"]) for x, y in shares]
            times[name] += page.evaluate(_DECODES, {"image": image["id"], "points": points})
    for name, image in (("small", small), ("large", large)):
        title = f"Decoding in the page, {image['width']}x{image['height']}"
        yield spread(f"memory.decode.{name}", title, times[name], "ms")
    note = f"median of {len(times['large'])} pairs of the same shape, in the page"
    ratio = pair_ratio(times["large"], times["small"])
    title, count = "12 megapixels over small", len(times["large"])
    yield Row("memory.decode.ratio", title, ratio, "x", samples=count, target=_AS_FAST, note=note)
