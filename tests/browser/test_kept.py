"""What was accepted stays: over a reload, over a restart of the server; renamed, deleted, taken back, exported."""

import json

import pytest
import requests
from playwright.sync_api import expect
from pycocotools import mask as coco
from pycocotools.coco import COCO

from server.domain.masks import decode_rle
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.browser.reading import reads, shows
from tests.browser.screen import assert_on_screen
from tests.web.live.running import Server


def accept_two(annotate, picture) -> list[dict]:
    kept = []
    for each in picture.objects[:2]:
        annotate.click(*each.centre)
        kept.append(annotate.accept())
    annotate.leave()
    return kept


def test_accepted_objects_survive_a_reload(annotating, server):
    picture = still_life(20)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=wasm")
    annotate.leave()
    bare = annotate.screenshot()
    points = []
    for each in picture.objects[:2]:
        points.append(annotate.click(*each.centre))
        painted = annotate.painted()
        kept = annotate.accept()
        assert iou(decode_rle(kept["rle"]), painted) > 0.999
        assert kept["area"] == decode_rle(kept["rle"]).sum()
        assert annotate.prompt() == {"points": [], "box": None}
    annotate.leave()

    saved = native.annotations()
    for annotation, (x, y), each in zip(saved, points, (0, 1), strict=True):
        (step,) = annotation["prompts"]
        assert (step["kind"], step["label"]) == ("point", 1)
        assert (step["x"], step["y"]) == pytest.approx((x, y), abs=0.01)
        assert annotation["weights"] == annotate.image["embedding"]["weights"]
        assert iou(decode_rle(annotation["rle"]), picture.mask(each)) > 0.9
    assert [each["id"] for each in annotate.annotations()] == [each["id"] for each in saved]

    def assert_painted() -> None:
        both = decode_rle(saved[0]["rle"]) | decode_rle(saved[1]["rle"])
        on_screen, _ = annotate.to_screen(both)
        assert_on_screen(annotate, bare, on_screen)

    assert_painted()
    annotate.page.reload()
    annotate.arrived()
    assert [each["rle"] for each in annotate.annotations()] == [each["rle"] for each in saved]
    expect(annotate.page.locator(".object-row")).to_have_count(2)
    annotate.leave()
    assert_painted()


def test_renamed_and_deleted_and_taken_back(annotating, server):
    picture = still_life(21)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=wasm")
    first, second = accept_two(annotate, picture)
    page = annotate.page
    rows = page.locator(".object-row")

    rows.last.locator(".name").dblclick()  # the uppermost is the first
    page.get_by_label("Label of this object").fill("fruit")
    page.keyboard.press("Enter")
    annotate.until("() => samphire.annotations()[0].label === 'fruit'")
    annotate.saved()
    labels = {each["id"]: each["label"] for each in native.annotations()}
    assert labels == {first["id"]: "fruit", second["id"]: second["label"]}
    reads(rows.last.locator(".name"), "fruit")

    annotate.key("Control+z")
    annotate.until("(was) => samphire.annotations()[0].label === was", first["label"])
    annotate.saved()
    assert native.annotations()[0]["label"] == first["label"]

    rows.first.locator(".name").click()
    annotate.key("Delete")
    annotate.until("() => samphire.annotations().length === 1")
    annotate.saved()
    rows.nth(1).wait_for(state="detached")
    annotate.saved()
    assert [each["id"] for each in native.annotations()] == [first["id"]]

    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 2")
    annotate.saved()
    assert {each["id"] for each in native.annotations()} == {first["id"], second["id"]}

    # Undone once more, the mask is being made again, with its prompt.
    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 1")
    assert len(annotate.prompt()["points"]) == 1
    assert iou(annotate.painted(), decode_rle(second["rle"])) > 0.999


def test_coco_export_from_the_menu(annotating, server, tmp_path):
    picture = still_life(22)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=wasm")
    kept = accept_two(annotate, picture)
    page = annotate.page
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_text("COCO, this image").click()
    file = tmp_path / "objects.json"
    download.value.save_as(file)
    data = COCO(str(file))
    (image,) = data.loadImgs(data.getImgIds())
    assert (image["file_name"], image["width"], image["height"]) == (picture.name, 900, 600)
    objects = data.loadAnns(data.getAnnIds())
    assert len(objects) == 2
    for exported, annotation in zip(objects, kept, strict=True):
        assert exported["iscrowd"] == 0
        assert (coco.decode(exported["segmentation"]) == decode_rle(annotation["rle"])).all()
        assert data.loadCats(exported["category_id"])[0]["name"] == annotation["label"]
    everything = requests.get(f"{server.base}/api/export/coco", timeout=30).json()
    assert len(everything["annotations"]) >= 2
    assert len(json.loads(file.read_text())["images"]) == 1


def test_a_restart_keeps_pictures_and_objects(annotating, tmp_path):
    picture = still_life(23)
    server = Server(tmp_path)
    try:
        native = Native.upload(server.base, picture)
        annotate = annotating(base=server.base).open(native.image, "?decoder=wasm")
        kept = accept_two(annotate, picture)
        annotate.page.close()
    finally:
        assert server.stop() == 0
    server = Server(tmp_path)
    try:
        annotate = annotating(base=server.base).open(native.image, "?decoder=wasm")
        assert [each["rle"] for each in annotate.annotations()] == [each["rle"] for each in kept]
        annotate.click(*picture.objects[2].centre)
        assert iou(annotate.painted(), picture.mask(2)) > 0.9
        annotate.page.goto(f"{server.base}/projects/default")
        card = annotate.page.get_by_role("link", name=picture.name)
        card.wait_for()
        shows(card, "2 objects")
    finally:
        annotate.page.close()
        assert server.stop() == 0
