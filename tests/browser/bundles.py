"""What tests of bundles do with one: opened from a file or a static host, clicked, and its objects taken."""

import json
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from playwright.sync_api import Frame, Locator, Page

from tests.serving import serving


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


def objects(page: Page | Frame) -> Locator:
    return page.get_by_role("list", name="Objects").get_by_role("listitem")


def taken_coco(page: Page) -> dict:
    with page.expect_download() as download:
        page.get_by_role("button", name="COCO").click()
    return json.loads(Path(download.value.path()).read_text())
