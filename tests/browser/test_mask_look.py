"""Accepted masks as they look by both renderers: neighbours apart, overlaps clear, what is selected plain to see."""

import numpy as np
import pytest

from tests.browser.desk import Desk
from tests.browser.pictures import still_life

COLOR = np.array([0xE6, 0x9F, 0x00])
OPACITY = 0.4
LEFT, RIGHT = (60, 60, 90, 120), (150, 60, 90, 120)  # x, y, width, height: they touch
PILE = [(400 + 10 * i, 380, 200, 120) for i in range(4)]
SPECK = (700, 60, 6, 6)


@pytest.fixture(scope="module")
def desk(server) -> Desk:
    desk = Desk(server.base)
    image = desk.picture(64)
    desk.draw(image, [("one", LEFT), ("one", RIGHT), *[("one", box) for box in PILE], ("one", SPECK)])
    return desk


@pytest.fixture(params=["2d", "webgl2"])
def annotate(annotating, desk, request):
    annotate = annotating()
    image = desk.images[0]
    address = f"{desk.base}/projects/{desk.id}/images/{image['id']}?render={request.param}&decoder=server"
    annotate.page.goto(address, wait_until="domcontentloaded")
    annotate.arrived()
    annotate.leave()
    return annotate


def bare(annotate) -> np.ndarray:
    """The stage without masks."""
    annotate.ask("() => { shown.view.opacity.value = 0 }")
    shot = annotate.screenshot()
    annotate.ask("(value) => { shown.view.opacity.value = value }", OPACITY)
    return shot.astype(float)


def row(annotate, shot: np.ndarray, y: float, x0: float, x1: float) -> np.ndarray:
    """Pixels along a line of the picture."""
    stage = annotate.stage()
    left, top = annotate.on_page(x0, y)
    right, _ = annotate.on_page(x1, y)
    return shot[round(top - stage["y"]), round(left - stage["x"]) : round(right - stage["x"])].astype(float)


def test_neighbours_of_one_label_have_a_border_between_them(annotate):
    ground = bare(annotate)
    shot = annotate.screenshot()
    across = row(annotate, shot, 120, 130, 170)
    plain = (1 - OPACITY) * row(annotate, ground, 120, 130, 170) + OPACITY * COLOR
    off = np.abs(across - plain).max(axis=1)
    assert off[:8].max() < 8, "inside it is the label's colour over the picture"
    assert off[len(off) // 2 - 3 : len(off) // 2 + 3].max() > 35, "where they touch there is a line"


def test_masks_over_each_other_stay_as_clear_as_one(annotate):
    ground = bare(annotate)
    shot = annotate.screenshot()
    seen, below = row(annotate, shot, 440, 450, 580), row(annotate, ground, 440, 450, 580)
    share = ((seen - below) @ (COLOR - below.mean(axis=0))) / ((COLOR - below) @ (COLOR - below.mean(axis=0)))
    middle = float(np.median(share))
    assert OPACITY <= middle < 0.55, "four of them one over the other would be at 0.87"


def test_the_mask_being_made_has_its_labels_colour_between_a_dark_and_a_light_line(annotate):
    ground = bare(annotate)
    annotate.click(*still_life(64).objects[0].centre)
    annotate.leave()
    shot = annotate.screenshot()
    inside = row(annotate, shot, 230, 250, 290)
    assert np.abs(inside - 0.55 * row(annotate, ground, 230, 250, 290) - 0.45 * COLOR).max() < 8
    across = row(annotate, shot, 210, 325, 365)
    assert across.sum(axis=1).max() > 1.1 * inside.sum(axis=1).max()
    assert across.sum(axis=1).min() < 0.5 * inside.sum(axis=1).min()


def test_what_is_selected_has_a_line_no_picture_hides(annotate):
    before = annotate.screenshot()
    annotate.key("v")
    annotate.page.mouse.click(*annotate.on_page(100, 120))
    annotate.until("""() => document.querySelector('.object-row[aria-selected="true"]')""")
    annotate.page.mouse.move(600, 2)
    shot = annotate.screenshot()
    across = row(annotate, shot, 90, 50, 70)
    assert across.min(axis=1).max() > 225, "a white line"
    assert across.max(axis=1).min() < row(annotate, before, 90, 50, 70).max(axis=1).min(), (
        "with a dark one around it"
    )


def test_a_selected_speck_is_found(annotate):
    annotate.key("v")
    annotate.page.mouse.click(*annotate.on_page(703, 63))
    annotate.until("""() => {
      const overlay = document.getElementById('overlay');
      const { data } = overlay.getContext('2d').getImageData(0, 0, overlay.width, overlay.height);
      return data.some((value, i) => i % 4 === 3 && value > 200);
    }""")
