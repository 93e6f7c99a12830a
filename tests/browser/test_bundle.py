"""Bundles segment without a server: one opened as a file, and one in a folder of a static host."""

import io
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Frame, Page, expect
from pycocotools import mask as coco

from server.app import build_services
from server.config import Settings
from server.domain.policy import OWNER
from server.features.bundles.page import write_file, write_folder
from server.runtime.queue.eager import EagerQueue
from tests.browser.bundles import click_object, hosted, objects, taken_coco
from tests.browser.desk import Desk
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.browser.test_keyboard_touch import PHONE

HOSTILE_NAME = "<!--<script>document.title = 'taken'.png"
FRAME = """<!doctype html><title>Outside</title><link rel="icon" href="icons/favicon.svg">
<iframe src="index.html" width="1000" height="700"></iframe>
<script>
  const ready = [];
  addEventListener("message", ({ data }) => data.image && ready.push(data.image.name));
</script>"""
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


@pytest.fixture
def file(content, bundled, tmp_path):
    """The bundle as one file."""
    written = tmp_path / "demo.html"
    with written.open("wb") as out:
        out.writelines(write_file(content, bundled))
    return written


@pytest.fixture
def folder(content, bundled, tmp_path):
    """The bundle for a static host."""
    written = tmp_path / "demo"
    written.mkdir()
    write_folder(content, bundled, written)
    return written


def test_one_file_segments_by_itself(file, new_page, eventually):
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
    rows = objects(page)
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
    assert [each["name"] for each in made["categories"]] == [HOSTILE_LABEL, "orange"]
    truth = [still_life(71).mask(0), still_life(72).mask(1)]
    for annotation, mask in zip(made["annotations"], truth, strict=True):
        found = coco.decode(annotation["segmentation"]).astype(bool)
        assert (found & mask).sum() / (found | mask).sum() > 0.9
        assert annotation["area"] == found.sum()
    assert page.title() == "My images – Samphire"
    assert [each for each in asked if not each.startswith(("data:", "blob:"))] == [file.as_uri()]


