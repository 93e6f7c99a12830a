"""Scribbles and loops as prompts: on the program's own sample picture they find the object that is meant."""

import numpy as np
import pytest
import requests
from PIL import Image, ImageDraw

from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.browser.test_strokes import draw

SAIL = [(672, 404), (672, 230), (770, 400)]  # of the sample's boat
HULL = [(560, 418), (780, 418), (744, 462), (598, 462)]
SUN = (955, 112, 50)  # centre and radius


def filled(corners) -> np.ndarray:
    mask = Image.new("1", (1200, 800))
    ImageDraw.Draw(mask).polygon(corners, fill=1)
    return np.asarray(mask)


def sun() -> np.ndarray:
    y, x = np.mgrid[:800, :1200] + 0.5
    return np.hypot(x - SUN[0], y - SUN[1]) <= SUN[2]


def circle(x: float, y: float, rx: float, ry: float) -> list[tuple[float, float]]:
    """A loop as a hand draws it, almost closed."""
    return [(x + rx * np.cos(a), y + ry * np.sin(a)) for a in np.linspace(0, 6.0, 40)]


@pytest.fixture
def sample(annotating, server):
    image = requests.post(f"{server.base}/api/sample", timeout=60).json()
    return annotating().open(image, "?decoder=server")


def drawn(annotate, places, button: str = "left") -> None:
    """A stroke, and its answer."""
    before = annotate.note()
    draw(annotate, places, button)
    annotate.answered(before)


@pytest.mark.parametrize(
    ("places", "mask"),
    [
        ([(590, 440), (670, 444), (750, 440)], filled(HULL)),
        ([(930, 90), (955, 115), (980, 140)], sun()),
    ],
    ids=["hull", "sun"],
)
def test_a_scribble_finds_the_object_under_it(sample, places, mask):
    sample.key("q")
    drawn(sample, places)
    points = sample.prompt()["points"]
    assert len(points) == 5
    assert all(mask[int(point["y"]), int(point["x"])] and point["label"] == 1 for point in points)
    assert iou(sample.painted(), mask) > 0.8
    sample.key("Control+z")
    assert sample.prompt() == {"points": [], "box": None}


@pytest.mark.parametrize(
    ("places", "mask"),
    [
        ([(664, 212), (720, 290), (792, 412), (730, 414), (664, 416), (662, 300)], filled(SAIL)),
        (circle(*SUN[:2], 62, 62), sun()),
    ],
    ids=["sail", "sun"],
)
def test_a_loop_finds_the_object_in_it(sample, places, mask):
    sample.key("l")
    drawn(sample, places)
    prompt = sample.prompt()
    xs, ys = zip(*places, strict=True)
    assert prompt["box"] == pytest.approx([min(xs), min(ys), max(xs), max(ys)], abs=2)
    assert len(prompt["points"]) == 8
    assert iou(sample.painted(), mask) > 0.8
    sample.key("Control+z")
    assert sample.prompt() == {"points": [], "box": None}


def test_the_right_button_takes_away_and_a_tap_is_a_point(annotating, server):
    picture = still_life(310)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=server")
    annotate.key("q")
    draw(annotate, [(200, 200), (260, 220)], "right")
    assert annotate.prompt()["points"] == []
    annotate.hears("Include something first")
    place = annotate.click(*picture.objects[0].centre)
    (point,) = annotate.prompt()["points"]
    assert (point["x"], point["y"]) == pytest.approx(place, abs=0.01)
    drawn(annotate, [(430, 400), (470, 440), (500, 500)], "right")
    assert [point["label"] for point in annotate.prompt()["points"]] == [1, 0, 0, 0, 0, 0]
    assert iou(annotate.painted(), picture.mask(0)) > 0.9
    kept = annotate.accept()
    assert [step["kind"] for step in kept["prompts"]] == ["point", "mask", *["point"] * 5]
