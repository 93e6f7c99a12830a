"""Objects put on a picture over HTTP, and what the server's own geometry says of rings: for the tests of shapes."""

import time
import uuid

import numpy as np
import requests

from server.domain import rings
from server.domain.masks import decode_rle, encode_rle
from server.domain.runs import Window
from tests.browser.annotating import PATIENCE_S, Annotating
from tests.browser.native import Native


def put(native: Native, mask: np.ndarray, label: str = "thing", **fields) -> dict:
    """A new annotation of a mask bool (H, W), that no network made."""
    body = {"id": uuid.uuid4().hex, "label": label, "color": "#e69f00"}
    body |= {"rle": encode_rle(mask)} | fields
    answer = requests.post(f"{native.url}/annotations", json=body, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()


def rectangles(shape: tuple[int, int], *boxes: tuple[int, int, int, int]) -> np.ndarray:
    """Boxes x, y, width, height in turn set and cleared: bool `shape`."""
    mask = np.zeros(shape, bool)
    for i, (x, y, width, height) in enumerate(boxes):
        mask[y : y + height, x : x + width] = i % 2 == 0
    return mask


def filled(shape: tuple[int, int], *corners: list) -> np.ndarray:
    """What closed lines through image-frame places enclose: bool `shape`."""
    height, width = shape
    return whole(rings.fill([np.array(ring, np.float64) for ring in corners], (width, height)), shape)


def whole(window: Window, shape: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    rows, columns = window.mask.shape
    mask[window.y : window.y + rows, window.x : window.x + columns] = window.mask
    return mask


def masks(annotate: Annotating) -> list[np.ndarray]:
    """Of all objects, from below to above: bool (H, W) each."""
    return [decode_rle(each["rle"]) for each in annotate.annotations()]


def becomes(annotate: Annotating, wanted: np.ndarray) -> bool:
    """Whether the lowest object gets this mask: pages answer to the pointer when they come to it."""
    end = time.monotonic() + PATIENCE_S
    while not (same := np.array_equal(masks(annotate)[0], wanted)) and time.monotonic() < end:
        annotate.page.wait_for_timeout(40)
    return same


def note(annotate: Annotating) -> str:
    """What the bar of options says."""
    return annotate.page.locator(".tool-options:not([hidden]) .option-note").inner_text()
