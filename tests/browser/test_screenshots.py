"""The documentation's pictures of the program, made by the program: SAMPHIRE_SCREENSHOTS=1 writes them anew."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PIL import Image
from playwright.sync_api import Page

from server.features.pictures.sample import draw_sample
from server.lab.bench.scenes import drawn_scenes
from tests.browser.conftest import WITHOUT_GPU
from tests.browser.team import Team
from tests.web.live.running import running

FOLDER = Path(__file__).parents[2] / "docs"
SIZES = {"laptop": (1440, 900), "phone": (390, 844), "wide": (2200, 1200)}
PAGES = ("home", "project", "settings", "annotate", "share", "polygon")
MOST_BYTES = 250_000
GUIDELINES = (
    "Whole objects, **without** shadows.\n\n- Far pebbles: leave them out.\n- In doubt: *needs attention*."
)
LABELS = [
    {"name": "boat", "color": "#e69f00", "key": "1", "attributes": [
        {"name": "sails", "type": "choice", "required": True, "choices": ["set", "furled"]}]},
    {"name": "lighthouse", "color": "#009e73", "key": "2"},
    {"name": "rock", "color": "#cc79a7", "key": "3"},
    {"name": "pebble", "color": "#5ae1ff", "key": "4"},
    {"name": "sun", "color": "#780096", "key": "5"},
]  # fmt: skip
# Places in the sample picture, image frame, by the key of their label.
OBJECTS = [
    ("4", (640, 730)), ("4", (842, 722)), ("4", (1070, 734)), ("2", (160, 160)), ("3", (300, 540)), ("3", (1000, 490)),
    ("3", (1130, 520)), ("5", (955, 112)),
]  # fmt: skip
ACTIVE = (720, 350)  # the sail: the mask being made


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES)
def test_pictures_of_the_pages(page, size, made):
    with Image.open(FOLDER / f"{page}-{size}.webp") as image:
        assert image.size == SIZES[size]
        assert image.format == "WEBP"
    assert (FOLDER / f"{page}-{size}.webp").stat().st_size < MOST_BYTES


@pytest.fixture(scope="module")
def made(tmp_path_factory, chromium):
    if not os.environ.get("SAMPHIRE_SCREENSHOTS"):
        return

    def each_size() -> Iterator[tuple[str, Page]]:
        for size, (width, height) in SIZES.items():
            options = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce"}
            context = chromium(*WITHOUT_GPU).new_context(
                **options, color_scheme="dark", has_touch=size == "phone"
            )
            yield size, context.new_page()
            context.close()

    with running(tmp_path_factory.mktemp("pictured")) as server:
        place = _fill(requests.Session(), server.base)
        for size, page in each_size():
            _take(page, server.base, place, size)
    folder = tmp_path_factory.mktemp("team")
    with running(folder, "--team") as server:
        person = Team(server.base, folder).person("Ana")
        place = _fill(person.browser, server.base)
        for size, page in each_size():
            _take_link(person.enter(page), server.base, place, size)


def _fill(http: requests.Session, base: str) -> tuple[str, str]:
    """A project at work, and another; (project, image) of the sample picture."""
    api = f"{base}/api/projects"
    project = http.post(api, json={"name": "Shore", "guidelines": GUIDELINES}).json()["id"]
    version = http.get(f"{api}/{project}/labels").json()["version"]
    http.put(f"{api}/{project}/labels", json={"labels": LABELS, "version": version}).raise_for_status()
    image = _upload(http, f"{api}/{project}", "shore.png", draw_sample())
    other = http.post(api, json={"name": "Tiles"}).json()["id"]
    for number, scene in enumerate(drawn_scenes(23)):
        added = _upload(
            http, f"{api}/{project if number < 17 else other}", f"view {number:02d}.jpg", scene.file
        )
        state = ("new", "new", "in_progress", "done", "done", "attention", "skipped")[number % 7]
        if number < 17:
            http.patch(f"{api}/{project}/images/{added}", json={"state": state}).raise_for_status()
    for key, (x, y) in OBJECTS:
        label = next(label for label in LABELS if label["key"] == key)
        prompt = {"points": [[x, y, 1]]}
        predicted = http.post(f"{base}/api/images/{image}/predict", json=prompt, timeout=120).json()
        best = predicted["candidates"][predicted["best"]]
        body = {
            "label": label["name"], "color": label["color"], "rle": best["rle"], "predicted_iou": best["predicted_iou"],
            "stability_score": best["stability_score"], "prompts": [{"kind": "point", "x": x, "y": y, "label": 1}],
            "segmenter": "mobile_sam", "candidate": best["token"],
        }  # fmt: skip
        http.post(f"{api}/{project}/images/{image}/annotations", json=body).raise_for_status()
    return project, image


def _upload(http: requests.Session, project: str, name: str, picture: bytes) -> str:
    answer = http.post(f"{project}/images", files={"file": (name, picture)}, timeout=60)
    answer.raise_for_status()
    return answer.json()["id"]


def _take(page: Page, base: str, place: tuple[str, str], size: str) -> None:
    project, _ = place
    address = f"/projects/{project}"
    for name, path in {"home": "/", "project": address, "settings": f"{address}/settings"}.items():
        page.goto(base + path, wait_until="networkidle")
        _shoot(page, name, size)
    _segment(page, base, place)
    _shoot(page, "annotate", size)
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.mouse.click(*page.evaluate("(place) => samphire.onPage(...place)", [160, 160]))
    page.keyboard.press("g")
    _shoot(page, "polygon", size)


def _take_link(page: Page, base: str, place: tuple[str, str], size: str) -> None:
    _segment(page, base, place)
    page.keyboard.press("Shift+S")
    dialog = page.get_by_role("dialog", name="Share")
    dialog.get_by_role("radio", name="Try").check()
    dialog.get_by_role("button", name="Create link").click()
    dialog.get_by_role("img", name="QR code for the link").wait_for()
    _shoot(page, "share", size)


def _segment(page: Page, base: str, place: tuple[str, str]) -> None:
    """The page of the sample picture, with a mask that is being made."""
    page.goto(f"{base}/projects/{place[0]}/images/{place[1]}?decoder=wasm")
    while not page.evaluate("() => window.samphire?.status().work.phase === 'ready'"):
        page.wait_for_timeout(100)
    page.keyboard.press("1")
    page.mouse.click(*page.evaluate("(place) => samphire.onPage(...place)", list(ACTIVE)))
    page.locator(".candidates").wait_for()


def _shoot(page: Page, name: str, size: str) -> None:
    page.wait_for_timeout(800)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.save(FOLDER / f"{name}-{size}.webp", quality=85, method=6)
