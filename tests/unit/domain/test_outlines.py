"""Outlines: filled again they are the same pixels, by our rule and by pycocotools'."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco
from scipy import ndimage

from server.domain import rings
from server.domain.masks import encode_rle
from server.domain.outlines import iou, lean_outline, outline, simplified_outline, simplify
from server.domain.runs import Window, write_window
from tests.unit.domain.masks_to_draw import MASKS, NAMED

FOUR = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
EIGHT = np.ones((3, 3))


def of(parts):
    return [ring for part in parts for ring in part.rings]


def filled(mask, found):
    height, width = mask.shape
    return write_window(rings.fill(found), width, height)


@given(MASKS)
def test_the_exact_outline_is_exact(mask):
    parts = outline(Window(mask, 0, 0))
    counts = encode_rle(mask)["counts"]
    assert filled(mask, of(parts)) == counts
    assert all((ring == np.rint(ring)).all() for ring in of(parts))
    assert sum(rings.signed_area(ring) for ring in of(parts)) == mask.sum()
    assert len(parts) == ndimage.label(mask, FOUR)[1]
    assert sum(len(part.holes) for part in parts) == ndimage.label(~np.pad(mask, 1), EIGHT)[1] - 1


@given(MASKS)
def test_each_part_is_one_of_the_connected_pieces_with_its_own_holes(mask):
    labelled, _ = ndimage.label(mask, FOUR)
    for part in outline(Window(mask, 0, 0)):
        window = rings.fill(list(part.rings))
        rows, columns = window.mask.shape
        under = labelled[window.y : window.y + rows, window.x : window.x + columns][window.mask]
        assert len(set(under)) == 1
        assert len(under) == np.count_nonzero(labelled == under[0])


@given(MASKS)
def test_the_lean_outline_is_the_same_pixels(mask):
    window = Window(mask, 0, 0)
    assert filled(mask, of(lean_outline(window))) == encode_rle(mask)["counts"]


@given(MASKS)
def test_joined_rings_are_the_same_pixels(mask):
    for find in (outline, lean_outline):
        found = of(find(Window(mask, 0, 0)))
        if found:
            assert filled(mask, [rings.join(found)]) == encode_rle(mask)["counts"]


@given(MASKS)
def test_pycocotools_fills_the_exact_outline_exactly(mask):
    height, width = mask.shape
    polygons = [rings.join(part.rings).reshape(-1).tolist() for part in outline(Window(mask, 0, 0))]
    if polygons:
        theirs = coco.decode(coco.merge(coco.frPyObjects(polygons, height, width)))
        assert np.array_equal(theirs.astype(bool), mask)


def test_where_a_window_lies_does_not_matter():
    parts = outline(Window(NAMED["holes in holes"], 100, 200))
    assert len(parts) == 4
    assert [len(part.holes) for part in parts] == [1, 1, 1, 1]
    assert parts[0].outer.min(axis=0).tolist() == [100, 200]
    assert parts[0].outer.max(axis=0).tolist() == [115, 215]


def disc(radius):
    y, x = np.indices((2 * radius + 3, 2 * radius + 3)) - radius - 1
    return Window(x * x + y * y <= radius * radius, 40, 30)


def test_a_disc_with_few_corners():
    window = disc(50)
    exact, lean = outline(window)[0].outer, lean_outline(window)[0].outer
    assert len(exact) == 244
    assert len(lean) == 132
    found = [simplified_outline(window, tolerance) for tolerance in (0.3, 0.5, 1, 3)]
    assert [len(parts[0].outer) for parts, _ in found] == [132, 60, 24, 16]
    assert [round(agreement, 3) for _, agreement in found] == [1.0, 0.997, 0.99, 0.988]


@given(MASKS, st.floats(0.1, 20))
def test_simplifying_always_leaves_something(mask, tolerance):
    parts, agreement = simplified_outline(Window(mask, 0, 0), tolerance)
    assert bool(parts) == bool(mask.any())
    assert 0 <= agreement <= 1


def test_simplify_keeps_within_the_tolerance():
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.stack([60 * np.cos(angle), 40 * np.sin(angle)], axis=1)
    fewer = simplify(ring, 1.5)
    assert 8 <= len(fewer) <= 20
    dense = np.concatenate(
        [np.linspace(a, b, 50) for a, b in zip(fewer, np.roll(fewer, -1, axis=0), strict=True)]
    )
    assert np.sqrt(((ring[:, None] - dense[None]) ** 2).sum(axis=2)).min(axis=1).max() < 1.6


def test_iou():
    one, empty = Window(np.ones((4, 4), bool), 0, 0), Window(np.zeros((2, 2), bool), 9, 9)
    assert iou(one, Window(np.ones((4, 4), bool), 2, 0)) == pytest.approx(8 / 24)
    assert iou(one, empty) == 0
    assert iou(empty, empty) == 1


def test_many_pieces_take_no_longer_than_their_pixels():
    """A mask of noise has more holes than one can try with each part."""
    mask = np.random.default_rng(0).random((400, 400)) < 0.6
    parts = lean_outline(Window(mask, 0, 0))
    assert len(parts) > 3000
    assert filled(mask, of(parts)) == encode_rle(mask)["counts"]
