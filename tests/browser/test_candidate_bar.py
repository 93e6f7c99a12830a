"""The candidate bar: never in the way, where a person wants it, and legible with one candidate as with five."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.browser.reading import shows

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
BAR = ".candidates"

# As many candidates as wanted, of which the second is rated highest and the last is the mask of before.
OFFER = """(count) => {
  const answer = shown.decoded.peek();
  const like = answer.candidates[0];
  const candidates = Array.from({ length: count }, (_, i) => (
    { ...like, token: i, predictedIou: i === 1 ? 0.97 : 0.81, stability: 0.9, previous: i > 1 && i === count - 1 }));
  shown.choice.value = 0;
  shown.decoded.value = { ...answer, candidates };
}"""


@pytest.fixture
def picture():
    return still_life(61)


@pytest.fixture
def native(server, picture) -> Native:
    return Native.upload(server.base, picture)


def placed(annotate) -> dict:
    """The bar's box once it has been placed and rests."""
    annotate.page.locator(BAR).wait_for()
    last = None
    while (box := annotate.page.locator(BAR).bounding_box()) != last:
        last = box
        annotate.page.wait_for_timeout(200)
    assert box
    return box


def covers(box: dict, x: float, y: float) -> bool:
    return box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]


def on_page(annotate, box) -> dict:
    left, top = annotate.on_page(*box[:2])
    right, bottom = annotate.on_page(*box[2:])
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def apart(a: dict, b: dict) -> bool:
    across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return across <= 0 or down <= 0


def test_it_lies_neither_over_the_object_nor_under_the_pointer(annotating, native, picture):
    annotate = annotating().open(native.image, "?decoder=server")
    for each in picture.objects:
        annotate.click(*each.centre)
        bar = placed(annotate)
        assert apart(bar, on_page(annotate, each.box))
        assert not covers(bar, *annotate.on_page(*each.centre))
        annotate.click(each.x + each.rx / 2, each.y)  # the next click of the same object moves nothing
        after = placed(annotate)
        assert (after["x"] + after["width"] / 2, after["y"]) == pytest.approx(
            (bar["x"] + bar["width"] / 2, bar["y"]), abs=1
        )
        annotate.key("Escape")


def test_it_does_not_move_under_the_pointer(annotating, native, picture):
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.click(*picture.objects[0].centre)
    placed(annotate)
    accept = annotate.page.get_by_role("button", name="Accept as")
    accept.hover()
    before = placed(annotate)
    annotate.key("Tab", "Tab")
    assert placed(annotate) == before
    annotate.ask(OFFER, 5)
    annotate.until("() => document.querySelectorAll('.thumb').length === 5")
    after = placed(annotate)
    assert (after["x"], after["y"]) == (before["x"], before["y"])


def test_a_person_moves_it_and_gets_it_back(annotating, native, picture):
    annotate = annotating().open(native.image, "?decoder=server")
    page, stage = annotate.page, annotate.stage()
    annotate.click(*picture.objects[1].centre)
    automatic = placed(annotate)
    grip = page.get_by_role("button", name="Move the candidate bar").bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(stage["x"] + 60, stage["y"] + 420, steps=4)
    page.mouse.up()
    moved = placed(annotate)
    assert moved["x"] == pytest.approx(stage["x"] + 55, abs=8)
    assert moved["y"] < automatic["y"] - 100
    assert len(annotate.prompt()["points"]) == 1  # none was made by dragging

    page.get_by_role("button", name="Move the candidate bar").focus()
    annotate.key("ArrowRight", "ArrowRight")
    nudged = placed(annotate)
    assert nudged["x"] == pytest.approx(moved["x"] + 32, abs=1)
    page.locator("#stage").focus()

    page.reload(wait_until="domcontentloaded")
    annotate.arrived()
    annotate.until("() => shown.decoded.peek() !== null")  # what was being made comes back
    assert placed(annotate)["x"] == pytest.approx(nudged["x"], abs=2)
    annotate.key("Escape")
    annotate.click(*picture.objects[2].centre)  # where the object is, it steps aside
    assert apart(placed(annotate), on_page(annotate, picture.objects[2].box))

    page.get_by_role("button", name="Place automatically").click()
    annotate.key("Escape")
    annotate.click(*picture.objects[1].centre)
    assert placed(annotate)["y"] == pytest.approx(automatic["y"], abs=1)
    assert page.get_by_role("button", name="Place automatically").is_hidden()


