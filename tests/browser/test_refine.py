"""An accepted object is taken up again with its own clicks; the candidate one usually accepts is shown first."""

import numpy as np
import requests
from playwright.sync_api import expect

from server.domain.masks import decode_rle, encode_rle
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life


def test_an_object_is_refined_with_its_own_clicks(annotating, server):
    picture = still_life(80)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=wasm")
    x, y = picture.objects[0].centre
    annotate.click(x, y)
    annotate.click(x + 30, y)
    annotate.leave()
    kept = annotate.accept()
    annotate.key("]")
    annotate.key("r")
    annotate.until("() => shown.decoded.peek() !== null && shown.prompt.peek().feedback !== null")
    assert len(annotate.prompt()["points"]) == 2
    assert iou(annotate.painted(), decode_rle(kept["rle"])) > 0.999
    accept = annotate.page.get_by_role("button", name=f"Update {kept['label']}")
    expect(accept).to_be_visible()

    annotate.key("Escape")
    assert annotate.annotations() == [kept | {"saved": True}]
    annotate.key("Control+z")  # the refining comes back
    annotate.until("() => shown.prompt.peek().points.length === 2")
    annotate.click(x, y + 30)
    annotate.leave()
    refined = annotate.painted()
    annotate.key("Enter")
    annotate.until("() => samphire.annotations()[0].prompts.length === 5")
    annotate.saved()
    (saved,) = native.annotations()
    assert iou(decode_rle(saved["rle"]), refined) > 0.999
    assert [saved[name] for name in ("id", "label", "color", "z")] == [
        kept[name] for name in ("id", "label", "color", "z")
    ]
    annotate.key("Control+z")  # one step back: as it was before it was updated, with the prompt
    annotate.saved()
    (before,) = native.annotations()
    assert (before["rle"], before["prompts"]) == (kept["rle"], kept["prompts"])
    assert len(annotate.prompt()["points"]) == 3


def test_an_object_without_clicks_is_refined_from_its_mask(annotating, server):
    picture = still_life(81)
    native = Native.upload(server.base, picture)
    mask = picture.mask(0)
    drawn = {"label": "object", "color": "#e69f00", "rle": encode_rle(np.asfortranarray(mask))}
    requests.post(f"{native.url}/annotations", json=drawn, timeout=30).raise_for_status()
    annotate = annotating().open(native.image, "?decoder=wasm")
    annotate.key("]")
    annotate.key("r")
    annotate.until("() => shown.decoded.peek() !== null")
    annotate.leave()
    assert annotate.prompt()["box"] is not None
    assert iou(annotate.painted(), mask) > 0.9
    annotate.key("Enter")
    annotate.until("() => samphire.annotations()[0].segmenter !== null")
    annotate.saved()
    (saved,) = native.annotations()
    assert iou(decode_rle(saved["rle"]), mask) > 0.9
    assert saved["prompts"] == []  # they would not make this mask


def test_the_candidate_one_usually_accepts_is_shown_first(annotating, server):
    picture = still_life(82)
    annotate = annotating().open(Native.upload(server.base, picture).image, "?decoder=wasm")
    for each in picture.objects[:3]:
        annotate.click(*each.centre)
        areas = annotate.ask("shown.decoded.peek().candidates.map((each) => each.areaFraction)")
        assert annotate.page.locator(".usual").is_hidden()
        for _ in range((int(np.argmin(areas)) - annotate.choice()) % 3):
            annotate.key("Tab")
        annotate.leave()
        annotate.accept()
    annotate.click(30, 30)
    areas = annotate.ask("shown.decoded.peek().candidates.map((each) => each.areaFraction)")
    assert annotate.choice() == int(np.argmin(areas))
    note = annotate.page.locator(".usual")
    assert note.inner_text().endswith("usually a small part")
    note.get_by_role("button", name="Reset: show").click()
    note.wait_for(state="hidden")
    annotate.key("Escape")
    annotate.click(30, 30)
    assert annotate.choice() == annotate.ask("shown.decoded.peek().best")
