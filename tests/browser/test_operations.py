"""Operations on selected objects: masks exact to the pixel, here and on the server, and each is undone at once."""

import numpy as np
import pytest
from playwright.sync_api import expect

from server.domain.masks import decode_rle
from tests.browser.native import Native
from tests.browser.outlines import put, rectangles

SHAPE = (600, 900)
# A block with a hole and three specks, a block over its right side, and one far away.
HOLED = rectangles(
    SHAPE, (100, 100, 300, 200), (150, 150, 50, 40), (20, 20, 3, 3), (0, 0, 0, 0), (860, 580, 2, 1)
)
HOLED[599, 0] = True
OVER = rectangles(SHAPE, (350, 150, 200, 100))
FAR = rectangles(SHAPE, (600, 400, 120, 90))


@pytest.fixture
def opened(opened):
    """With the three objects on it, from below to above."""

    def objects(native: Native) -> None:
        for z, (label, mask) in enumerate([("holed", HOLED), ("over", OVER), ("far", FAR)]):
            put(native, mask, label, z=z)

    def start(seed: int):
        annotate, native = opened(seed, objects)
        annotate.until("() => samphire.annotations().length === 3")
        annotate.key("v")
        return annotate, native

    return start


def pick(annotate, *labels: str) -> None:
    """In the list, the others with Ctrl."""
    for i, label in enumerate(labels):
        row = annotate.page.locator(".object-row .name", has_text=label).first
        row.click(modifiers=["ControlOrMeta"] if i else [])
    annotate.page.locator("#stage").focus()


def written(objects: list[dict]) -> list[tuple]:
    return sorted((each["id"], each["rle"]["counts"], each["z"]) for each in objects)


def kept(annotate, native: Native) -> dict[str, list[np.ndarray]]:
    """The masks by label, the same on the server as in the page."""
    from_page = annotate.annotations()
    wanted = written(from_page)
    for _ in range(100):  # what is deleted here is so on the server a moment later
        if written(native.annotations()) == wanted:
            break
        annotate.page.wait_for_timeout(100)
    assert written(native.annotations()) == wanted
    found: dict[str, list[np.ndarray]] = {}
    for each in from_page:
        mask = decode_rle(each["rle"])
        assert each["area"] == mask.sum()
        found.setdefault(each["label"], []).append(mask)
    return found


def same(found: dict[str, list[np.ndarray]], **expected: list[np.ndarray]) -> None:
    assert {label: len(list_) for label, list_ in found.items()} == {
        label: len(list_) for label, list_ in expected.items()
    }
    for label, list_ in expected.items():
        for mask, wanted in zip(found[label], list_, strict=True):
            assert np.array_equal(mask, wanted), label


def undone(annotate, native) -> None:
    annotate.key("Control+z")
    same(kept(annotate, native), holed=[HOLED], over=[OVER], far=[FAR])


def test_merge_and_subtract(opened):
    annotate, native = opened(420)
    # With Shift in the picture too: first the one below, then the one above.
    annotate.page.mouse.click(*annotate.on_page(120, 250))
    annotate.page.keyboard.down("Shift")
    annotate.page.mouse.click(*annotate.on_page(500, 200))
    annotate.page.mouse.click(*annotate.on_page(650, 450))
    annotate.page.keyboard.up("Shift")
    annotate.key("m")
    annotate.hears("Merged 3 objects into one holed.")
    same(kept(annotate, native), holed=[HOLED | OVER | FAR])
    undone(annotate, native)

    pick(annotate, "over", "holed")
    annotate.key("Shift+M")
    same(kept(annotate, native), holed=[HOLED], over=[OVER & ~HOLED], far=[FAR])
    undone(annotate, native)

    pick(annotate, "holed")
    annotate.page.get_by_role("button", name="Subtract").click()  # what lies above
    same(kept(annotate, native), holed=[HOLED & ~OVER], over=[OVER], far=[FAR])
    undone(annotate, native)

    pick(annotate, "far")
    for name in ("Merge", "Subtract", "Split", "Fill holes", "Remove specks"):
        expect(annotate.page.get_by_role("button", name=name)).to_be_disabled()


def test_parts_holes_and_specks(opened):
    annotate, native = opened(421)
    pick(annotate, "holed")
    block = rectangles(SHAPE, (100, 100, 300, 200), (150, 150, 50, 40))
    pieces = [
        block,
        rectangles(SHAPE, (20, 20, 3, 3)),
        rectangles(SHAPE, (860, 580, 2, 1)),
        rectangles(SHAPE, (0, 599, 1, 1)),
    ]
    annotate.key("i")
    annotate.hears("Split holed into 4 objects.")
    found = kept(annotate, native)
    assert len(found["holed"]) == 4
    for piece in pieces:
        assert any(np.array_equal(piece, mask) for mask in found["holed"])
    undone(annotate, native)

    annotate.key("o")
    annotate.hears("Filled 2000 pixels.")
    plain = HOLED | rectangles(SHAPE, (150, 150, 50, 40))
    same(kept(annotate, native), holed=[plain], over=[OVER], far=[FAR])
    undone(annotate, native)

    annotate.key("Shift+O")
    annotate.hears("Removed 3 specks.")
    same(kept(annotate, native), holed=[block], over=[OVER], far=[FAR])
    undone(annotate, native)


def test_copies_and_order(opened):
    annotate, native = opened(422)

    def order() -> list[str]:
        annotate.saved()
        return [each["label"] for each in annotate.annotations()]

    pick(annotate, "holed")
    annotate.key("PageUp")
    assert order() == ["over", "holed", "far"]
    same(kept(annotate, native), holed=[HOLED], over=[OVER], far=[FAR])
    annotate.key("PageDown")
    assert order() == ["holed", "over", "far"]
    annotate.key("Shift+PageUp")
    assert order() == ["over", "far", "holed"]
    annotate.key("Control+z", "Control+z", "Control+z")
    assert order() == ["holed", "over", "far"]

    original = annotate.annotations()[0]["id"]
    annotate.key("c")
    same(kept(annotate, native), holed=[HOLED, HOLED], over=[OVER], far=[FAR])
    assert order() == ["holed", "over", "far", "holed"]
    annotate.key("Delete")  # the copy is what is selected
    assert order() == ["holed", "over", "far"]
    assert annotate.annotations()[0]["id"] == original

    pick(annotate, "over")
    annotate.key("u")  # locked, it keeps its height and is passed
    pick(annotate, "holed")
    annotate.key("PageUp")
    annotate.hears("holed: layer 2 of 3, counted from the bottom.")
    assert order() == ["over", "holed", "far"]


def test_no_overlap(opened):
    annotate, native = opened(423)
    button = annotate.page.get_by_role("button", name="New and changed masks take pixels")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    pick(annotate, "far")
    annotate.key("o", "Escape")
    same(kept(annotate, native), holed=[HOLED], over=[OVER], far=[FAR])
    pick(annotate, "holed")
    annotate.key("o")  # its mask is what changed: it takes the pixels that the other shared
    plain = HOLED | rectangles(SHAPE, (150, 150, 50, 40))
    same(kept(annotate, native), holed=[plain], over=[OVER & ~plain], far=[FAR])
    undone(annotate, native)
