"""Images of whoever has a bundle that carries the encoder, or tries a project: encoded in the browser."""

import io
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from pycocotools import mask as coco

from server.app import build_services
from server.config import Settings
from server.domain.policy import OWNER
from server.features.bundles.page import write_file, write_folder
from server.runtime.queue.eager import EagerQueue
from tests.browser.bundles import click_object, hosted, objects, taken_coco
from tests.browser.pictures import still_life
from tests.browser.team import Shop
from tests.browser.test_links import follow

ENCODING_MS = 240_000  # in one thread, by code that is not optimized


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """An image, and the encoder."""
    services = build_services(Settings(data=str(tmp_path_factory.mktemp("own"))), EagerQueue)
    image, _ = services.uploads.add(OWNER, io.BytesIO(still_life(76).data), "theirs.png")
    yield services.bundles.content(OWNER, "default", [image.id], own_images=True)
    services.close()


@pytest.fixture
def folder(content, bundled, tmp_path):
    written = tmp_path / "demo"
    written.mkdir()
    write_folder(content, bundled, written)
    return written


def choose(page, *files: tuple[str, bytes]) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open image").click()
    chooser.value.set_files([{"name": name, "mimeType": "image/png", "buffer": data} for name, data in files])


def iou(a, b) -> float:
    return (a & b).sum() / (a | b).sum()


def test_a_file_segments_an_image_of_whoever_has_it_as_the_server_does(
    content, bundled, new_page, eventually, tmp_path
):
    file = tmp_path / "demo.html"
    with file.open("wb") as out:
        out.writelines(write_file(content, bundled))
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    picture = still_life(76)
    for name in ("theirs.png", "mine.png"):
        if name == "mine.png":
            choose(page, (name, picture.data))
            expect(page.locator(".demo-name")).to_have_text(name, timeout=ENCODING_MS)
        click_object(page, eventually, *picture.objects[0].centre)
        page.keyboard.press("Enter")
        expect(objects(page)).to_have_count(1)
    made = taken_coco(page)
    assert [each["file_name"] for each in made["images"]] == ["theirs.png", "mine.png"]
    theirs, mine = (coco.decode(each["segmentation"]).astype(bool) for each in made["annotations"])
    assert iou(mine, picture.mask(0)) > 0.9
    assert iou(mine, theirs) > 0.98
    assert [each for each in asked if not each.startswith(("data:", "blob:"))] == [file.as_uri()]


def test_the_encoder_is_fetched_when_it_is_wanted_with_progress_and_can_be_cancelled(
    folder, new_page, problems
):
    with hosted(folder) as (base, asked):
        page = new_page()
        held = []
        page.route("**/encoder.onnx", lambda route: held.append(route))
        page.goto(f"{base}/")
        progress = page.locator(".own-progress")
        expect(progress).to_be_hidden()
        choose(page, ("mine.png", still_life(77).data), ("more.png", still_life(78).data))
        expect(progress).to_contain_text("mine.png: loading the encoder")
        assert "/encoder/encoder.onnx" not in asked
        progress.get_by_role("button", name="Cancel").click()
        expect(progress).to_be_hidden()
        assert len(held) == 1

        page.unroute("**/encoder.onnx")
        choose(page, ("mine.png", still_life(77).data))
        expect(progress).to_contain_text("mine.png: encoding in this browser", timeout=ENCODING_MS)
        progress.get_by_role("button", name="Cancel").click()
        expect(progress).to_be_hidden()
        expect(page.locator(".demo-steps")).to_be_hidden()


def test_what_is_no_image_is_told_and_the_next_is_taken(folder, new_page, eventually):
    with hosted(folder) as (base, asked):
        page = new_page()
        page.goto(f"{base}/")
        choose(page, ("text.png", b"no image"), ("mine.png", still_life(77).data))
        alert = page.locator(".demo-own .notice")
        expect(alert).to_contain_text("Couldn't add text.png. This browser can't read the image.")
        alert.get_by_role("button", name="Dismiss").click()
        expect(alert).to_have_count(0)
        expect(page.locator(".demo-name")).to_have_text("mine.png", timeout=ENCODING_MS)
        assert asked.count("/encoder/encoder.onnx") == 1
        page.get_by_role("button", name="Previous image").click()
        expect(page.locator(".demo-name")).to_have_text("theirs.png")
        click_object(page, eventually, 230, 210)


def test_a_file_that_brings_no_encoder_offers_none(content, bundled, new_page, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    write_folder(replace(content, encoder=None), bundled, bare)
    with hosted(bare) as (base, _):
        page = new_page()
        page.goto(f"{base}/")
        expect(page.get_by_role("button", name="COCO")).to_be_visible()
        expect(page.get_by_role("button", name="Open image")).to_have_count(0)
        page.close()  # before its host: it loads still


def test_who_tries_a_project_segments_images_that_are_not_sent(team, new_page, eventually):
    shop = Shop(team, images=1)
    page = follow(new_page(), shop, shop.share("try"))
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Segment images without uploading them").click()
    own = popup.value
    expect(own.get_by_role("heading", name="Drop your images here")).to_be_visible()
    expect(own.get_by_role("button", name="COCO")).to_be_disabled()
    sent: list[str] = []
    own.on("request", lambda request: request.method == "GET" or sent.append(request.url))
    picture = still_life(79)
    choose(own, ("mine.png", picture.data))
    expect(own.locator(".demo-name")).to_have_text("mine.png", timeout=ENCODING_MS)
    expect(own.get_by_role("heading", name="Drop your images here")).to_be_hidden()
    click_object(own, eventually, *picture.objects[0].centre)
    expect(own.get_by_role("button", name="Accept as car")).to_be_visible()
    own.keyboard.press("Enter")
    expect(objects(own)).to_have_text(["car"])
    made = taken_coco(own)
    assert iou(coco.decode(made["annotations"][0]["segmentation"]).astype(bool), picture.mask(0)) > 0.9
    assert [each["name"] for each in made["categories"]] == ["car", "person"]
    assert sent == []
    assert [each["id"] for each in shop.max.ask("get", f"/api{shop.path}/images")["images"]] == [
        shop.images[0]["id"]
    ]