def would_ask(page: Page | Frame) -> bool:
    """Whether the page objects to being closed."""
    return page.evaluate("() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def test_a_folder_segments_from_a_static_host(folder, new_page, eventually):
    with hosted(folder) as (base, asked):
        page = new_page()
        page.goto(f"{base}/")
        click_object(page, eventually, 230, 210)
        page.get_by_role("button", name="Accept as").click()
        expect(objects(page)).to_have_count(1)
        assert taken_coco(page)["annotations"][0]["image_id"] == 1
        assert len(set(asked)) <= 13


def test_closing_is_objected_to_while_no_file_has_the_objects_of_all_images(folder, new_page, eventually):
    with hosted(folder) as (base, _):
        page = new_page()
        page.goto(f"{base}/")
        assert not would_ask(page)
        click_object(page, eventually, 230, 210)
        page.keyboard.press("Enter")
        eventually(lambda: would_ask(page))
        page.get_by_role("button", name="Next image").click()
        expect(objects(page)).to_have_count(0)
        assert would_ask(page)
        taken_coco(page)
        eventually(lambda: not would_ask(page))
        page.get_by_role("button", name="Previous image").click()
        expect(objects(page)).to_have_count(1)
        assert not would_ask(page)
        page.get_by_role("button", name="Delete", exact=False).click()
        expect(objects(page)).to_have_count(0)
        assert not would_ask(page)  # nothing is left to lose


def test_a_frame_leaves_closing_to_its_page_and_tells_it_of_each_image(folder, new_page, eventually):
    (folder / "frame.html").write_text(FRAME)
    with hosted(folder) as (base, _):
        page = new_page()
        page.goto(f"{base}/frame.html")
        eventually(lambda: page.evaluate("ready") == ["still life.png"])
        frame = page.frames[1]
        page.evaluate("frames[0].postMessage({ samphire: 'prompt', points: [[230, 210]] }, '*')")
        frame.get_by_role("radio").first.wait_for()
        frame.get_by_role("button", name="Accept as").click()
        expect(objects(frame)).to_have_count(1)
        assert not would_ask(frame)
        frame.get_by_role("button", name="Next image").click()
        eventually(lambda: page.evaluate("ready") == ["still life.png", HOSTILE_NAME])


def test_what_is_not_done_is_said_beside_the_image(folder, new_page, eventually):
    with hosted(folder) as (base, _):
        page = new_page()
        page.goto(f"{base}/")
        eventually(lambda: page.evaluate("window.samphire?.doc?.work.value.phase") == "ready")
        page.evaluate("samphire.doc.refuse('Not like this.')")
        expect(page.locator(".refusal")).to_be_visible()
        expect(page.locator(".refusal")).to_have_text("Not like this.")


def test_the_file_on_a_phone(file, new_page, eventually):
    page = new_page(**PHONE)
    page.goto(file.as_uri())
    eventually(lambda: page.evaluate("window.samphire?.doc?.work.value.phase") == "ready")
    before = page.locator("#stage").bounding_box()
    at = page.evaluate("samphire.stage.onPage({ x: 230, y: 210 })")
    page.touchscreen.tap(at["x"], at["y"])
    page.get_by_role("radio").nth(1).tap()
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    page.get_by_label("Label of the next object").fill(
        "a label that is far too long for the button of a phone"
    )
    page.keyboard.press("Enter")
    accept, drop = (page.get_by_role("button", name=name) for name in ("Accept as a label", "Clear prompt"))
    assert accept.bounding_box()["y"] == pytest.approx(drop.bounding_box()["y"], abs=4)
    assert page.locator("#stage").bounding_box() == before  # what the finger is at stays there
    accept.tap()
    expect(objects(page)).to_have_count(1)
    assert page.locator("#stage").bounding_box() == before
    assert len(taken_coco(page)["annotations"]) == 1
    for size in ({"width": 390, "height": 844}, {"width": 844, "height": 390}):
        page.set_viewport_size(size)
        eventually(lambda: page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        for name in ("Point", "Undo", "Download all objects as COCO"):
            expect(page.get_by_title(name).first).to_be_in_viewport()


def test_its_coco_is_the_server_s(server, new_page, eventually, tmp_path):
    desk = Desk(server.base)
    kinds = [{"name": "occluded", "type": "flag", "required": False, "choices": []}]
    desk.label({"name": "cup", "group": "dishes", "attributes": kinds}, {"name": "unused"})
    pictures = [desk.picture(seed) for seed in (74, 75)]
    for image in pictures:
        desk.draw(image, [("cup", (20, 20, 60, 90)), ("cup", (60, 40, 50, 30))])
    [first, *_] = desk.objects(pictures[0])
    values = {"occluded": True, "iscrowd": True}
    address = f"{server.base}/api/annotations/{first['id']}?project={desk.id}"
    assert requests.patch(address, json={"attributes": values, "version": 1}, timeout=30).ok
    ids = ",".join(each["id"] for each in pictures)
    file = tmp_path / "demo.html"
    project = f"{server.base}/api/projects/{desk.id}"
    file.write_bytes(requests.get(f"{project}/bundle?images={ids}&objects=1", timeout=120).content)
    theirs = requests.get(f"{project}/export/coco", timeout=30).json()
    page = new_page()
    page.goto(file.as_uri())
    expect(objects(page)).to_have_count(2)
    assert taken_coco(page) == theirs


def test_the_annotate_page_gives_its_image_away(annotating, server):
    image = Native.upload(server.base, still_life(73)).image
    annotate = annotating().open(image, "?decoder=server")
    annotate.page.get_by_role("button", name="Export").click()
    with annotate.page.expect_download() as download:
        annotate.page.get_by_role("link", name="Offline page").click()
    assert download.value.suggested_filename == "still-life-73.png.html"
    written = Path(download.value.path()).read_text()
    assert f'data-carried="{image["id"]}.embedding"' in written
