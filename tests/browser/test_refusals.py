"""What is refused says why on the picture, and what failed once can be tried again."""

import re

import pytest

from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.browser.test_keyboard_touch import PHONE
from tests.browser.test_strokes import draw

PICTURE, ANOTHER = still_life(330), still_life(331)
LEAVES_MS = 7000  # by then it is gone


@pytest.fixture
def opened(annotating, server):
    def start(picture=PICTURE, **options):
        return annotating(**options).open(Native.upload(server.base, picture).image, "?decoder=server")

    return start


def refusal(annotate) -> str:
    """What is to be seen of it, empty for nothing."""
    line = annotate.page.locator(".refusal")
    return line.inner_text() if line.is_visible() else ""


@pytest.mark.parametrize("key", ["p", "q", "l"])
def test_of_nothing_nothing_is_excluded_and_the_reason_goes_by_itself(opened, key):
    annotate = opened()
    annotate.key(key)
    if key == "p":
        annotate.page.mouse.click(*annotate.on_page(200, 200), button="right")
    else:
        draw(annotate, [(200, 200), (300, 220), (260, 300)], "right")
    assert refusal(annotate).startswith("Include something first")
    annotate.hears(refusal(annotate))
    box, stage = annotate.page.locator(".refusal").bounding_box(), annotate.stage()
    assert box["x"] + box["width"] / 2 == pytest.approx(stage["x"] + stage["width"] / 2, abs=1)
    assert box["y"] + box["height"] == pytest.approx(stage["y"] + stage["height"] - 16, abs=1)
    if key == "p":
        annotate.page.wait_for_timeout(LEAVES_MS)
        assert refusal(annotate) == ""


def test_the_wand_works_after_its_worker_could_not_be_loaded_once(opened, problems):
    problems.allow("workers/flood|ERR_FAILED")
    annotate = opened()
    page = annotate.page
    page.context.route(re.compile("workers/flood"), lambda route: route.abort())
    annotate.key("w")
    at = annotate.on_page(*PICTURE.objects[0].centre)
    page.mouse.click(*at)
    annotate.until("() => !document.querySelector('.refusal').hidden")
    assert refusal(annotate) == "Couldn't load the magic wand."
    page.context.unroute_all()
    page.mouse.click(*at)
    annotate.until("() => samphire.annotations().length === 1")
    assert abs(annotate.annotations()[0]["area"] / PICTURE.mask(0).sum() - 1) < 0.01


def test_a_pinch_with_the_brush_accepts_nothing_and_a_stroke_does(opened):
    annotate = opened(ANOTHER, **PHONE)
    page = annotate.page
    annotate.click(*ANOTHER.objects[0].centre)
    page.get_by_role("button", name="Brush").tap()
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *places) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    (x, y), apart = annotate.on_page(450, 300), 60
    touch("touchStart", (x, y))
    touch("touchStart", (x, y), (x + apart, y))
    touch("touchMove", (x - apart, y), (x + 2 * apart, y))
    touch("touchEnd")
    page.wait_for_timeout(500)
    assert annotate.annotations() == []
    assert len(annotate.prompt()["points"]) == 1
    annotate.key("f")
    annotate.until(  # it glides there
        "([x, y]) => samphire.onPage(450, 300).every((value, i) => Math.abs(value - [x, y][i]) < 1)", [x, y]
    )

    touch("touchStart", (x, y))
    touch("touchMove", (x + apart, y))
    touch("touchEnd")
    annotate.until("() => samphire.annotations().length === 1 && !shown.prompt.peek().points.length")
    annotate.until("(area) => samphire.annotations()[0].area > area", int(1.02 * ANOTHER.mask(0).sum()))
