"""Memory of the page with a 12-megapixel photograph over 200 clicks; and whether it decodes as fast as a small
one."""

from collections.abc import Iterator
from typing import Any

from server.bench import pictures
from server.bench.figures import pair_ratio
from server.bench.rows import Missing, Row, Target, missing, spread
from server.bench.watching import WatchedPage
from server.bench.workbench import Workbench

_TARGET = Target("<", 400_000_000)
_POINTS_AN_OBJECT = 4
_ACCEPT_EVERY = 20  # clicks
_EAGER = "--enable-blink-features=ForceEagerMeasureMemory"  # or the answer waits for the next collection
_MEASURE = """
async () => {
  if (!performance.measureUserAgentSpecificMemory) return null;
  const late = new Promise((resolve) => setTimeout(resolve, 30000, null));
  return (await Promise.race([performance.measureUserAgentSpecificMemory(), late]))?.bytes ?? null;
}
"""
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
    small, large = bench.image(pictures.SMALL), bench.image(pictures.TWELVE_MEGAPIXELS)
    with bench.chromium(flags=(_EAGER,)) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        watched = WatchedPage(page, bench.server, large)
        processes = browser.new_browser_cdp_session()
        clicks = bench.times(200, 6)
        _click(watched, 2)
        before = _renderer_bytes(psutil, processes)
        counted_before = page.evaluate(_MEASURE)
        bench.say(f"memory: {clicks} clicks on 12 megapixels")
        drawn = _click(watched, clicks)
        after = _renderer_bytes(psutil, processes)
        note = f"{drawn} clicks, an object accepted every {_ACCEPT_EVERY}; proportional share of shared pages"
        if "pss" not in after:
            note = f"{drawn} clicks; resident, shared pages counted in full: this system tells no better"
        headline = "pss" if "pss" in after else "rss"
        yield Row("memory.before", "Tab after 2 clicks", before[headline], "B", note="renderer process")
        yield Row(
            "memory.after", f"Tab after {clicks} clicks", after[headline], "B", target=_TARGET, note=note
        )
        if "pss" in after:
            shared = "with all of Chromium's shared pages"
            yield Row("memory.after.resident", "of it resident", after["rss"], "B", note=shared)
        yield from _counted(counted_before, page.evaluate(_MEASURE))
        bench.say("memory: decoding 12 megapixels and a small picture in turn")
        yield from _as_fast(bench, page, small, large)


def _psutil() -> Any:
    try:
        import psutil
    except ImportError:
        raise Missing("Reading the memory of processes needs psutil: `pip install psutil`.") from None
    return psutil


def _click(watched: WatchedPage, clicks: int) -> int:
    """Several points an object, now and then accepted; how many masks were drawn."""
    drawn = 0
    for i in range(clicks):
        drawn += watched.click(i, 0.0) is not None
        if (i + 1) % _ACCEPT_EVERY == 0:
            watched.press("Enter")
        elif (i + 1) % _POINTS_AN_OBJECT == 0:
            watched.press("Escape")
    watched.press("Escape")
    return drawn


def _renderer_bytes(psutil: Any, processes: Any) -> dict[str, int]:
    """{"rss", "pss"} of the page's renderer, the largest of them (Chromium keeps a spare one); pss on Linux only."""
    infos = processes.send("SystemInfo.getProcessInfo")["processInfo"]
    found = []
    for info in infos:
        if info["type"] == "renderer":
            memory = psutil.Process(info["id"]).memory_full_info()
            found.append({name: getattr(memory, name) for name in ("rss", "pss") if hasattr(memory, name)})
    return max(found, key=lambda memory: memory["rss"])


def _counted(before: int | None, after: int | None) -> Iterator[Row]:
    title = "Script, canvas and wasm memory, by the browser's count"
    if before is None or after is None:
        why = "performance.measureUserAgentSpecificMemory gave no answer in this browser."
        yield missing("memory.counted", title, why)
        return
    note = f"{before / 1e6:.0f} MB before the clicks"
    yield Row("memory.counted", title, after, "B", note=note)


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
    note = f"median of {len(times['large'])} pairs; 4:3 has a third more rows to upscale than 16:9"
    ratio = pair_ratio(times["large"], times["small"])
    yield Row(
        "memory.decode.ratio", "12 megapixels over small", ratio, "x", samples=len(times["large"]), note=note
    )
