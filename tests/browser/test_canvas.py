"""The picture under the hand: zoom where one points, pan, fit, and device pixels used for what they are."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.native import Native
from tests.browser.pictures import Picture, still_life
from tests.browser.screen import centre

MAGENTA = (255, 0, 255)
MARK = (300, 200)  # image frame: the middle of the mark
HALF = 8


@pytest.fixture(scope="package")
def marked(server) -> Native:
    """900 x 600 of grey with a magenta square of 16 pixels around MARK."""
    pixels = np.full((600, 900, 3), 90, np.uint8)
    pixels[MARK[1] - HALF : MARK[1] + HALF, MARK[0] - HALF : MARK[0] + HALF] = MAGENTA
    return Native.upload(server.base, as_png("marked.png", pixels))


def as_png(name: str, pixels: np.ndarray) -> Picture:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return Picture(name, pixels.shape[1], pixels.shape[0], file.getvalue(), ())


def mark(annotate) -> tuple[tuple[float, float], float]:
    """Where the mark is on the page and how long its side is, in CSS pixels."""
    annotate.leave()  # a preview would paint over it
    shot = annotate.screenshot().astype(int)
    found = (shot[..., 0] > 170) & (shot[..., 1] < 60) & (shot[..., 2] > 170)
    assert found.any()
    stage, ratio = annotate.stage(), annotate.ask("devicePixelRatio")
    x, y = centre(found)
    return (x / ratio + stage["x"], y / ratio + stage["y"]), float(np.sqrt(found.sum())) / ratio


def test_the_wheel_zooms_where_the_pointer_is(annotating, marked):
    annotate = annotating().open(marked.image, "?decoder=server")
    at, side = mark(annotate)
    assert at == pytest.approx(annotate.on_page(*MARK), abs=1)
    assert side == pytest.approx(2 * HALF * annotate.fit()[0], rel=0.1)
    for notches in (-240, -240, 360):
        annotate.page.mouse.move(*at)
        annotate.page.mouse.wheel(0, notches)
        here, now = mark(annotate)
        assert here == pytest.approx(at, abs=1)
        assert (now > side) == (notches < 0)
        side = now


@pytest.mark.parametrize("how", ["space", "middle"])
def test_the_picture_is_moved(annotating, marked, how):
    annotate = annotating().open(marked.image, "?decoder=server")
    page = annotate.page
    at, side = mark(annotate)
    page.mouse.move(*at)
    button = "middle" if how == "middle" else "left"
    if how == "space":
        page.keyboard.down("Space")
    page.mouse.down(button=button)
    page.mouse.move(at[0] + 60, at[1] + 20, steps=4)
    page.mouse.move(at[0] + 120, at[1] - 70, steps=4)
    page.mouse.up(button=button)
    if how == "space":
        page.keyboard.up("Space")
    here, now = mark(annotate)
    assert here == pytest.approx((at[0] + 120, at[1] - 70), abs=1)
    assert now == pytest.approx(side, rel=0.05)
    assert annotate.prompt() == {"points": [], "box": None}

    page.get_by_role("button", name="Fit").click()
    assert mark(annotate)[0] == pytest.approx(at, abs=1)


def test_clicks_follow_zoom_and_pan(annotating, server):
    picture = still_life(40)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=server")
    x, y = annotate.on_page(*picture.objects[0].centre)
    annotate.page.mouse.move(x, y)
    annotate.page.mouse.wheel(0, -300)  # the place under the pointer stays under it
    before = annotate.note()
    annotate.page.mouse.click(x, y)
    annotate.answered(before)
    (point,) = annotate.prompt()["points"]
    assert (point["x"], point["y"]) == pytest.approx(annotate.exact(*picture.objects[0].centre), abs=0.01)


@pytest.mark.parametrize("render", ["2d", "webgl2"])
@pytest.mark.parametrize("ratio", [1, 2])
def test_device_pixels_are_used(annotating, server, render, ratio):
    """A picture of few pixels fills the stage with sharp squares, and the canvas has every device pixel."""
    cells = np.indices((14, 20)).sum(axis=0) % 2 == 0
    pixels = np.where(cells[..., None], (230, 60, 40), (20, 90, 200)).astype(np.uint8)
    native = Native.upload(server.base, as_png("checks.png", pixels))
    annotate = annotating(device_scale_factor=ratio).open(native.image, f"?decoder=server&render={render}")
    annotate.leave()
    sizes = annotate.ask("""() => ['picture', 'overlay'].map((id) => {
      const canvas = document.getElementById(id);
      const { width, height } = canvas.getBoundingClientRect();
      return [canvas.width, canvas.height, width * devicePixelRatio, height * devicePixelRatio];
    })""")
    for width, height, device_width, device_height in sizes:
        assert (width, height) == pytest.approx((device_width, device_height), abs=1)
    shot, (scale, left, top), stage = annotate.screenshot(), annotate.fit(), annotate.stage()
    assert scale > 20
    for row, column in ((3, 4), (3, 5), (10, 17)):
        x0, y0 = ((column * scale + left - stage["x"]) * ratio, (row * scale + top - stage["y"]) * ratio)
        side, edge = scale * ratio, 1.01
        cell = shot[int(y0 + edge) + 1 : int(y0 + side - edge), int(x0 + edge) + 1 : int(x0 + side - edge)]
        assert cell.size
        assert np.abs(cell.astype(int) - pixels[row, column]).max() <= 2
