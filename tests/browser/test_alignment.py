"""Masks lie on their objects to the pixel: odd sizes, portrait, all eight EXIF orientations."""

import numpy as np
import pytest

from server.domain.masks import decode_rle
from tests.browser.native import Native, iou
from tests.browser.pictures import one_object
from tests.browser.screen import EDGE, assert_on_screen, centre

SIZES = [(2130, 1960), (37, 53), (600, 1000), (333, 127)]
SLIVERS = [(1, 4000), (4000, 1), (3, 700)]
SMALL = {"width": 800, "height": 560}  # of a stage: quicker painted without a graphics card
BRIGHT = 150  # the object's red, well above the ground's


def assert_fits(box: list[float], wanted: list[float]) -> None:
    """x, y, w, h against x0, y0, x1, y1: within 2 pixels, or 4 % of the object."""
    x, y, width, height = box
    x0, y0, x1, y1 = wanted
    across, down = max(2, 0.04 * (x1 - x0)), max(2, 0.04 * (y1 - y0))
    assert [x, x + width] == pytest.approx([x0, x1], abs=across)
    assert [y, y + height] == pytest.approx([y0, y1], abs=down)


def assert_aligned(annotate, native, picture) -> None:
    """A click on the object: seen where it is, masked where it is, painted where it is."""
    (target,) = picture.objects
    annotate.leave()
    bare = annotate.screenshot()
    object_on_screen, inside = annotate.to_screen(picture.mask())
    seen = (bare[..., 0] > BRIGHT) & inside
    assert centre(seen) == pytest.approx(centre(object_on_screen), abs=1)
    assert iou(seen, object_on_screen) > 0.97

    point = annotate.click(*target.centre)
    annotate.leave()
    answer = native.predict([[*point, 1]])
    expected = answer["candidates"][annotate.choice()]
    painted = annotate.painted()
    assert iou(painted, expected["mask"]) >= 0.99
    assert_fits(expected["bbox"], target.box)
    mask_on_screen, _ = annotate.to_screen(painted)
    # Where an image pixel takes several of the screen, the painted edge runs smoothly through it.
    edge = EDGE + round(annotate.fit()[0] / 2)
    assert_on_screen(annotate, bare, mask_on_screen, edge)
    assert centre(mask_on_screen) == pytest.approx(centre(object_on_screen), abs=2 + 0.02 * annotate.fit()[0])

    kept = annotate.accept()
    assert kept["rle"]["size"] == [picture.height, picture.width]
    assert_fits(kept["bbox"], target.box)
    (step,) = kept["prompts"]
    assert (step["x"], step["y"]) == pytest.approx(point, abs=0.01)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_odd_sizes(annotating, server, width, height):
    picture = one_object(width, height, seed=30)
    native = Native.upload(server.base, picture)
    assert_aligned(annotating(viewport=SMALL).open(native.image, "?decoder=wasm"), native, picture)


def test_eight_orientations(annotating, server):
    annotate = None
    for orientation in range(1, 9):
        picture = one_object(420, 300, seed=31, orientation=orientation)
        native = Native.upload(server.base, picture)
        assert (native.image["width"], native.image["height"]) == (420, 300)
        if annotate:
            annotate.switch(native.image)
        else:
            annotate = annotating(viewport=SMALL).open(native.image, "?decoder=wasm")
        assert_aligned(annotate, native, picture)


@pytest.mark.parametrize("render", ["2d", "webgl2"])
def test_slivers(annotating, server, render):
    """A picture one pixel wide has no object to speak of, but the same mask everywhere."""
    annotate = annotating(viewport=SMALL)
    for width, height in SLIVERS:
        picture = one_object(width, height, seed=32)
        native = Native.upload(server.base, picture)
        annotate.open(native.image, f"?decoder=wasm&render={render}")
        point = [width / 2, height * 0.3, 1] if width < height else [width * 0.36, height / 2, 1]
        found = annotate.ask("(point) => samphire.predict({ points: [point] })", point)
        answer = native.predict([point])
        assert len(found["candidates"]) == len(answer["candidates"])
        for candidate, expected in zip(found["candidates"], answer["candidates"], strict=True):
            assert candidate["rle"]["size"] == [height, width]
            mask = decode_rle(candidate["rle"])
            assert candidate["area"] == mask.sum()
            assert np.count_nonzero(mask != expected["mask"]) <= 0.01 * mask.size
        painted = annotate.painted()
        exact = decode_rle(found["candidates"][annotate.choice()]["rle"])
        assert np.count_nonzero(painted != exact) <= max(1, 0.001 * painted.size)
