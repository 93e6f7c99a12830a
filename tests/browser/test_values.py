"""Which values of a deep image are shown is chosen in the page, and masks are made on what is shown then."""

import io

import numpy as np
import requests
from PIL import Image
from playwright.sync_api import expect

from tests.browser.pictures import still_life
from tests.unit.features.pictures.files import tiff

CENTRE = (200, 180)


def disc():
    """A 16-bit TIFF of 640 x 360: a brighter disc around the centre, all within a few hundred values."""
    rows, columns = np.mgrid[:360, :640]
    inside = (columns - CENTRE[0]) ** 2 + (rows - CENTRE[1]) ** 2 <= 90**2
    return tiff((np.where(inside, 420, 300) + columns % 7).astype("u2"))


def show(annotate, range_: str, *ends: int) -> None:
    page = annotate.page
    page.click(".view-button")
    page.select_option("#values-range", range_)
    for end, value in zip(("Black", "White"), ends, strict=False):
        page.fill(f".values-form [aria-label={end}]", str(value))
    before = annotate.status()["image"]["version"]
    page.click(".values-form button")
    annotate.until("(before) => samphire.status().image.version !== before", before)
    page.keyboard.press("Escape")
    annotate.arrived()


def brightness(annotate) -> float:
    return float(annotate.screenshot().mean())


def upload(server, name: str, data: bytes) -> dict:
    return requests.post(f"{server.base}/api/images", files={"file": (name, data)}, timeout=60).json()


def test_the_values_shown_are_chosen(annotating, server):
    annotate = annotating().open(upload(server, "disc.tif", disc()))
    automatic = brightness(annotate)
    show(annotate, "full")
    assert brightness(annotate) < automatic - 5
    show(annotate, "given", 200, 500)
    assert annotate.status()["image"]["rendering"]["range"] == [200, 500]
    before = annotate.note()
    annotate.page.mouse.click(*annotate.ask("([x, y]) => samphire.onPage(x, y)", list(CENTRE)))
    annotate.answered(before)
    area = annotate.painted().sum()
    assert 0.8 * np.pi * 90**2 < area < 1.2 * np.pi * 90**2


def test_usual_photographs_have_no_such_choice(annotating, server):
    photograph = io.BytesIO()
    Image.open(io.BytesIO(still_life(307).data)).convert("RGB").save(photograph, "JPEG")
    annotate = annotating().open(upload(server, "a.jpg", photograph.getvalue()))
    annotate.page.click(".view-button")
    expect(annotate.page.locator(".view-panel")).to_be_visible()
    expect(annotate.page.locator("#values-range")).to_be_hidden()
