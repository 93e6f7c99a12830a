"""Objects for tests of agreement."""

import numpy as np

from server.domain.agreement.instances import Instance
from server.domain.runs import Window, tight, write_window


def instance(name: str, mask: np.ndarray, label: str = "car") -> Instance:
    """Of a mask bool (H, W) with a pixel in it."""
    window = tight(Window(mask, 0, 0))
    rows, columns = window.mask.shape
    counts = write_window(window, mask.shape[1], mask.shape[0])
    return Instance(name, label, counts, (window.x, window.y, columns, rows), int(window.mask.sum()))


def box(name: str, x: int, y: int, wide: int, high: int, label: str = "car", size=(100, 80)) -> Instance:
    """A box in an image of `size`, width and height."""
    mask = np.zeros((size[1], size[0]), bool)
    mask[y : y + high, x : x + wide] = True
    return instance(name, mask, label)
