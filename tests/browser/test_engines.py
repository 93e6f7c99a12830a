"""The whole path in every engine: a picture opened, pointed at, clicked, kept and painted on, offline too."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from server.domain.masks import decode_rle
from tests.browser.annotating import Annotating
from tests.browser.engines import EnginePage, Firefox, WebKit, find_firefox, find_webkit
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.browser.screen import assert_on_screen
from tests.browser.test_failures import free_port
from tests.browser.test_outbox import OFFLINE
from tests.browser.test_strokes import draw, size, swept
from tests.web.live.running import Server

AGREES = 0.99  # IoU of the painted mask with the native decoder's
WITHOUT_SPECKS = 0.95  # IoU of the accepted mask with the painted one
GAP = 12  # CSS pixels: between two parts of the bar of candidates, and at its end
LINE = [(120, 520), (300, 560), (420, 540)]
# The widest stretch of the bar of candidates, from left to right, that holds none of its parts.
EMPTY_STRETCH = """() => {
  const bar = document.querySelector(".candidates");
  const parts = [...bar.querySelectorAll("button, .usual > *")].map((part) => part.getBoundingClientRect());
  let [reached, widest] = [bar.getBoundingClientRect().left, 0];
  for (const { left, right, width } of parts.sort((a, b) => a.left - b.left)) {
    if (!width) continue;
    widest = Math.max(widest, left - reached);
    reached = Math.max(reached, right);
  }
  return Math.max(widest, bar.getBoundingClientRect().right - reached);
}"""


@pytest.fixture
def chromium_page(new_page, problems):
    problems.allow(OFFLINE)
    return new_page()


def walked(driver) -> Iterator[EnginePage]:
    """Its page; in the end its console may have told of nothing but what lies in being offline."""
    try:
        yield EnginePage(driver)
        troubles = driver.troubles
    finally:
        driver.close()
    assert [told for told in troubles if not re.search(rf"{OFFLINE}|NetworkError|/socket\.io/", told)] == []


@pytest.fixture
def firefox_page(tmp_path) -> Iterator[EnginePage]:
    program = find_firefox()
    if not program:
        pytest.skip("Firefox is not installed (Debian: `sudo apt install firefox-esr`).")
    yield from walked(Firefox(program, tmp_path))


@pytest.fixture
def webkit_page() -> Iterator[EnginePage]:
    program = find_webkit()
    if not program:
        pytest.skip("WebKit or Xvfb is not installed (Debian: `sudo apt install webkit2gtk-driver xvfb`).")
    yield from walked(WebKit(program))


class Leaving:
    """A server that goes away and comes back at the same address."""

    def __init__(self, data) -> None:
        self._words = (data, "--port", str(free_port()))
        self.start()

    def start(self) -> None:
        self._server = Server(*self._words)
        self.base = self._server.base
        assert self.base, "".join(self._server.errors)

    def stop(self) -> None:
        assert self._server.stop() == 0

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()


@pytest.fixture(scope="module")
def leaving(tmp_path_factory) -> Iterator[Leaving]:
    leaving = Leaving(tmp_path_factory.mktemp("engines"))
    yield leaving
    leaving.stop()


def is_saved(annotate: Annotating, state: str) -> None:
    annotate.until("(state) => document.querySelector('.saved').dataset.state === state", state)


@pytest.mark.parametrize(("engine", "seed"), [("chromium", 500), ("firefox", 501), ("webkit", 502)])
def test_the_whole_path(engine, seed, request, leaving):
    picture = still_life(seed)
    native = Native.upload(leaving.base, picture)
    page = request.getfixturevalue(f"{engine}_page")
    annotate = Annotating(page, leaving.base).open(native.image, "?decoder=wasm", 180)
    first, second, third = (each.centre for each in picture.objects)
    annotate.leave()
    bare = annotate.screenshot()

    annotate.hover(*second)
    annotate.until("() => shown.hover.peek() !== null")
    assert iou(annotate.painted(), native.best([[*annotate.exact(*second), 1]])) >= AGREES

    point = annotate.click(*first)
    annotate.leave()
    answer = native.predict([[*point, 1]])
    assert iou(annotate.painted(), answer["candidates"][answer["best"]]["mask"]) >= AGREES
    on_screen, _ = annotate.to_screen(annotate.painted())
    assert_on_screen(annotate, bare, on_screen)
    assert annotate.ask(EMPTY_STRETCH) <= GAP

    before = annotate.choice()
    annotate.key("Tab")
    assert annotate.choice() != before
    kept = annotate.painted()
    assert iou(kept, answer["candidates"][annotate.choice()]["mask"]) >= AGREES
    assert iou(decode_rle(annotate.accept()["rle"]), kept) >= WITHOUT_SPECKS

    annotate.key("k")
    radius = size(annotate) / 2
    stroke = swept(draw(annotate, LINE), radius)
    annotate.until("() => samphire.annotations().length === 2")
    annotate.saved()
    assert np.array_equal(decode_rle(native.annotations()[1]["rle"]), stroke)

    with leaving.away():
        annotate.until("() => samphire.status().online === false")
        annotate.key("p")
        annotate.click(*third)
        annotate.leave()
        annotate.key("Enter")
        annotate.until("() => samphire.annotations().length === 3")
        is_saved(annotate, "offline")
    is_saved(annotate, "saved")
    made = [each["rle"] for each in annotate.annotations()]
    assert [each["rle"] for each in native.annotations()] == made
    assert iou(decode_rle(made[2]), picture.mask(2)) > 0.9
