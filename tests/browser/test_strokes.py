"""Brush and eraser: masks exact to the pixel, one step of the history a stroke, by mouse, touch, pen and keyboard."""

import numpy as np
import pytest

from server.domain.masks import decode_rle
from tests.browser.pictures import still_life
from tests.browser.test_keyboard_touch import PHONE, tab_to

LINE = [(120, 130), (300, 180), (310, 320), (520, 300)]
ACROSS = [(60, 240), (600, 240)]


def swept(points, radius: float, width: int = 900, height: int = 600) -> np.ndarray:
    """Pixels whose centres lie within a disc moved along a line of image-frame places: bool (height, width)."""
    y, x = np.mgrid[:height, :width] + 0.5
    mask = np.zeros((height, width), bool)
    for (ax, ay), (bx, by) in zip([points[0], *points], points, strict=False):
        dx, dy = bx - ax, by - ay
        squared = dx * dx + dy * dy
        along = np.clip(((x - ax) * dx + (y - ay) * dy) / squared, 0, 1) if squared else 0.0
        across, down = x - (ax + along * dx), y - (ay + along * dy)
        mask |= across * across + down * down <= radius * radius
    return mask


def draw(annotate, places, button: str = "left") -> list[tuple[float, float]]:
    """A stroke by mouse; the exact image-frame places it passed."""
    mouse = annotate.page.mouse
    mouse.move(*annotate.on_page(*places[0]))
    mouse.down(button=button)
    for place in places[1:]:
        mouse.move(*annotate.on_page(*place))
    mouse.up(button=button)
    return [annotate.exact(*place) for place in places]


def size(annotate) -> int:
    """Diameter in image pixels, as the bar of options says it."""
    return int(
        annotate.ask("document.querySelector('.tool-options:not([hidden]) output').innerText").split()[0]
    )


def masks(annotate) -> list[np.ndarray]:
    return [decode_rle(each["rle"]) for each in annotate.annotations()]


def fingers(page):
    """touch("touchMove", (x, y), ...): where each finger is, page coordinates."""
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *places) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


def test_strokes_are_exact_and_each_is_one_step(opened):
    annotate, native = opened(300)
    annotate.key("k")
    radius = size(annotate) / 2
    first = swept(draw(annotate, LINE), radius)
    annotate.until("() => samphire.annotations().length === 1")
    assert np.array_equal(masks(annotate)[0], first)

    annotate.key(".", ".", ".")
    wider = size(annotate) / 2
    assert wider > radius
    second = first | swept(draw(annotate, ACROSS), wider)
    assert np.array_equal(masks(annotate)[0], second)

    annotate.key("e", ",")
    third = second & ~swept(draw(annotate, [(350, 100), (350, 400)]), size(annotate) / 2)
    assert third.sum() < second.sum()
    assert np.array_equal(masks(annotate)[0], third)
    annotate.saved()
    (kept,) = native.annotations()
    assert np.array_equal(decode_rle(kept["rle"]), third)
    assert kept["area"] == third.sum()

    for before in (second, first):
        annotate.key("Control+z")
        assert np.array_equal(masks(annotate)[0], before)
    annotate.key("Control+z")
    assert not masks(annotate)
    annotate.key("Control+Shift+z")
    annotate.key("Control+Shift+z")
    assert np.array_equal(masks(annotate)[0], second)


def test_the_other_button_does_the_opposite_and_what_is_erased_whole_is_gone(opened):
    annotate, _ = opened(301)
    annotate.key("e")
    draw(annotate, ACROSS)
    assert not masks(annotate)
    annotate.hears("Select an object")
    annotate.key("k")
    first = swept(draw(annotate, LINE), size(annotate) / 2)
    less = first & ~swept(draw(annotate, [LINE[1], (310, 250)], "right"), size(annotate) / 2)
    assert np.array_equal(masks(annotate)[0], less)
    annotate.key("e")
    for _ in range(8):
        annotate.key(".")
    draw(annotate, LINE)
    assert not masks(annotate)
    annotate.page.get_by_text("so it was deleted").wait_for()
    annotate.key("Control+z")
    assert np.array_equal(masks(annotate)[0], less)


