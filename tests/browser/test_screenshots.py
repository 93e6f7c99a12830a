"""The README's picture of the program, made by the program: SAMPHIRE_SCREENSHOTS=1 writes it anew."""

import io
import os
from pathlib import Path

import pytest
import requests
from PIL import Image

FILE = Path(__file__).parents[2] / "docs" / "annotate.png"
SIZE = (1440, 900)
MOST_BYTES = 400_000
# Places in the sample picture, image frame, and the label each object gets.
OBJECTS = [("rock", (1010, 500)), ("lighthouse", (160, 160)), ("pebble", (520, 690)), ("sun", (955, 112))]
ACTIVE = (720, 350)  # the sail: the mask being made


def test_the_screenshot_of_the_readme():
    with Image.open(FILE) as image:
        assert image.size == SIZE
        assert image.format == "PNG"
    assert FILE.stat().st_size < MOST_BYTES


@pytest.mark.skipif(
    not os.environ.get("SAMPHIRE_SCREENSHOTS"), reason="set SAMPHIRE_SCREENSHOTS=1 to write it"
)
def test_make_the_screenshot(annotating, server):
    image = requests.post(f"{server.base}/api/sample", timeout=60).json()
    viewport = {"width": SIZE[0], "height": SIZE[1]}
    annotate = annotating(viewport=viewport).open(image)
    page = annotate.page
    for label, place in OBJECTS:
        page.get_by_role("textbox", name="New label").fill(label)
        annotate.key("Enter")
        annotate.click(*place)
        annotate.accept()
    page.get_by_role("textbox", name="New label").fill("boat")
    annotate.key("Enter")
    annotate.click(*ACTIVE)
    page.locator(".candidates").wait_for()
    page.mouse.move(*annotate.on_page(ACTIVE[0] + 60, ACTIVE[1] - 190))
    annotate.until("() => samphire.status().phase === 'ready'", timeout_s=120)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    FILE.parent.mkdir(exist_ok=True)
    # A palette instead of 16 million colours: the picture's grain makes the file four times as large otherwise.
    shot.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(FILE, optimize=True)
    assert FILE.stat().st_size < MOST_BYTES
