"""Objects painted over each other into one picture of numbers, and taken apart again: what mask images can hold."""

from collections.abc import Iterator

import numpy as np

from ....domain.runs import Window
from . import shapes, values
from .objects import DatasetImage, DatasetObject


def paint(image: DatasetImage, numbers: list[int]) -> np.ndarray:
    """(H, W) uint16: 0 where there is nothing, else the number of the last object that covers the pixel."""
    canvas = np.zeros((image.height, image.width), np.uint16)
    for each, number in zip(image.objects, numbers, strict=True):
        mask, x, y = shapes.pixels(each, image)
        canvas[y : y + mask.shape[0], x : x + mask.shape[1]][mask] = number
    return canvas


def take_apart(numbers: np.ndarray, void: int | None = None) -> Iterator[tuple[int, Window]]:
    """Each number but 0 and `void`, in order, with its pixels."""
    flat = numbers.reshape(-1)
    places = np.flatnonzero(flat if void is None else (flat != 0) & (flat != void))
    if not len(places):
        return
    found = flat[places]
    order = np.argsort(found, kind="stable")
    values, starts = np.unique(found[order], return_index=True)
    for value, group in zip(values.tolist(), np.split(places[order], starts[1:]), strict=True):
        row, column = np.divmod(group, numbers.shape[1])
        x, y = int(column.min()), int(row.min())
        mask = np.zeros((int(row.max()) - y + 1, int(column.max()) - x + 1), bool)
        mask[row - y, column - x] = True
        yield int(value), Window(mask, x, y)


def under(kinds: np.ndarray, window: Window, void: int | None = None) -> int:
    """The number that most of an object's pixels have; 0 where all are `void`."""
    rows, columns = window.mask.shape
    found = kinds[window.y : window.y + rows, window.x : window.x + columns][window.mask]
    values, counts = np.unique(found[found != void], return_counts=True)
    return int(values[np.argmax(counts)]) if len(values) else 0


def hidden(image: DatasetImage, each: DatasetObject) -> int:
    """Pixels of an object that later ones of the image cover."""
    mask, x, y = shapes.pixels(each, image)
    left = mask.copy()
    place = next(k for k, other in enumerate(image.objects) if other is each)
    for other in image.objects[place + 1 :]:
        ox, oy, width, height = other.bbox
        if ox >= x + mask.shape[1] or oy >= y + mask.shape[0] or ox + width <= x or oy + height <= y:
            continue
        over, ox, oy = shapes.pixels(other, image)
        x0, y0 = max(x, ox), max(y, oy)
        x1, y1 = min(x + mask.shape[1], ox + over.shape[1]), min(y + mask.shape[0], oy + over.shape[0])
        left[y0 - y : y1 - y, x0 - x : x1 - x] &= ~over[y0 - oy : y1 - oy, x0 - ox : x1 - ox]
    return int(np.count_nonzero(mask)) - int(np.count_nonzero(left))


def losses(image: DatasetImage, each: DatasetObject, most_objects: int) -> Iterator[tuple[str, str]]:
    place = next(k for k, other in enumerate(image.objects) if other is each)
    if place >= most_objects:
        yield "pixels", f"left out: an image holds at most {most_objects} objects"
    elif covered := hidden(image, each):
        rest = "nothing is left of it" if covered == each.area else f"{each.area - covered} are left"
        yield "pixels", f"{values.counted(covered, 'pixel')} covered by other objects: {rest}"
    yield from shapes.without(each, "attributes", "score", "prompts")