def test_the_size_follows_keys_wheel_and_drag(opened):
    annotate, _ = opened(302)
    page = annotate.page
    annotate.key("k")
    begun = size(annotate)
    annotate.key(".")
    larger = size(annotate)
    assert begun < larger
    annotate.key(",", ",")
    assert size(annotate) < begun
    page.mouse.move(*annotate.on_page(400, 300))
    page.keyboard.down("Shift")
    page.mouse.wheel(0, -300)
    annotate.until(
        "(least) => parseInt(document.querySelector('.tool-options:not([hidden]) output').textContent) > least",
        larger,
    )
    before = size(annotate)
    page.mouse.down()
    page.mouse.move(*annotate.on_page(430, 300), steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")
    moved = annotate.exact(430, 300)[0] - annotate.exact(400, 300)[0]
    assert size(annotate) == pytest.approx(before + 2 * moved, abs=1.5)
    assert not masks(annotate)


def test_painting_accepts_the_mask_being_made(opened):
    annotate, _ = opened(303)
    annotate.click(*still_life(303).objects[0].centre)
    made = annotate.painted()
    annotate.key("k")
    stroke = swept(draw(annotate, [(450, 500), (520, 520)]), size(annotate) / 2)
    annotate.until("() => samphire.annotations().length === 1 && shown.decoded.peek() === null")
    annotate.until("(area) => samphire.annotations()[0].area > area", int(np.count_nonzero(made)))
    (mask,) = masks(annotate)
    assert mask[stroke].all()
    assert np.count_nonzero(mask & ~stroke) == pytest.approx(np.count_nonzero(made & ~stroke), rel=0.01)
    annotate.key("Control+z")
    assert np.count_nonzero(masks(annotate)[0]) == pytest.approx(np.count_nonzero(made), rel=0.01)


def test_a_finger_paints_and_two_move_the_picture(opened):
    annotate, _ = opened(304, **PHONE)
    page = annotate.page
    page.get_by_role("button", name="Brush").tap()
    touch = fingers(page)
    places = [annotate.on_page(x, 300) for x in (200, 330, 460)]
    touch("touchStart", places[0])
    touch("touchMove", places[1])
    touch("touchMove", places[2])
    touch("touchEnd")
    annotate.until("() => samphire.annotations().length === 1")
    exact = [annotate.exact(x, 300) for x in (200, 330, 460)]
    assert np.array_equal(masks(annotate)[0], swept(exact, size(annotate) / 2))

    touch("touchStart", places[0])
    touch("touchStart", places[0], places[2])
    touch("touchMove", places[0], (places[2][0] + 40, places[2][1]))
    touch("touchEnd")
    page.wait_for_timeout(100)
    assert len(masks(annotate)) == 1
    assert annotate.annotations()[0]["area"] == swept(exact, size(annotate) / 2).sum()


def test_a_stroke_is_finished_when_a_second_finger_comes(opened):
    annotate, _ = opened(312, **PHONE)
    page = annotate.page
    page.get_by_role("button", name="Brush").tap()
    touch = fingers(page)
    places = [annotate.on_page(x, 300) for x in (200, 330, 460)]
    touch("touchStart", places[0])
    touch("touchMove", places[1])
    page.wait_for_timeout(250)
    touch("touchMove", places[2])
    touch("touchStart", places[2], places[0])
    annotate.until("() => samphire.annotations().length === 1")
    exact = [annotate.exact(x, 300) for x in (200, 330, 460)]
    assert np.array_equal(masks(annotate)[0], swept(exact, size(annotate) / 2))
    at = "samphire.onPage(0, 0)"
    before = annotate.ask(at)
    touch("touchMove", (places[2][0], places[2][1] + 40), (places[0][0], places[0][1] + 40))
    touch("touchEnd")
    assert annotate.ask(at)[1] == pytest.approx(before[1] + 40, abs=1), "the two move the picture"
    assert len(masks(annotate)) == 1


def test_locked_objects_refuse(opened):
    annotate, _ = opened(307)
    annotate.key("k")
    draw(annotate, LINE)
    (before,) = masks(annotate)
    annotate.key("u")
    draw(annotate, ACROSS)
    annotate.hears("is locked")
    assert np.array_equal(masks(annotate)[0], before)
    annotate.key("u")
    draw(annotate, ACROSS)
    assert masks(annotate)[0].sum() > before.sum()


def test_a_pen_paints_wider_the_harder_it_is_pressed_and_erases_turned_round(opened):
    annotate, _ = opened(308)
    annotate.key("k")
    devtools = annotate.page.context.new_cdp_session(annotate.page)

    def pen(kind: str, x: float, force: float = 0.5, buttons: int = 1) -> None:
        page_x, page_y = annotate.on_page(x, 300)
        button = {0: "none", 1: "left"}[buttons]
        event = {"type": kind, "x": page_x, "y": page_y, "pointerType": "pen", "force": force}
        devtools.send(
            "Input.dispatchMouseEvent", event | {"button": button, "buttons": buttons, "clickCount": 1}
        )

    radius = size(annotate) / 2
    widths = []
    for force in (0.25, 0.5, 1):
        pen("mouseMoved", 300, 0, 0)
        pen("mousePressed", 300, force)
        pen("mouseReleased", 300, 0)
        annotate.until("(count) => samphire.annotations().length === count", 1)
        (mask,) = masks(annotate)
        widths.append(np.count_nonzero(mask[:, int(annotate.exact(300, 300)[0])]))
        annotate.key("Control+z")
        annotate.until("() => samphire.annotations().length === 0")
    assert widths == pytest.approx([2 * radius * (0.6 + 0.8 * force) for force in (0.25, 0.5, 1)], abs=1.1)

    first = swept(draw(annotate, LINE), radius)
    annotate.ask(
        """([[x0, y0], [x1, y1]]) => {
          const stage = document.getElementById("stage");
          stage.setPointerCapture = () => {}; // there is no such pointer
          const pen = { bubbles: true, pointerType: "pen", pointerId: 7, pressure: 0.5 };
          const fire = (type, x, y, more) =>
            stage.dispatchEvent(new PointerEvent(type, { ...pen, clientX: x, clientY: y, ...more }));
          fire("pointerdown", x0, y0, { button: 5, buttons: 32 });
          fire("pointermove", x1, y1, { button: -1, buttons: 32 });
          fire("pointerup", x1, y1, { button: 5, buttons: 0 });
        }""",
        [annotate.on_page(*LINE[1]), annotate.on_page(*LINE[2])],
    )
    less = first & ~swept([annotate.exact(*LINE[1]), annotate.exact(*LINE[2])], radius)
    assert np.array_equal(masks(annotate)[0], less)


def test_the_keyboard_stamps_a_disc(opened):
    annotate, _ = opened(305)
    tab_to(annotate, "#stage")
    annotate.key("k", "ArrowRight", "Space")
    annotate.until("() => samphire.annotations().length === 1")
    assert np.array_equal(masks(annotate)[0], swept([(450, 300)], size(annotate) / 2))
    annotate.key("e", "Space")
    annotate.until("() => samphire.annotations().length === 0")


def test_the_wand_takes_what_is_of_one_colour(opened):
    annotate, _ = opened(306)
    picture = still_life(306)
    annotate.key("w")
    annotate.hover(*picture.objects[0].centre)
    annotate.page.mouse.click(*annotate.on_page(*picture.objects[0].centre))
    annotate.until("() => samphire.annotations().length === 1")
    one = picture.mask(0)
    assert np.count_nonzero(masks(annotate)[0] ^ one) < 0.01 * np.count_nonzero(one)
    annotate.page.keyboard.down("Shift")
    annotate.page.mouse.click(*annotate.on_page(*picture.objects[1].centre))
    annotate.page.keyboard.up("Shift")
    annotate.until("(area) => samphire.annotations()[0].area > area", int(1.1 * np.count_nonzero(one)))
    both = one | picture.mask(1)
    assert len(masks(annotate)) == 1
    assert np.count_nonzero(masks(annotate)[0] ^ both) < 0.01 * np.count_nonzero(both)