def test_ratings_say_what_they_are(annotating, native, picture):
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.click(*picture.objects[0].centre)
    annotate.ask(OFFER, 5)
    thumbs = annotate.page.get_by_role("radio", name="Candidate")
    expect(thumbs).to_have_count(5)
    words = thumbs.nth(1).inner_text().split()
    assert [each for each in words if each != "Tab"] == [
        "Highest",
        "rated",
        "0.97",
        "IoU",
        "0.90",
        "stability",
    ]
    assert "rated highest by the model" in thumbs.nth(1).get_attribute("aria-label")
    assert "Either may be the better one." in thumbs.nth(1).get_attribute("title")
    assert "Predicted IoU 0.97" in thumbs.nth(1).get_attribute("title")
    shows(thumbs.nth(4), "Previous")
    expect(annotate.page.get_by_text("Highest rated", exact=True)).to_have_count(1)
    annotate.ask(OFFER, 1)
    annotate.page.locator(".thumbs").wait_for(state="hidden")
    expect(annotate.page.get_by_role("button", name="Accept as")).to_be_visible()


@pytest.mark.parametrize("count", [1, 3, 5])
def test_it_fits_a_phone(annotating, native, picture, count):
    annotate = annotating(**PHONE).open(native.image, "?decoder=server")
    annotate.page.touchscreen.tap(*annotate.on_page(*picture.objects[1].centre))
    annotate.until("() => shown.decoded.peek() !== null")
    annotate.ask(OFFER, count)
    bar = placed(annotate)
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= 360
    assert apart(bar, on_page(annotate, picture.objects[1].box))
    for part in annotate.page.locator(f"{BAR} button:visible").all():
        box = part.bounding_box()
        assert bar["x"] <= box["x"]
        assert box["x"] + box["width"] <= bar["x"] + bar["width"] + 0.5


def test_nothing_in_it_is_wider_than_its_words(annotating, native, picture):
    """Some browsers make room for the canvas's own size, and for a note as if it stood in the same line."""
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.click(*picture.objects[0].centre)
    row = annotate.ask("""() => {
      const row = document.querySelector('.candidates-row');
      const parts = [...row.children].filter((each) => each.offsetWidth);
      return [row.clientWidth, parts.reduce((sum, each) => sum + each.offsetWidth, 4 * parts.length)];
    }""")
    assert row[0] == pytest.approx(row[1], abs=8)


def test_the_shown_candidate_stays_marked_when_the_mask_gets_another_color(annotating, server):
    desk = Desk(server.base)
    desk.label({"name": "cat"}, {"name": "dog"})
    picture = still_life(62)
    annotate = desk.open(annotating(), desk.picture(62))
    annotate.click(*picture.objects[0].centre)
    annotate.ask(OFFER, 3)
    thumbs = annotate.page.get_by_role("radio", name="Candidate")
    expect(thumbs).to_have_count(3)
    thumbs.first.focus()
    annotate.key("ArrowRight")
    drawn = "document.querySelector('.thumb canvas').toDataURL()"
    before = annotate.ask(drawn)
    annotate.key("2")
    annotate.until(f"(before) => {drawn} !== before", before)
    expect(annotate.page.locator(".thumb[aria-checked=true]")).to_have_count(1)
    expect(thumbs.nth(1)).to_be_checked()
    expect(thumbs.nth(1)).to_be_focused()
