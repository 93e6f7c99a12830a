"""Bundles segment without a server: one opened as a file, and one in a folder of a static host."""

import io
import json
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pycocotools import mask as coco

from server.app import build_services
from server.config import Settings
from server.domain.policy import OWNER
from server.features.bundles.page import write_file, write_folder
from server.runtime.queue.eager import EagerQueue
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.serving import serving

HOSTILE_NAME = "<!--<script>document.title = 'taken'.png"
HOSTILE_LABEL = "</script><script>document.title = 'taken'</script>"


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """Two images, the second with a hostile name, in a project with a hostile label."""
    services = build_services(Settings(data=str(tmp_path_factory.mktemp("bundle"))), EagerQueue)
    ids = [
        services.uploads.add(OWNER, io.BytesIO(still_life(seed).data), name)[0].id
        for seed, name in ((71, "still life.png"), (72, HOSTILE_NAME))
    ]
    label = {"name": HOSTILE_LABEL, "color": "#1f77b4"}
    services.labels.replace(OWNER, "default", {"labels": [label], "version": 1})
    yield services.bundles.content(OWNER, "default", ids)
    services.close()


@contextmanager
def hosted(folder: Path):
    """A static host of this folder, its address, and the paths that were asked for."""
    asked: list[str] = []

    class Files(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            asked.append(self.path)

    with serving(partial(Files, directory=str(folder))) as base:
        yield base, asked


def click_object(page: Page, eventually, x: float, y: float) -> None:
    eventually(lambda: page.evaluate("window.samphire?.doc?.work.value.phase") == "ready")
    at = page.evaluate("([x, y]) => samphire.stage.onPage({ x, y })", [x, y])
    page.mouse.click(at["x"], at["y"])
    page.get_by_role("radio").first.wait_for()


def taken_coco(page: Page) -> dict:
    with page.expect_download() as download:
        page.get_by_role("button", name="COCO").click()
    return json.loads(Path(download.value.path()).read_text())


def test_one_file_segments_by_itself(content, bundled, new_page, eventually, tmp_path):
    file = tmp_path / "demo.html"
    with file.open("wb") as out:
        out.writelines(write_file(content, bundled))
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    click_object(page, eventually, 230, 210)
    field = page.get_by_label("Label of the next object")
    expect(field).to_have_value(HOSTILE_LABEL)
    field.fill("orange")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Accept as orange").click()
    rows = page.get_by_role("list", name="Objects").get_by_role("listitem")
    expect(rows).to_have_text(["orange"])

    page.get_by_role("button", name="Next image").click()
    expect(page.locator(".demo-name")).to_have_text(HOSTILE_NAME)
    expect(rows).to_have_count(0)
    click_object(page, eventually, 610, 190)
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(rows).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(rows).to_have_count(1)

    made = taken_coco(page)
    assert [each["file_name"] for each in made["images"]] == ["still life.png", HOSTILE_NAME]
    assert [each["name"] for each in made["categories"]] == ["orange"]
    truth = [still_life(71).mask(0), still_life(72).mask(1)]
    for annotation, mask in zip(made["annotations"], truth, strict=True):
        found = coco.decode(annotation["segmentation"]).astype(bool)
        assert (found & mask).sum() / (found | mask).sum() > 0.9
        assert annotation["area"] == found.sum()
    assert page.title() == "My images – Samphire"
    assert [each for each in asked if not each.startswith(("data:", "blob:"))] == [file.as_uri()]


def test_a_folder_segments_from_a_static_host(content, bundled, new_page, eventually, tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    write_folder(content, bundled, folder)
    with hosted(folder) as (base, asked):
        page = new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{base}/")
        click_object(page, eventually, 230, 210)
        page.get_by_role("button", name="Accept as").click()
        expect(page.get_by_role("list", name="Objects").get_by_role("listitem")).to_have_count(1)
        assert taken_coco(page)["annotations"][0]["image_id"] == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert len(set(asked)) <= 13


def test_the_annotate_page_gives_its_image_away(annotating, server):
    image = Native.upload(server.base, still_life(73)).image
    annotate = annotating().open(image, "?decoder=server")
    annotate.page.get_by_role("button", name="Export").click()
    with annotate.page.expect_download() as download:
        annotate.page.get_by_role("link", name="Page to take away").click()
    assert download.value.suggested_filename == "still-life-73.png.html"
    written = Path(download.value.path()).read_text()
    assert f'data-carried="{image["id"]}.embedding"' in written
