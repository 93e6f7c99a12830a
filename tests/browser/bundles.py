"""What tests of bundles do with one: opened from a file or a static host, clicked, and its objects taken."""

import json
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Frame, Locator, Page


@contextmanager
def hosted(folder: Path):
    """A static host of this folder, its address, and the paths that were asked for."""
    asked: list[str] = []

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            asked.append(self.path)

    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{host.server_port}", asked
    finally:
        host.shutdown()
        host.server_close()


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
