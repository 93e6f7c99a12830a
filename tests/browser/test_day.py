"""A day of work in a project: twenty objects with every tool, storms of undo, a reload, a while offline; a picture with
the keyboard alone. What the server has at the end is what was drawn."""

import itertools

import numpy as np
import pytest
import requests

from server.domain.masks import decode_rle, tight_box
from server.lab.bench.scenes import Scene, drawn_scenes
from server.lab.evaluation.clicks import Clicker
from server.lab.evaluation.truth import Truth
from tests.browser.annotating import Annotating
from tests.browser.reading import reads

PICTURES, OBJECTS = 4, 5
LABELS = ("blob", "tile", "stone")
GOOD = 0.85
KEYPRESS = 12  # CSS pixels that an arrow key moves the pointer


class Worker:
    """Somebody who knows every object of the pictures and works through the project."""

    def __init__(self, annotate: Annotating, base: str) -> None:
        self.annotate, self.page, self.base = annotate, annotate.page, base
        self.scenes = list(drawn_scenes(PICTURES))
        self.project = self._ask(
            "post", "", json={"name": "A day", "guidelines": "Whole objects, *no* shadows."}
        )["id"]
        labels = [{"name": name, "color": f"#{i + 3}0a0{9 - i}0"} for i, name in enumerate(LABELS)]
        version = self._ask("get", f"/{self.project}/labels")["version"]
        self._ask("put", f"/{self.project}/labels", json={"labels": labels, "version": version})
        self.images = [
            self._ask("post", f"/{self.project}/images", files={"file": (f"{i} {scene.name}", scene.file)})
            for i, scene in enumerate(self.scenes)
        ]

    def _ask(self, method: str, path: str, **options):
        answer = requests.request(method, f"{self.base}/api/projects{path}", timeout=60, **options)
        assert answer.ok, answer.text
        return answer.json()

    def open(self, number: int) -> None:
        address = f"{self.base}/projects/{self.project}/images/{self.images[number]['id']}?decoder=wasm"
        self.page.goto(address, wait_until="domcontentloaded")
        self.annotate.arrived()

    def next(self) -> None:
        """Done, and on to the next."""
        before = self.annotate.image["id"]
        self.annotate.key("Shift+D")
        self.annotate.until("(id) => samphire.status().image.id !== id", before)
        self.annotate.arrived()

    def at(self, x: float, y: float) -> tuple[float, float]:
        left, top = self.page.evaluate("([x, y]) => samphire.onPage(x, y)", [float(x), float(y)])
        return left, top

    def draw(self, places) -> None:
        self.page.mouse.move(*self.at(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.at(*place))
        self.page.mouse.up()

    def count(self) -> int:
        return len(self.annotate.annotations())

    def keep(self, act) -> None:
        """Does what adds an object and waits for it."""
        before = self.count()
        act()
        self.annotate.until("(count) => samphire.annotations().length > count", before)

    def prompted(self, act) -> None:
        """A prompt, its answer, accepted."""
        before = self.annotate.note()
        act()
        self.annotate.answered(before)
        self.keep(lambda: self.annotate.key("Enter"))

    def masks(self) -> list[np.ndarray]:
        return [decode_rle(each["rle"]) for each in self.annotate.annotations()]

    def stored(self, number: int) -> list[dict]:
        return self._ask("get", f"/{self.project}/images/{self.images[number]['id']}/annotations")[
            "annotations"
        ]


def corners(truth: Truth, count: int = 60) -> list[tuple[float, float]]:
    """Places along the object's edge, seen from its middle."""
    x0, y0, x1, y1 = tight_box(truth.mask)
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    found = []
    for angle in np.linspace(0, 2 * np.pi, count, endpoint=False):
        reach = np.arange(0, 400, 0.5)
        x, y = middle_x + reach * np.cos(angle), middle_y + reach * np.sin(angle)
        inside = truth.mask[np.clip(y.astype(int), 0, 799), np.clip(x.astype(int), 0, 1199)]
        found.append((float(x[inside][-1]), float(y[inside][-1])))
    return found


def middle(truth: Truth) -> tuple[float, float]:
    click = Clicker(truth).next(np.zeros(truth.mask.shape, bool))
    assert click
    return click[0], click[1]


def by_point(worker: Worker, truth: Truth) -> None:
    worker.annotate.key("p")
    worker.prompted(lambda: worker.page.mouse.click(*worker.at(*middle(truth))))


def by_box(worker: Worker, truth: Truth) -> None:
    worker.annotate.key("b")
    x0, y0, x1, y1 = tight_box(truth.mask)
    worker.prompted(lambda: worker.draw([(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2), (x1, y1)]))


def by_scribble(worker: Worker, truth: Truth) -> None:
    worker.annotate.key("q")
    x, y = middle(truth)
    worker.prompted(lambda: worker.draw([(x - 45, y - 20), (x, y + 25), (x + 45, y - 15)]))


def by_lasso(worker: Worker, truth: Truth) -> None:
    worker.annotate.key("l")
    x, y = middle(truth)
    loop = [(x + 1.1 * (px - x), y + 1.1 * (py - y)) for px, py in corners(truth, 24)]
    worker.prompted(lambda: worker.draw([*loop, loop[0]]))


def by_polygon(worker: Worker, truth: Truth) -> None:
    worker.annotate.key("Escape", "g")

    def click_around() -> None:
        for place in corners(truth, 40):
            worker.page.keyboard.down("Control")  # no snapping
            worker.page.mouse.click(*worker.at(*place))
            worker.page.keyboard.up("Control")
        worker.annotate.key("Enter")

    worker.keep(click_around)
    worker.annotate.key("Escape")


def by_brush(worker: Worker, truth: Truth) -> None:
    worker.annotate.key("Escape", "k")
    _, y0, _, y1 = tight_box(truth.mask)
    rows = np.arange(y0 + 10, y1 - 8, 12)
    spans = [np.flatnonzero(truth.mask[int(row)]) for row in rows]
    zigzag = [
        place
        for row, span in zip(rows, spans, strict=True)
        if span.size > 20
        for place in ((span[0] + 8.0, row), (span[-1] - 8.0, row))
    ]
    while int(worker.page.locator(".tool-options:not([hidden]) output").inner_text().split()[0]) > 20:
        worker.annotate.key(",")
    while int(worker.page.locator(".tool-options:not([hidden]) output").inner_text().split()[0]) < 18:
        worker.annotate.key(".")
    worker.keep(lambda: worker.draw(zigzag))
    worker.annotate.key("Escape")


TOOLS = (by_point, by_box, by_scribble, by_lasso, by_polygon, by_brush)


def ious(worker: Worker, scene: Scene, rles: list[dict]) -> list[float]:
    """Each object of the scene with the nearest mask."""
    masks = [decode_rle(rle) for rle in rles]
    best = []
    for truth in scene.objects[: len(masks)]:
        both = [np.count_nonzero(mask & truth.mask) / np.count_nonzero(mask | truth.mask) for mask in masks]
        best.append(max(both))
    return best


@pytest.fixture
def worker(annotating, server, problems):
    problems.allow(r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|WebSocket connection .* failed")  # offline
    annotate = annotating(viewport={"width": 1440, "height": 900})
    return Worker(annotate, server.base)


def test_twenty_objects_with_every_tool(worker):
    tools = itertools.cycle(TOOLS)
    worker.open(0)
    for number, scene in enumerate(worker.scenes):
        for i, truth in enumerate(scene.objects[:OBJECTS]):
            worker.annotate.key(str(1 + i % len(LABELS)))
            if number == 2 and i == 1:
                worker.annotate.saved()
                worker.page.context.set_offline(True)
            next(tools)(worker, truth)
        if number == 0:
            undo_storm(worker)
        if number == 1:
            before = worker.annotate.annotations()
            worker.annotate.saved()
            worker.page.reload(wait_until="domcontentloaded")
            worker.annotate.arrived()
            assert {each["id"]: each["rle"] for each in worker.annotate.annotations()} == {
                each["id"]: each["rle"] for each in before
            }
        if number == 2:
            assert len(worker.stored(2)) == 1  # what was made before the line went
            worker.page.context.set_offline(False)
        worker.annotate.saved()
        if number < PICTURES - 1:
            worker.next()
    for number, scene in enumerate(worker.scenes):
        stored = worker.stored(number)
        assert len(stored) == OBJECTS
        assert min(ious(worker, scene, [each["rle"] for each in stored])) > GOOD
        assert [each["label"] for each in stored] == [LABELS[i % len(LABELS)] for i in range(OBJECTS)]
    counts = worker._ask("get", f"/{worker.project}")["counts"]
    held = {state: count for state, count in counts.items() if count}
    assert held == {"in_progress": 1, "done": PICTURES - 1}


def undo_storm(worker: Worker) -> None:
    """Everything back and forth, twice: the same objects, pixel for pixel, here and on the server."""
    there = {each["id"]: each["rle"] for each in worker.annotate.annotations()}
    for _ in range(2):
        for _ in range(80):
            worker.annotate.key("Control+z")
        worker.annotate.until("() => samphire.annotations().length === 0")
        for _ in range(80):
            worker.annotate.key("Control+Shift+z")
        worker.annotate.until("(count) => samphire.annotations().length === count", len(there))
    assert {each["id"]: each["rle"] for each in worker.annotate.annotations()} == there
    worker.annotate.saved()
    assert {each["id"]: each["rle"] for each in worker.stored(0)} == there


def test_a_picture_with_the_keyboard_alone(worker):
    worker.open(0)
    key = worker.annotate.key
    worker.page.locator("#stage").focus()
    key("Shift+G")
    reads(worker.page.get_by_role("dialog", name="Guidelines").locator("em"), "no")
    key("Escape")
    pointer = None
    for i, truth in enumerate(worker.scenes[0].objects[:3]):
        key(str(i + 1), "p")
        pointer = point_at(worker, *middle(truth), pointer)
        worker.prompted(lambda: key("Space"))
    assert min(ious(worker, worker.scenes[0], [each["rle"] for each in worker.annotate.annotations()])) > GOOD
    key("[", "Delete")
    assert worker.count() == 2
    key("Control+z")
    assert worker.count() == 3
    worker.annotate.saved()
    worker.next()
    assert sorted(each["label"] for each in worker.stored(0)) == sorted(LABELS)


def point_at(worker: Worker, x: float, y: float, start: tuple[float, float] | None) -> tuple[float, float]:
    """Moves the keyboard's pointer from `start` (None: it is not shown yet) to about there; where it is then, in CSS
    pixels of the page."""
    if start is None:
        worker.annotate.key("ArrowRight")  # shows it in the middle
        stage = worker.annotate.stage()
        start = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    goal = worker.at(x, y)
    across, down = (round((to - at) / KEYPRESS) for to, at in zip(goal, start, strict=True))
    worker.annotate.key(*["ArrowRight" if across > 0 else "ArrowLeft"] * abs(across))
    worker.annotate.key(*["ArrowDown" if down > 0 else "ArrowUp"] * abs(down))
    return start[0] + across * KEYPRESS, start[1] + down * KEYPRESS
