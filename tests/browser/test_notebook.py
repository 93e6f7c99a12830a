"""What a notebook's cell shows segments: a share link's image, and a bundle."""

import pytest
from playwright.sync_api import Page

from server.client import Client
from tests.browser.pictures import still_life
from tests.serving import Quiet, serving


@pytest.fixture
def client(team):
    """A person's program."""
    asked = {"name": "notebook", "scope": "manage", "days": 1}
    with Client(team.base, team.person().ask("post", "/api/account/tokens", asked)["secret"]) as client:
        yield client


@pytest.fixture
def image(client, tmp_path):
    path = tmp_path / "fruit.png"
    path.write_bytes(still_life(580).data)
    return client.images.upload(client.projects.create("Notebook"), path)


@pytest.fixture
def notebook():
    """The page of a notebook, of another site; `cells`: what it shows."""
    cells: list[str] = []

    class Notebook(Quiet):
        def do_GET(self) -> None:
            page = f"<!doctype html><title>Notebook</title><p>{'<p>'.join(cells)}"
            self.reply(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})

    with serving(Notebook) as base:
        yield base.replace("127.0.0.1", "localhost"), cells


def segment(page: Page, eventually) -> None:
    """Clicks an object in the frame and accepts its mask."""
    frame = page.frames[1]
    eventually(lambda: frame.evaluate("window.samphire?.doc?.work.value.phase") == "ready")
    x, y = still_life(580).objects[0].centre
    at = frame.evaluate("([x, y]) => samphire.stage.onPage({ x, y })", [x, y])
    held = page.locator("iframe").bounding_box()
    page.mouse.click(held["x"] + at["x"], held["y"] + at["y"])
    frame.get_by_role("radio").first.wait_for()
    page.keyboard.press("Enter")
    eventually(lambda: frame.evaluate("samphire.doc.objects.all.peek().length") == 1)
    area = frame.evaluate("samphire.doc.objects.all.peek()[0].area")
    assert area == pytest.approx(still_life(580).mask(0).sum(), rel=0.1)


def test_a_link_s_image_segments_in_a_cell(client, image, notebook, new_page, eventually):
    address, cells = notebook
    link = client.links.create(image.project_id, "try", image=image)
    cells.append(link.show(height=600)._repr_html_())
    page = new_page()
    page.goto(address)
    segment(page, eventually)
    assert list(client.annotations.list(image)) == []


def test_a_bundle_segments_in_a_cell_and_reaches_nothing_else(client, image, notebook, new_page, eventually):
    address, cells = notebook
    cells.append(client.images.show(image, height=600)._repr_html_())
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    segment(page, eventually)
    assert page.frames[1].evaluate("origin") == "null"
    assert [each for each in asked if not each.startswith(("data:", "blob:", "about:", address))] == []
