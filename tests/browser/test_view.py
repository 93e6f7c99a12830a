"""How the picture is shown: turned, adjusted, with more or less of the masks, from afar; numbers under the pointer."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.native import Native, iou
from tests.browser.pictures import still_life

OBJECT = (230, 210)


@pytest.fixture(scope="module")
def native(server) -> Native:
    return Native.upload(server.base, still_life(107))


def option(annotate, name: str, value: str | float) -> None:
    """Sets an option in the popover."""
    annotate.page.click(".view-button")
    if isinstance(value, str):
        annotate.page.click(f".view-panel [role=radio][aria-label='{value}']")
    else:
        slider = annotate.page.locator(f"#option-view-{name}")
        slider.evaluate(
            "(knob, value) => { knob.value = value; knob.dispatchEvent(new Event('input')); }", value
        )
    annotate.page.keyboard.press("Escape")


def click_at(annotate, x: float, y: float) -> None:
    """Where the page says that this place of the picture is."""
    before = annotate.note()
    annotate.page.mouse.click(*annotate.ask("([x, y]) => samphire.onPage(x, y)", [x, y]))
    annotate.answered(before)


def undo(annotate) -> None:
    """The object goes, on the server too, before the next test opens the picture."""
    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 0")
    annotate.saved()


@pytest.mark.parametrize("renderer", ["2d", "webgl2"])
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_click_lands_where_the_pointer_is_however_it_is_turned(annotating, native, turns, renderer):
    annotate = annotating().open(native.image, f"?decoder=server&render={renderer}")
    annotate.key(*["Shift+R"] * turns)
    assert annotate.status()["renderer"] == renderer
    click_at(annotate, *OBJECT)
    [point] = annotate.prompt()["points"]
    assert (point["x"], point["y"]) == pytest.approx(OBJECT, abs=1.5)
    assert iou(annotate.painted(), native.best([(point["x"], point["y"], 1)])) > 0.97
    annotate.accept()
    annotate.leave()
    shot = annotate.screenshot().astype(int)
    here = annotate.ask("([x, y]) => samphire.onPage(x, y)", list(OBJECT))
    away = annotate.ask("([x, y]) => samphire.onPage(x, y)", [850, 550])
    stage = annotate.stage()
    color_here, color_away = (shot[round(y - stage["y"]), round(x - stage["x"])] for x, y in (here, away))
    assert np.abs(color_here - color_away).max() > 40, "the mask is on the object, not on the ground"
    undo(annotate)


def picture_pixel(annotate, x: float, y: float) -> np.ndarray:
    shot = annotate.screenshot().astype(int)
    page_x, page_y = annotate.ask("([x, y]) => samphire.onPage(x, y)", [x, y])
    stage = annotate.stage()
    return shot[round(page_y - stage["y"]), round(page_x - stage["x"])]


def assert_shows(annotate, place: tuple[float, float], color) -> None:
    assert picture_pixel(annotate, *place) == pytest.approx(np.asarray(color), abs=5)


@pytest.mark.parametrize("renderer", ["2d", "webgl2"])
def test_brightness_and_channels_change_the_picture_and_no_mask(annotating, native, renderer):
    annotate = annotating().open(native.image, f"?decoder=server&render={renderer}")
    annotate.leave()
    plain = picture_pixel(annotate, 850, 550)
    orange = picture_pixel(annotate, *OBJECT)
    click_at(annotate, *OBJECT)
    mask = annotate.painted()
    option(annotate, "brightness", 1.5)
    assert iou(annotate.painted(), mask) == 1
    annotate.key("Escape")
    annotate.leave()
    assert_shows(annotate, (850, 550), np.minimum(255, 1.5 * plain))
    option(annotate, "brightness", 1.0)
    option(annotate, "channel", "B")
    assert_shows(annotate, OBJECT, [orange[2]] * 3)


@pytest.mark.parametrize("renderer", ["2d", "webgl2"])
def test_opacity_and_outlines(annotating, native, renderer):
    annotate = annotating().open(native.image, f"?decoder=server&render={renderer}")
    annotate.leave()
    bare = picture_pixel(annotate, *OBJECT)
    click_at(annotate, *OBJECT)
    annotate.accept()
    annotate.leave()
    color = np.array([int(annotate.annotations()[0]["color"][i : i + 2], 16) for i in (1, 3, 5)])
    for opacity in (0.4, 1.0):
        option(annotate, "opacity", opacity)
        assert_shows(annotate, OBJECT, (1 - opacity) * bare + opacity * color)
    annotate.key("Shift+L")
    assert_shows(annotate, OBJECT, bare)
    edges = np.abs(annotate.screenshot().astype(int) - color).max(axis=2) < 60
    assert edges.sum() > 200, "the outline is there"
    annotate.key("Shift+L")
    undo(annotate)


def test_the_mini_map_shows_and_moves_the_part_in_view(annotating, native):
    annotate = annotating().open(native.image, "?decoder=server")
    minimap = annotate.page.locator(".minimap")
    expect(minimap).to_be_hidden()
    annotate.page.mouse.move(*annotate.on_page(450, 300))
    annotate.page.mouse.wheel(0, -900)
    annotate.until("() => !document.querySelector('.minimap').hidden")
    box = minimap.bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(900 / 600, abs=0.05)
    annotate.page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"])
    stage = annotate.stage()
    x, y = annotate.ask("([x, y]) => samphire.onPage(x, y)", [225, 450])
    assert x == pytest.approx(stage["x"] + stage["width"] / 2, abs=10)
    assert y == pytest.approx(stage["y"] + stage["height"] / 2, abs=10)
    assert annotate.prompt()["points"] == [], "no click on the picture below it"
    annotate.key("f")
    annotate.until("() => document.querySelector('.minimap').hidden")


def test_the_mini_map_shows_the_next_picture_while_zoomed(annotating, native, server):
    other = Native.upload(server.base, still_life(108))
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.page.mouse.move(*annotate.on_page(450, 300))
    annotate.page.mouse.wheel(0, -900)
    annotate.until("() => !document.querySelector('.minimap').hidden")
    mean = """() => {
      const canvas = document.querySelector(".minimap canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const sum = (channel) => data.filter((_, i) => i % 4 === channel).reduce((a, b) => a + b);
      return [0, 1, 2, 3].map((channel) => (sum(channel) * 4) / data.length);
    }"""
    for image, seed in ((native.image, 107), (other.image, 108)):
        if seed == 8:
            annotate.switch(image)
        whole = np.asarray(Image.open(io.BytesIO(still_life(seed).data)).convert("RGB"))
        assert annotate.ask(mean) == pytest.approx([*whole.mean(axis=(0, 1)), 255], abs=4)


def test_the_numbers_under_the_pointer(annotating, native):
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.key("Shift+R")
    x, y = annotate.ask("([x, y]) => samphire.onPage(x, y)", [230.5, 210.5])
    annotate.page.mouse.move(x, y)
    annotate.until("() => !document.querySelector('.inspector').hidden")
    across, down = map(int, annotate.page.inner_text(".inspector-place").split(","))
    assert abs(across - 230) <= 1
    assert abs(down - 210) <= 1
    color = [int(part) for part in annotate.page.inner_text(".inspector-color").split()]
    assert color == pytest.approx([228, 138, 52], abs=12)
    annotate.page.mouse.move(600, 2)
    annotate.until("() => document.querySelector('.inspector').hidden")


def test_what_was_chosen_is_remembered(annotating, native):
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.key("j")
    option(annotate, "contrast", 1.5)
    annotate.page.reload()
    annotate.arrived()
    annotate.page.mouse.move(*annotate.on_page(450, 300))
    annotate.until("() => !document.querySelector('.crosshair-across').hidden")
    expect(annotate.page.locator("#option-view-contrast")).to_have_value("1.5")
