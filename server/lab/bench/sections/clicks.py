"""Clicks as a person feels them: from the mouse button to the frame with the mask; and how often previews follow."""

import time
from collections.abc import Iterator
from typing import Any

from .. import pictures
from ..rows import Row, missing, spread
from ..watching import WatchedPage
from ..workbench import Workbench

_AT_ONCE, _RESTED = 0.0, 0.6  # seconds between reaching a place and clicking it
_HELD = 0.08  # seconds that people hold a mouse button in a click, about
_MOVES_A_SECOND = 60


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.SMALL)
    with bench.chromium() as browser:
        watched = WatchedPage(browser.new_page(viewport={"width": 1280, "height": 800}), bench.server, image)
        bench.say("clicks: real mouse clicks")
        wanted = bench.times(40, 4)
        seen = _clicks(watched, wanted, _AT_ONCE)
        if not seen:
            yield missing("clicks.painted", "Click to painted", "No mask was drawn for any click.")
            return
        threads = f"{seen[0]['where']} with {seen[0]['threads']} threads"
        note = f"{threads}, {image['width']}x{image['height']}; from the button's release to the drawn frame"
        note += "" if len(seen) == wanted else f"; {wanted - len(seen)} clicks drew no new mask"
        yield spread("clicks.painted", "Click to painted", [click["ms"] for click in seen], "ms", note=note)
        answered = [click["answeredMs"] for click in seen]
        yield spread("clicks.answered", "of it: until the answer is in the page", answered, "ms")
        decodes = [click["decodeMs"] for click in seen]
        yield spread("clicks.decode", "of it: decoding in the worker", decodes, "ms")
        held = [click["ms"] for click in _clicks(watched, wanted, _AT_ONCE, _HELD)]
        if held:
            note = f"the button is down for {1000 * _HELD:.0f} ms, as a person's"
            yield spread("clicks.held", "Click to painted with the button held", held, "ms", note=note)
        rested = [click["ms"] for click in _clicks(watched, wanted, _RESTED)]
        if rested:
            note = "the preview's answer is taken"
            yield spread(
                "clicks.rested", "Click to painted where the pointer rested", rested, "ms", note=note
            )
        bench.say("clicks: previews under a moving mouse")
        yield _hover_rate(watched, bench.times(6, 1))


def _clicks(
    watched: WatchedPage, wanted: int, pause_seconds: float, held_seconds: float = 0.0
) -> list[dict[str, Any]]:
    """What was seen of each click that drew a mask; two more warm up and are not counted."""
    seen = []
    for i in range(wanted + 2):
        click = watched.click(i, pause_seconds, held_seconds)
        watched.press("Escape")
        if click and i >= 2:
            seen.append(click)
    return seen


def _hover_rate(watched: WatchedPage, seconds: float) -> Row:
    """Previews drawn a second while the mouse moves all the time."""
    before = len(watched.hovers())
    start = time.monotonic()
    moves = 0
    while (passed := time.monotonic() - start) < seconds:
        moves += 1
        (x0, y0), (x1, y1) = watched.place(int(passed)), watched.place(int(passed) + 1)
        share = passed % 1
        watched.hover(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
        time.sleep(max(0.0, start + moves / _MOVES_A_SECOND - time.monotonic()))
    drawn = len(watched.hovers()) - before
    note = f"the mouse moved {moves / passed:.0f} times a second"
    return Row("clicks.hover", "Previews under a moving mouse", drawn / passed, "/s", note=note)
