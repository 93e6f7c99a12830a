"""Boxes become masks from the project's page, are checked, and are boxes again."""

import json

import numpy as np
from playwright.sync_api import expect

from server.domain.masks import encode_rle
from tests.browser.pictures import one_object
from tests.browser.projects import api


def a_box(annotation_id):
    mask = one_object(120, 80).mask()
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    box = np.zeros_like(mask)
    box[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return {"id": annotation_id, "label": "disc", "color": "#e69f00", "rle": encode_rle(box)}


def test_boxes_become_masks_and_boxes_again(new_page, server, project):
    path = f"/{project['id']}/images/{project['images'][1]['id']}/annotations"
    box = api(server, path, a_box(f"boxed-{project['id']}"))
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    row = page.locator(".mask-row")
    expect(row).to_contain_text("1 object is a box without a mask")
    row.get_by_role("button", name="Turn boxes into masks").click()
    expect(row).to_contain_text("1 object got a mask.", timeout=60_000)
    [mask] = api(server, path)["annotations"]
    assert (mask["segmenter"], mask["version"]) == ("mobile_sam", 2)
    x, y, width, height = box["bbox"]
    assert mask["prompts"] == [{"kind": "box", "box": [x, y, x + width, y + height]}]
    row.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("1 object is a box without a mask")
    [again] = api(server, path)["annotations"]
    assert (again["rle"], again["segmenter"]) == (box["rle"], None)
    row.get_by_role("button", name="Dismiss").click()
    expect(row).to_be_hidden()


def test_everything_becomes_objects_of_a_label(new_page, server, project):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    page.locator(".tile").nth(3).wait_for()
    page.get_by_role("button", name="Add images").click()
    page.get_by_role("menuitem", name="Automatic masks").click()
    dialog = page.get_by_role("dialog", name="Automatic masks")
    dialog.get_by_label("Result").select_option("objects")
    dialog.get_by_label("Label", exact=True).fill("thing")
    dialog.get_by_label("Points per side").fill("4")
    least = dialog.get_by_label("Minimum stability")
    expect(least).to_be_hidden()
    dialog.get_by_text("Advanced").click()
    expect(least).to_have_value("0.95")
    dialog.get_by_label("Crop layers").fill("1")
    dialog.get_by_label("Minimum predicted IoU").fill("0.8")
    dialog.get_by_label("Minimum area").fill("20")
    asked = []

    def without_crops(route):
        asked.append(route.request.post_data_json)
        route.continue_(post_data=json.dumps({**asked[0], "crop_n_layers": 0}))

    page.route("**/mask-runs/automatic", without_crops)
    dialog.get_by_role("button", name="Start").click()
    row = page.locator(".mask-row")
    expect(row.get_by_role("button", name="Undo")).to_be_visible(timeout=90_000)
    assert asked[0] == {
        "points_per_side": 4,
        "fast": True,
        "label": "thing",
        "crop_n_layers": 1,
        "pred_iou_thresh": 0.8,
        "stability_score_thresh": 0.95,
        "box_nms_thresh": 0.7,
        "min_mask_region_area": 20,
    }
    expect(row).to_contain_text("were made.")
    paths = [f"/{project['id']}/images/{image['id']}/annotations" for image in project["images"]]
    found = [api(server, path)["annotations"] for path in paths]
    assert [each["label"] for each in found[0]] == ["disc"]
    assert {each["label"] for objects in found[1:] for each in objects} == {"thing"}
    row.get_by_role("button", name="Undo").click()
    expect(row).to_be_hidden()
    assert [len(api(server, path)["annotations"]) for path in paths] == [1, 0, 0, 0]
