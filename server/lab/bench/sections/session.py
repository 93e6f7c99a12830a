"""A session of a scripted annotator: objects a minute, clicks for each, and how long each waited for Samphire."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....domain.masks import decode_rle
from ..annotator import AIM_SECONDS, GOOD_ENOUGH, KEY_SECONDS, MOST_CLICKS, Annotator, Done, Proposed
from ..rows import Row, Target, spread
from ..scenes import Scene, drawn_scenes, photographed_scenes
from ..workbench import Workbench

_PROJECT = "/api/projects"
_KEYS = ("1", "2", "3")
_NEXT = Target("<", 300)


def measure(bench: Workbench) -> Iterator[Row]:
    scenes = list(_scenes(bench))
    objects = sum(len(scene.objects) for scene in scenes)
    bench.say(f"session: {objects} objects on {len(scenes)} pictures")
    done, moves, minutes = _work(bench, scenes, prefilled=False)
    yield from _rows(done, moves, minutes, scenes)
    bench.say("session: the same with masks proposed ahead")
    done, _, minutes = _work(bench, scenes, prefilled=True)
    yield from _prefilled_rows(done, minutes)


def _work(bench: Workbench, scenes: list[Scene], prefilled: bool) -> tuple[list[Done], list[float], float]:
    """What became of the objects, milliseconds to each next image, and minutes."""
    project, images = _project_of(bench, scenes)
    offered = [_proposed(bench, project, image) if prefilled else [] for image in images]
    done: list[Done] = []
    moves: list[float] = []
    with bench.chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        address = f"/projects/{project}/images/{images[0]['id']}?decoder=wasm"
        annotator = Annotator(page, bench.server.url + address)
        start = time.monotonic()
        for number, scene in enumerate(scenes):
            if number:
                moves.append(annotator.next_image(scene.objects[0]))
            keys = [_KEYS[i % len(_KEYS)] for i in range(len(scene.objects))]
            taken = (
                [None] * len(keys) if not prefilled else annotator.take(offered[number], scene.objects, keys)
            )
            for truth, key, already in zip(scene.objects, keys, taken, strict=True):
                done.append(already or annotator.annotate(truth, key))
        minutes = (time.monotonic() - start) / 60
    return done, moves, minutes


def _proposed(bench: Workbench, project: str, image: dict[str, Any]) -> list[Proposed]:
    """Has the image proposed as the page asks for it, and what of that the page shows."""
    path = f"{_PROJECT}/{project}/images/{image['id']}/proposals"
    _ask(bench, "POST", path, {})
    found = json.loads(_ask(bench, "GET", path))["proposals"]
    return [Proposed(each["id"], decode_rle(each["rle"]).astype(bool)) for each in found]


def _prefilled_rows(done: list[Done], minutes: float) -> Iterator[Row]:
    clicks = sum(each.clicks for each in done)
    note = "proposals that are good enough are taken by one click, the others made by hand; proposing not counted"
    yield Row(
        "session.prefilled.objects",
        "Objects a minute, proposed ahead",
        len(done) / minutes,
        "/min",
        note=note,
    )
    yield Row(
        "session.prefilled.clicks", "Clicks for an object, mean", clicks / len(done), "", samples=len(done)
    )
    quality = sum(each.iou for each in done) / len(done)
    yield Row("session.prefilled.iou", "IoU of what was accepted, mean", quality, "", samples=len(done))


def _rows(done: list[Done], moves: list[float], minutes: float, scenes: list[Scene]) -> Iterator[Row]:
    of_what = f"{len(done)} objects on {len(scenes)} pictures, {scenes[0].name} the first"
    pace = f"{AIM_SECONDS:g} s before each click, {KEY_SECONDS:g} s before each key; label, accept, next image included"
    yield Row("session.objects", "Objects a minute", len(done) / minutes, "/min", note=f"{of_what}; {pace}")
    note = "from button or key to the drawn result, all clicks of the object and its acceptance"
    yield spread(
        "session.waiting", "Waiting for an object", [each.waited_ms for each in done], "ms", note=note
    )
    clicks = [ms for each in done for ms in each.click_ms]
    yield spread("session.click", "of it: a click", clicks, "ms", note="previewed while the pointer rests")
    mean = sum(each.clicks for each in done) / len(done)
    note = f"until IoU {GOOD_ENOUGH:g}, at most {MOST_CLICKS}"
    yield Row("session.clicks", "Clicks for an object, mean", mean, "", samples=len(done), note=note)
    quality = sum(each.iou for each in done) / len(done)
    yield Row("session.iou", "IoU of what was accepted, mean", quality, "", samples=len(done))
    if moves:
        note = "from the key to the first preview drawn; read and encoded ahead"
        yield spread("session.next", "To the next image", moves, "ms", target=_NEXT, note=note)


def _scenes(bench: Workbench) -> Iterator[Scene]:
    """Photographs where SAMPHIRE_EVAL_DATA names some with objects, else drawn ones."""
    folder = Path(os.environ.get("SAMPHIRE_EVAL_DATA", ""), "eval", "berkeley")
    if os.environ.get("SAMPHIRE_EVAL_DATA") and folder.is_dir():
        yield from photographed_scenes(folder, bench.times(20, 2))
    else:
        yield from drawn_scenes(bench.times(4, 2))


def _project_of(bench: Workbench, scenes: list[Scene]) -> tuple[str, list[dict[str, Any]]]:
    """A project with the pictures, in this order, and labels with keys: its id and its images."""
    project = json.loads(_ask(bench, "POST", _PROJECT, {"name": "Session"}))["id"]
    labels = [{"name": f"kind {key}", "color": f"#{key * 6}", "key": key} for key in _KEYS]
    version = json.loads(_ask(bench, "GET", f"{_PROJECT}/{project}/labels"))["version"]
    _ask(bench, "PUT", f"{_PROJECT}/{project}/labels", {"labels": labels, "version": version})
    return project, [
        bench.server.encoded(f"{number:03d} {scene.name}", scene.file, f"{_PROJECT}/{project}/images")
        for number, scene in enumerate(scenes)
    ]


def _ask(bench: Workbench, method: str, path: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    return bench.server.ask(method, path, data, {"Content-Type": "application/json"})[1]
