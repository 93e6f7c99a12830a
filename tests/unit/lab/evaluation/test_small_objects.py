"""The canvases on which small objects are measured: where photographs lie on them, and which objects count."""

import numpy as np
import pytest
from PIL import Image

from server.features.pictures.bounds import Limits
from server.lab.evaluation.small_objects import HEIGHT, SMALL, WIDTH, canvases

LIMITS = Limits(10**9, 10**5)


@pytest.fixture
def photographs(tmp_path):
    """Two red squares on black, one of half the picture's width."""
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    for number, side in enumerate((20, 60)):
        rgb = np.zeros((90, 120, 3), np.uint8)
        rgb[10 : 10 + side, 30 : 30 + side] = (255, 0, 0)
        Image.fromarray(rgb).save(tmp_path / "images" / f"{number}.png")
        Image.fromarray((rgb[:, :, 0] > 0).astype(np.uint8) * 255).save(tmp_path / "masks" / f"{number}.png")
    return tmp_path


@pytest.mark.parametrize("large", [False, True])
def test_objects_lie_where_they_are_seen(photographs, large):
    found = list(canvases(photographs, LIMITS, large))
    assert len(found) == (2 if large else 1)
    objects = [(rgb, *each) for rgb, placed in found for each in placed]
    assert len(objects) == 2
    for rgb, mask, x, y in objects:
        assert rgb.shape == (HEIGHT, WIDTH, 3)
        assert (mask.sum() <= SMALL * WIDTH * HEIGHT) is not large
        part = rgb[y : y + mask.shape[0], x : x + mask.shape[1]]
        red = part[:, :, 0] > 128
        assert (red & mask).sum() / (red | mask).sum() > 0.97
