"""Zoomed into a large image, masks of small things are finer: decoded in a window, which is stored with them."""

import pytest
from playwright.sync_api import expect

from server.domain.masks import decode_rle
from tests.browser.native import Native, iou
from tests.browser.pictures import Ellipse, picture

WIDTH, HEIGHT = 4000, 1000
TINY = Ellipse(2214, 506, 16, 11, (228, 138, 52))  # 0.014 % of the image
LARGE = Ellipse(900, 500, 420, 330, (70, 168, 190))
VIEW = (2014, 356, 400, 300)  # x, y, width, height
WINDOW = "2-5-0"
PREPARING = "Preparing close-up"
READY = "Close-up"


def large(seed):
    return picture(f"large-{seed}.jpg", WIDTH, HEIGHT, (TINY, LARGE), seed, orientation=1)


def looking(view):
    return "#view=" + ",".join(map(str, view))


@pytest.fixture
def native(server, request):
    return Native.upload(server.base, large(sum(map(ord, request.node.name))))


def sign(annotate):
    return annotate.page.locator(".zoom-sign")


def click_at(annotate, x, y, button="left"):
    """Of the view there is; the answer is there."""
    before = annotate.note()
    annotate.page.mouse.click(*annotate.ask("(at) => samphire.onPage(...at)", [x, y]), button=button)
    annotate.answered(before)


def window_of(annotate):
    return annotate.ask("shown.decoded.peek().candidates[shown.choice.peek()].lowRes.within?.key ?? null")


@pytest.mark.parametrize("how", ["?render=webgl2", "?render=2d", "?decoder=server"])
def test_a_tiny_thing_is_finer_once_zoomed_in_and_stays_so(annotating, native, how):
    mask = TINY.mask(WIDTH, HEIGHT)
    whole = native.best([[*TINY.centre, 1]])
    annotate = annotating().open(native.image, how + looking(VIEW))
    expect(sign(annotate)).to_have_text(READY)
    click_at(annotate, *TINY.centre)
    assert window_of(annotate) == WINDOW
    finer = iou(annotate.painted(), mask)
    assert finer > 0.85
    assert finer > iou(whole, mask) + 0.05
    saved = annotate.accept()
    assert saved["window"] == WINDOW
    [stored] = native.annotations()
    assert stored["window"] == WINDOW
    assert stored["area"] == pytest.approx(mask.sum(), rel=0.15)


def test_a_refined_object_is_decoded_in_its_window_wherever_one_looks(annotating, native):
    annotate = annotating().open(native.image, looking(VIEW))
    expect(sign(annotate)).to_have_text(READY)
    click_at(annotate, *TINY.centre)
    click_at(annotate, TINY.x, TINY.y + 24, button="right")
    made = annotate.accept()
    assert [step.get("window") for step in made["prompts"] if step["kind"] == "mask"] == [WINDOW]
    annotate.open(native.image)
    expect(sign(annotate)).to_be_hidden()
    before = annotate.note()
    annotate.key("]", "r")
    annotate.answered(before)
    assert window_of(annotate) == WINDOW
    assert iou(annotate.painted(), TINY.mask(WIDTH, HEIGHT)) > 0.85
    click_at(annotate, TINY.x + 200, TINY.y, button="right")
    annotate.key("Enter")
    annotate.until("() => samphire.annotations()[0].prompts.length === 5")
    annotate.saved()
    [stored] = native.annotations()
    assert stored["window"] == WINDOW
    assert iou(decode_rle(stored["rle"]), decode_rle(made["rle"])) > 0.8


def test_what_leaves_the_window_is_decoded_in_the_whole_image(annotating, native):
    annotate = annotating().open(native.image, looking(VIEW))
    expect(sign(annotate)).to_have_text(READY)
    click_at(annotate, *TINY.centre)
    annotate.key("0")  # all of the image
    expect(sign(annotate)).to_be_hidden()
    click_at(annotate, TINY.x + 200, TINY.y, button="right")
    assert window_of(annotate) == WINDOW  # what was said there stays as fine
    click_at(annotate, *LARGE.centre)
    assert window_of(annotate) is None
    stored = annotate.accept()
    assert stored["window"] is None
    assert [step.get("window") for step in stored["prompts"] if step["kind"] == "mask"] == [WINDOW, WINDOW]


def test_until_the_window_is_there_clicks_are_answered_by_the_whole_image(annotating, native):
    annotate = annotating()
    annotate.page.route("**/embedding*window=*", lambda route: None)  # never answered
    annotate.open(native.image, looking(VIEW))
    expect(sign(annotate)).to_have_text(PREPARING)
    click_at(annotate, *TINY.centre)
    assert window_of(annotate) is None
    assert annotate.accept()["window"] is None


def test_the_resting_pointer_is_shown_the_finer_mask(annotating, native):
    annotate = annotating().open(native.image)
    expect(sign(annotate)).to_be_hidden()
    annotate.page.mouse.move(*annotate.ask("(at) => samphire.onPage(...at)", [*TINY.centre]))
    for _ in range(12):
        annotate.page.mouse.wheel(0, -200)
    expect(sign(annotate)).to_have_text(READY)
    annotate.until("() => shown.hover.peek()?.candidates[0].lowRes.within")
    assert annotate.page.locator(".zoom-sign").get_attribute("title")
