"""The polygon tool: what is drawn is filled to the pixel, outlines are edited by their points, each step is undone."""

import numpy as np
import pytest
from playwright.sync_api import expect

from server.domain import outlines, rings
from server.domain.runs import Window, tight
from tests.browser.native import Native
from tests.browser.outlines import becomes, filled, masks, note, put, whole
from tests.browser.pictures import still_life
from tests.browser.test_keyboard_touch import PHONE, tab_to

SHAPE = (600, 900)
CORNERS = [(201, 103), (437, 181), (389, 402), (150, 333)]


def click(annotate, x: float, y: float, *modifiers: str) -> tuple[float, float]:
    """The exact image-frame place clicked."""
    for key in modifiers:
        annotate.page.keyboard.down(key)
    annotate.page.mouse.click(*annotate.on_page(x, y))
    for key in modifiers:
        annotate.page.keyboard.up(key)
    return annotate.exact(x, y)


def drag(annotate, start, *places) -> tuple[float, float]:
    mouse = annotate.page.mouse
    mouse.move(*annotate.on_page(*start))
    mouse.down()
    for place in places:
        mouse.move(*annotate.on_page(*place), steps=3)
    mouse.up()
    return annotate.exact(*places[-1])


@pytest.fixture
def opened(opened):
    """With objects on it, and the polygon tool in hand."""

    def start(seed: int, *objects: np.ndarray, **options):
        annotate, native = opened(seed, lambda native: [put(native, mask) for mask in objects], **options)
        annotate.key("g")
        return annotate, native

    return start


def test_what_is_drawn_is_filled_exactly_and_undone_point_by_point(opened):
    annotate, native = opened(400)
    first, second, third, last = (click(annotate, *place) for place in CORNERS)
    assert note(annotate) == "4 points. Enter closes."
    annotate.key("Control+z")
    assert note(annotate) == "3 points. Enter closes."
    annotate.key("Backspace")
    assert note(annotate) == "2 points."
    annotate.key("Control+z")
    click(annotate, *CORNERS[3])
    click(annotate, *CORNERS[0])  # the first again closes
    square = filled(SHAPE, [first, second, third, last])
    assert becomes(annotate, square)
    annotate.saved()
    (kept,) = native.annotations()
    assert kept["area"] == square.sum()
    assert (kept["segmenter"], kept["predicted_iou"], kept["prompts"]) == (None, None, [])

    expect(annotate.page.get_by_text("4 points, exact")).to_be_visible()  # its points can be moved
    moved = drag(annotate, CORNERS[1], (520, 150))
    wider = filled(SHAPE, [first, moved, third, last])
    assert becomes(annotate, wider)
    middle = ((CORNERS[2][0] + CORNERS[3][0]) / 2, (CORNERS[2][1] + CORNERS[3][1]) / 2)
    added = drag(annotate, middle, (300, 480))
    longer = filled(SHAPE, [first, moved, third, added, last])
    assert becomes(annotate, longer)
    assert note(annotate) == "5 points, exact"
    click(annotate, *CORNERS[0], "Alt")
    cut = filled(SHAPE, [moved, third, added, last])
    assert becomes(annotate, cut)
    annotate.hover(520, 150)
    annotate.key("Delete")
    assert becomes(annotate, filled(SHAPE, [third, added, last]))
    for before in (cut, longer, wider, square):
        annotate.key("Control+z")
        assert becomes(annotate, before)
    annotate.key("Control+z")
    assert not masks(annotate)
    assert note(annotate) == "4 points. Enter closes."
    annotate.key("Enter")
    assert becomes(annotate, square)


THREE_STEPS = """(knob) => {
  for (let i = 0; i < 3; i++) {
    knob.stepUp();
    for (const type of ["input", "change"]) knob.dispatchEvent(new Event(type));
  }
}"""


def test_simplifying_shows_what_it_loses(opened):
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]] + 0.5
    away = np.hypot((x - 430) / 1.7, y - 290)
    ring = (away < 170 + 6 * np.sin(x / 9)) & (away > 60)
    annotate, _ = opened(401, ring)
    annotate.until("() => samphire.annotations().length === 1")
    annotate.key("]")
    window = tight(Window(ring, 0, 0))
    exact = sum(len(each) for part in outlines.simplified_outline(window, 0.3)[0] for each in part.rings)
    assert note(annotate) == f"{exact} points, exact"
    slider = annotate.page.get_by_role("slider", name="Simplify")

    def simplified(tolerance: float) -> np.ndarray:
        parts, iou = outlines.simplified_outline(window, tolerance)
        found = [each for part in parts for each in part.rings]
        assert note(annotate) == f"{sum(map(len, found))} points, IoU {iou:.{4 if iou > 0.999 else 3}f}"
        return whole(rings.fill(found, SHAPE[::-1]), SHAPE)

    slider.evaluate("(knob) => { knob.value = 4; knob.dispatchEvent(new Event('input')); }")
    preview = simplified(4)
    assert np.array_equal(masks(annotate)[0], ring), "nothing is changed before it is let go"
    slider.evaluate("(knob) => knob.dispatchEvent(new Event('change'))")
    assert becomes(annotate, preview)
    slider.focus()
    annotate.key("ArrowLeft")  # from the same mask, not from the simplified one
    assert becomes(annotate, simplified(3.5))
    annotate.page.wait_for_timeout(700)
    slider.evaluate(THREE_STEPS)  # as fast as a key held down: one step of the history
    further = simplified(5)
    assert becomes(annotate, further)
    annotate.page.locator("#stage").focus()
    annotate.key("Control+z")
    assert becomes(annotate, simplified(3.5))
    annotate.key("Control+z", "Control+z")
    assert becomes(annotate, ring)
    expect(slider).to_have_value("0")


