"""One history for prompts, accepted masks and edits: undone and redone in the order they were done, also once saved."""

import requests
from playwright.sync_api import expect

from server.domain.masks import decode_rle
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life


def step(annotate, key: str) -> tuple[int, int, str]:
    """Objects, points of the prompt and the first object's label after a key."""
    annotate.key(key)
    return state(annotate)


def state(annotate) -> tuple[int, int, str]:
    objects = annotate.annotations()
    return len(objects), len(annotate.prompt()["points"]), objects[0]["label"] if objects else ""


def test_everything_is_undone_and_redone_in_its_order(annotating, server, eventually):
    picture = still_life(30)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=server")
    page = annotate.page
    first = picture.objects[0].centre

    annotate.click(*first)
    annotate.click(first[0] + 12, first[1])
    refined = annotate.painted()
    annotate.leave()
    kept = annotate.accept()
    was = kept["label"]
    page.get_by_label("New label").fill("fruit")
    page.keyboard.press("Enter")
    row = page.locator(".label-row", has_text="fruit")
    row.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    page.keyboard.press(row.locator("kbd").inner_text())
    annotate.until("() => samphire.annotations()[0].label === 'fruit'")
    annotate.saved()
    annotate.click(*picture.objects[1].centre)
    assert state(annotate) == (1, 1, "fruit")

    back = [(1, 0, "fruit"), (1, 0, was), (0, 2, ""), (0, 1, ""), (0, 0, "")]
    assert [step(annotate, "Control+z") for _ in back] == back
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    forth = [(0, 1, ""), (0, 2, ""), (1, 0, was), (1, 0, "fruit"), (1, 1, "fruit")]
    assert [step(annotate, "Control+Shift+z") for _ in forth] == forth
    annotate.saved()
    (saved,) = native.annotations()
    assert (saved["id"], saved["label"]) == (kept["id"], "fruit")
    assert iou(decode_rle(saved["rle"]), refined) > 0.999

    # A storm: keys faster than the server and the decoder answer.
    for _ in range(4):
        for _ in back:
            page.keyboard.press("Control+z")
        for _ in forth:
            page.keyboard.press("Control+y")
    eventually(lambda: state(annotate) == (1, 1, "fruit"))
    annotate.saved()
    (after,) = native.annotations()
    assert {**after, "version": 0, "updated_at": "", "created_at": ""} == {
        **saved, "version": 0, "updated_at": "", "created_at": "",
    }  # fmt: skip

    # What was taken back and done differently cannot be redone.
    annotate.key("Control+z")
    annotate.key("Control+z")
    annotate.click(*picture.objects[2].centre)
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()


def test_what_was_accepted_last_is_marked_and_not_selected(annotating, server):
    picture = still_life(36)
    annotate = annotating().open(Native.upload(server.base, picture).image, "?decoder=wasm")
    latest = annotate.page.locator(".object-row[data-latest]")
    for number in (0, 1):
        annotate.click(*picture.objects[number].centre)
        annotate.leave()
        kept = annotate.accept()
        expect(latest).to_have_attribute("data-id", kept["id"])
        expect(latest).to_have_attribute("aria-selected", "false")
    annotate.key("]")  # another is what matters now
    expect(latest).to_have_count(0)


def test_undo_says_what_it_takes_back(annotating, server):
    picture = still_life(31)
    annotate = annotating().open(Native.upload(server.base, picture).image, "?decoder=server")
    undo = annotate.page.get_by_role("button", name="Undo")
    annotate.click(*picture.objects[0].centre)
    assert undo.get_attribute("title") == "Undo: Point (Ctrl+Z)"
    annotate.leave()
    kept = annotate.accept()
    assert undo.get_attribute("title") == f"Undo: Accept {kept['label']} (Ctrl+Z)"
    annotate.key("Control+z")
    annotate.hears(f"Undone: Accept {kept['label']}")
    annotate.key("Control+z")
    annotate.key("Control+y")  # the mask comes back from what was said
    annotate.until("() => shown.decoded.peek() !== null")
    annotate.leave()
    again = annotate.accept()
    assert iou(decode_rle(again["rle"]), decode_rle(kept["rle"])) == 1


def test_a_cleared_prompt_comes_back(annotating, server):
    picture = still_life(32)
    annotate = annotating().open(Native.upload(server.base, picture).image, "?decoder=server")
    annotate.click(*picture.objects[0].centre)
    before = annotate.painted()
    annotate.leave()
    annotate.key("Escape")
    assert (annotate.prompt()["points"], annotate.painted()) == ([], None)
    annotate.key("Control+z")
    assert len(annotate.prompt()["points"]) == 1
    assert iou(annotate.painted(), before) == 1


def test_the_history_outlives_a_change_of_the_language(annotating, server):
    picture = still_life(33)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=server")
    page = annotate.page
    annotate.click(*picture.objects[0].centre)
    annotate.accept()
    annotate.click(*picture.objects[1].centre)
    annotate.leave()
    making = annotate.painted()
    annotate.key("Control+z")
    assert state(annotate)[:2] == (1, 0)
    annotate.key("Control+y")

    page.get_by_role("button", name="Language: English").click()
    page.get_by_role("menuitem", name="中文").click()
    annotate.until("() => document.documentElement.lang === 'zh'")
    annotate.arrived()
    annotate.until("() => samphire.annotations().length === 1 && shown.decoded.peek() !== null")
    assert state(annotate)[:2] == (1, 1)
    assert iou(annotate.painted(), making) == 1
    back = [(1, 0), (0, 1), (0, 0)]
    assert [step(annotate, "Control+z")[:2] for _ in back] == back
    assert [step(annotate, "Control+y")[:2] for _ in (1, 2)] == [(0, 1), (1, 0)]
    annotate.saved()
    assert len(native.annotations()) == 1


def test_the_history_outlives_a_visit_to_another_image(annotating, server):
    picture = still_life(34)
    native, other = Native.upload(server.base, picture), Native.upload(server.base, still_life(35))
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.click(*picture.objects[0].centre)
    annotate.leave()
    kept = annotate.accept()
    annotate.click(*picture.objects[1].centre)
    annotate.leave()
    making = annotate.painted()
    annotate.saved()

    annotate.switch(other.image)
    expect(annotate.page.get_by_role("button", name="Undo")).to_be_disabled()
    assert state(annotate)[:2] == (0, 0)
    annotate.switch(native.image)
    annotate.until("() => samphire.annotations().length === 1 && shown.decoded.peek() !== null")
    assert iou(annotate.painted(), making) == 1
    assert [step(annotate, "Control+z")[:2] for _ in (1, 2)] == [(1, 0), (0, 1)]
    annotate.saved()
    assert native.annotations() == []
    assert step(annotate, "Control+y")[:2] == (1, 0)
    annotate.saved()
    assert [each["rle"] for each in native.annotations()] == [kept["rle"]]

    # Somebody else gives it another label while it is not open.
    annotate.switch(other.image)
    (mine,) = native.annotations()
    change = {"label": "theirs", "color": "#0f5a5a", "version": mine["version"]}
    requests.patch(f"{server.base}/api/annotations/{mine['id']}", json=change, timeout=30).raise_for_status()
    annotate.switch(native.image)
    annotate.until("() => samphire.annotations()[0]?.label === 'theirs'")
    assert step(annotate, "Control+z")[0] == 1
    expect(annotate.page.locator(".refusal")).to_have_text(
        "Skipped this step: theirs was changed or deleted elsewhere since."
    )
    assert native.annotations()[0]["label"] == "theirs"
