"""How smoothly a picture of 12 megapixels with 300 masks is moved and zoomed: the share of frames drawn in time."""

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from ....domain.masks import encode_rle
from .. import pictures
from ..rows import Row, Target
from ..watching import Frames, WatchedPage, paced
from ..workbench import Workbench

_TARGET = Target(">=", 95)
_COLUMNS, _ROWS = 20, 15  # of masks
_LABELS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00")
_SETTLE_SECONDS = 1.5
_KINDS = (("2d", "2D canvas"), ("webgl2", "WebGL2, forced"))


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
            for name, doing, act in (
                ("pan", "moving it, whole in view", WatchedPage.pan),
                ("zoom", "zooming with the wheel", _zoom),
                ("near", "moving it, zoomed in", WatchedPage.pan),
            ):
                bench.say(f"frames: {title}, {doing}")
                seen = watched.frames(partial(act, watched, seconds))
                time.sleep(_SETTLE_SECONDS)
                yield _row(f"frames.{kind}.{name}", f"{title}, {doing}", renderer, seen)
            page.close()


def _row(name: str, title: str, renderer: str, seen: Frames) -> Row:
    note = seen.described
    note += "" if name.split(".")[1] == renderer else f"; drawn with {renderer}"
    return Row(name, title, seen.in_time, "%", samples=len(seen.gaps), target=_TARGET, note=note)


def _zoom(watched: WatchedPage, seconds: float) -> None:
    """In and out about a place, twice, and in again."""
    watched.hover(*watched.place(2))
    paced(seconds, lambda share: watched.wheel(-12 if int(share * 5) % 2 == 0 else 12))


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
