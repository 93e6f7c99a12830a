"""Automatic masks of a large image: however many there are, their pixels are not kept."""

import tracemalloc

import numpy as np
import pytest

from server.domain.frames import InputFrame
from server.inference.automask import AutomaskSettings, View, automatic_masks
from server.inference.automatic_decoder import Looked, part_of

WIDTH, HEIGHT = 2400, 1600
SIDE = 8  # clicks
DENSE = SIDE * SIDE * WIDTH * HEIGHT // 4  # bytes of all masks, as pixels
SETTINGS = {"points_per_side": SIDE, "box_nms_thresh": 0.99, "stability_score_thresh": 0.5}


class Around:
    """Finds, for each click, a rectangle of a quarter of the image around it, as far as the image goes."""

    def prepare(self, tensors):
        return dict(tensors)

    def look(self, prepared, clicks, frame) -> Looked:
        logits = self._logits(clicks, frame)
        iou = np.tile(np.array([0.95, 0, 0], np.float32), (len(clicks), 1))
        return Looked(
            iou,
            logits[:, :, ::4, ::4],
            lambda click, candidate, part: part_of(logits[click, candidate], part),
        )

    @staticmethod
    def _logits(clicks, frame) -> np.ndarray:
        rows, columns = 4 * frame.token_rows, 4 * frame.token_columns
        y, x = np.mgrid[:rows, :columns] + 0.5
        logits = np.full((len(clicks), 3, rows, columns), -20, np.float32)
        for number, (left, top) in enumerate(np.asarray(clicks) / 4):
            inside = np.minimum(64 - np.abs(x - left), 64 * HEIGHT / WIDTH - np.abs(y - top))
            logits[number, 0] = np.clip(4 * inside, -20, 20)
        return logits


def find(**more):
    view = View({}, InputFrame(WIDTH, HEIGHT))
    return automatic_masks(Around(), lambda _: view, (WIDTH, HEIGHT), AutomaskSettings(**SETTINGS), **more)


def test_the_pixels_of_many_large_masks_are_not_kept():
    tracemalloc.start()
    try:
        found = find()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) > 40
    assert sum(mask.area for mask in found) > DENSE / 4
    assert kept < DENSE / 10
    assert peak < 0.7 * DENSE


def test_each_tells_its_pixels_when_it_is_asked():
    for mask in find()[:8]:
        pixels, x, y = mask.window
        assert mask.area == np.count_nonzero(pixels)
        rows, columns = np.nonzero(pixels)
        left, top, wide, high = mask.bbox
        assert (columns.min() + x, rows.min() + y) == (left, top)
        assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (wide, high)
        assert left <= mask.point[0] < left + wide


@pytest.mark.parametrize("most", [3, 10])
def test_at_most_twice_as_many_as_are_wanted_are_kept(most):
    assert len(find(most=most)) == 2 * most