def test_a_point_held_belongs_to_its_object_and_picture(opened):
    left = filled(SHAPE, [(100, 100), (300, 100), (300, 300), (100, 300)])
    right = filled(SHAPE, [(500, 150), (700, 150), (700, 350), (500, 350)])
    annotate, native = opened(407, left, right)
    annotate.until("() => samphire.annotations().length === 2")
    annotate.key("]")  # the upper one, on the right
    other = Native.upload(annotate.base, still_life(408))
    mouse = annotate.page.mouse
    for ends in (lambda: annotate.key("]"), lambda: annotate.switch(other.image)):
        mouse.move(*annotate.on_page(500, 150))
        mouse.down()
        mouse.move(*annotate.on_page(600, 250), steps=3)
        ends()
        mouse.up()
        expect(annotate.page.get_by_role("button", name="Undo")).to_be_disabled()
        annotate.key("[")
    assert not masks(annotate)
    annotate.switch(native.image)
    annotate.until("() => samphire.annotations().length === 2")
    assert all(np.array_equal(*pair) for pair in zip(masks(annotate), (left, right), strict=True))
    assert {each["version"] for each in native.annotations()} == {1}


def test_what_is_only_looked_at_stays_as_it_is(opened):
    annotate, native = opened(406, filled(SHAPE, CORNERS))
    annotate.until("() => samphire.annotations().length === 1")
    annotate.key("]")
    annotate.hover(*CORNERS[0])
    click(annotate, *CORNERS[0])  # takes hold of a point and lets it go
    annotate.key("Escape", "v", "g")
    expect(annotate.page.get_by_role("button", name="Undo")).to_be_disabled()
    assert becomes(annotate, filled(SHAPE, CORNERS))
    assert native.annotations()[0]["version"] == 1


def test_points_are_drawn_to_the_picture_and_to_other_outlines(opened):
    neighbour = filled(SHAPE, [(500, 200), (700, 200), (700, 400), (500, 400)])
    annotate, _ = opened(402, neighbour)
    annotate.until("() => samphire.annotations().length === 1")
    beside = click(annotate, 300, 250)
    click(annotate, 3, 597)  # the picture's corner
    click(annotate, 502, 398)  # the neighbour's
    free = click(annotate, 503, 203, "Control")
    annotate.key("Enter")
    assert np.array_equal(masks(annotate)[1], filled(SHAPE, [beside, (0, 600), (500, 400), free]))


def test_a_line_drawn_freehand_is_followed(opened):
    annotate, _ = opened(403)
    angles = np.linspace(0, 2 * np.pi, 60)
    circle = [(450 + 150 * np.cos(angle), 300 + 150 * np.sin(angle)) for angle in angles]
    drag(annotate, circle[0], *circle[1:])
    (mask,) = masks(annotate)
    expected = filled(SHAPE, circle)
    assert np.count_nonzero(mask & expected) / np.count_nonzero(mask | expected) > 0.98


def test_by_keyboard(opened):
    annotate, _ = opened(404)
    tab_to(annotate, "#stage")
    annotate.key("ArrowRight", "Space", *["ArrowRight"] * 10, "Space", *["ArrowDown"] * 8, "Space")
    assert note(annotate) == "3 points. Enter closes."
    annotate.key("Enter")
    (mask,) = masks(annotate)
    scale = annotate.fit()[0]
    legs = [round(12 * steps / scale) for steps in (10, 8)]
    assert mask.sum() == pytest.approx(legs[0] * legs[1] / 2, rel=0.02)
    annotate.key("Space")
    annotate.hears("Point picked up")
    annotate.key(*["ArrowDown"] * 4, "Space")
    (taller,) = masks(annotate)
    assert taller.sum() == pytest.approx(mask.sum() * 1.5, rel=0.02)


def test_by_touch(opened):
    annotate, _ = opened(405, **PHONE)
    for place in CORNERS[:3]:
        annotate.page.touchscreen.tap(*annotate.on_page(*place))
    exact = [annotate.exact(*place) for place in CORNERS[:3]]
    annotate.page.get_by_role("button", name="Close polygon").tap()
    assert becomes(annotate, filled(SHAPE, exact))
