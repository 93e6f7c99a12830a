"""The README's picture of the program, made by the program: SAMPHIRE_SCREENSHOTS=1 writes it anew."""

import io
import os
from pathlib import Path

import requests
from PIL import Image

FILE = Path(__file__).parents[2] / "docs" / "annotate.png"
SIZE = (1440, 900)
MOST_BYTES = 400_000
FOR_PANELS = 72  # colours of the palette
# Places in the sample picture, image frame, and the label each object gets.
OBJECTS = [
    ("pebble", [(640, 730), (842, 722), (1070, 734)]),
    ("lighthouse", [(160, 160)]),
    ("rock", [(300, 540), (1000, 490), (1130, 520)]),
    ("sun", [(955, 112)]),
]
ACTIVE = (720, 350)  # the sail: the mask being made


def test_the_screenshot_of_the_readme(annotating, server):
    if os.environ.get("SAMPHIRE_SCREENSHOTS"):
        write_screenshot(annotating, server)
    with Image.open(FILE) as image:
        assert image.size == SIZE
        assert image.format == "PNG"
    assert FILE.stat().st_size < MOST_BYTES


def write_screenshot(annotating, server) -> None:
    image = requests.post(f"{server.base}/api/sample", timeout=60).json()
    viewport = {"width": SIZE[0], "height": SIZE[1]}
    annotate = annotating(viewport=viewport).open(image)
    page = annotate.page
    for label, places in OBJECTS:
        page.get_by_role("textbox", name="New label").fill(label)
        annotate.key("Enter")
        for place in places:
            annotate.click(*place)
            annotate.accept()
    page.get_by_role("textbox", name="New label").fill("boat")
    annotate.key("Enter")
    page.get_by_role("listitem").filter(has_text="object").hover()
    page.get_by_role("button", name="Remove object").click()
    annotate.click(*ACTIVE)
    page.locator(".candidates").wait_for()
    page.mouse.move(*annotate.on_page(ACTIVE[0] + 60, ACTIVE[1] - 190))
    annotate.until("() => samphire.status().phase === 'ready'", timeout_s=120)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    FILE.parent.mkdir(exist_ok=True)
    with_palette(shot, annotate.stage()).save(FILE, optimize=True)


def with_palette(shot: Image.Image, stage: dict[str, float]) -> Image.Image:
    """In 256 colours, those of the panels exactly: in 16 million the picture's grain makes a file of 2 MB."""
    x, y = stage["x"], stage["y"]
    panels = shot.copy()
    panels.paste((0, 0, 0), (int(x), int(y), int(x + stage["width"]), int(y + stage["height"])))
    counted = sorted(panels.getcolors(SIZE[0] * SIZE[1]) or [], reverse=True)
    exact = [channel for _, color in counted[:FOR_PANELS] for channel in color]
    picture = shot.crop((int(x), int(y), int(x + stage["width"]), int(y + stage["height"])))
    found = picture.quantize(256 - FOR_PANELS, Image.Quantize.MEDIANCUT, kmeans=2).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*exact, *found][: 3 * 256])
    return shot.quantize(palette=palette, dither=Image.Dither.NONE)
