"""Edges of a drawn world, whose decoder knows what is where; and how the strongest are thinned."""

import numpy as np
import pytest

from server.inference.automask import Stopped
from server.inference.edge_map import Edges, edge_map
from tests.unit.inference.test_automask import CUP, HEIGHT, TABLE, WIDTH, World


def outline(box) -> np.ndarray:
    """(n, 2) y, x of the pixels just outside a box, without corners."""
    left, top, right, bottom = box
    across, down = np.arange(left, right), np.arange(top, bottom)
    sides = [(np.full_like(across, y), across) for y in (top - 1, bottom)]
    sides += [(down, np.full_like(down, x)) for x in (left - 1, right)]
    return np.concatenate([np.stack(side, axis=1) for side in sides])


def edges_of(world: World, **more) -> np.ndarray:
    return edge_map(world, world.view, (WIDTH, HEIGHT), **more)


def test_edges_are_thin_lines_along_the_outlines_of_all_masks():
    edges = edges_of(World(CUP, TABLE, iou={CUP: 0.2}))  # however confident
    assert (edges.shape, edges.dtype, edges.max()) == ((HEIGHT, WIDTH), np.uint8, 255)
    found = np.argwhere(edges > 60)
    expected = np.concatenate([outline(CUP), outline(TABLE)])
    distances = np.abs(found[:, None] - expected).max(axis=2)
    assert distances.min(axis=1).max() <= 2
    assert np.mean(distances.min(axis=0) <= 2) > 0.97
    assert len(found) < 1.3 * len(expected)


def test_soft_masks_have_weak_edges():
    edges = edges_of(World(CUP, TABLE, soft={CUP: 12.0}))
    assert (
        0
        < edges[CUP[1] - 4 : CUP[1] + 5, 80:110].max()
        < 0.5 * edges[TABLE[3] - 4 : TABLE[3] + 5, 80:110].max()
    )


def test_nothing_has_no_edges_and_a_stop_ends_it():
    assert not edges_of(World()).any()
    parts: list[float] = []
    edges_of(World(CUP), points_per_side=4, progress=parts.append)
    assert parts[-1] == 1
    with pytest.raises(Stopped):
        edges_of(World(CUP), stopped=lambda: True)


def ramp(at: float) -> np.ndarray:
    """Logits (40, 60) of what lies left of x = `at`."""
    return np.tile((at - np.arange(60) - 0.5).astype(np.float32), (40, 1))


def test_edges_of_masks_that_nearly_agree_are_one():
    edges = Edges(60, 40)
    for at in (30, 31):
        edges.add(ramp(at), 0, 0)
    thin = edges.thinned()
    assert (np.count_nonzero(thin, axis=1)[1:-1] <= 2).all()
    assert set(np.nonzero(thin)[1]) <= {30, 31}
    assert thin[20].max() == 255


def test_a_part_of_the_image_lies_where_it_belongs_and_the_image_ends_without_an_edge():
    edges = Edges(80, 60)
    edges.add(ramp(30), 15, 10)
    thin = edges.thinned()
    assert set(np.nonzero(thin)[1]) == {45}
    assert np.flatnonzero(thin.any(axis=1)).tolist() == list(range(10, 50))
    border = Edges(60, 40)
    border.add(ramp(59), 0, 0)
    assert not border.thinned().any()
    tiny = Edges(1, 1)
    tiny.add(np.array([[3.0]]), 0, 0)
    assert tiny.thinned().tolist() == [[0]]


def test_the_stronger_of_two_edges_stays():
    edges = Edges(60, 40)
    edges.add(ramp(30) * 8, 0, 0)
    edges.add(ramp(30) / 8, 0, 0)
    edges.add(ramp(12) / 8, 0, 0)
    both = edges.thinned()
    assert both[20, 30] == 255
    assert 0 < both[20, 12] < 64
