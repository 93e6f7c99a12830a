"""The masks of COCO panoptic files: a PNG an image, whose colours are the ids of its segments."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .....domain.runs import Window
from .. import painting, values
from ..layout import is_mask
from ..masks.images import read_mask
from ..shapes import Canvas
from ..source import Source, Unreadable

_NOTHING = Window(np.zeros((0, 0), bool), 0, 0)


class Segments:
    """Of the file at `path`, whose PNGs lie in a folder called as it is, or beside it."""

    def __init__(self, source: Source, path: str) -> None:
        self._source = source
        self._folders = (path.rpartition(".")[0], path.rpartition("/")[0])
        self._masks = {mask for mask in source.ending(".png") if is_mask(mask)}

    def of(self, annotation: Mapping[str, Any], canvas: Canvas) -> Iterator[tuple[Any, Window]]:
        """Each entry of `segments_info` and its pixels, of which there may be none. Raises Unreadable."""
        mask = read_mask(self._source, self._path(values.text(annotation.get("file_name"), "file_name")))
        if mask.numbers.shape != (canvas.height, canvas.width):
            rows, columns = mask.numbers.shape
            raise Unreadable(f"a mask of {columns} x {rows} pixels", f"{canvas.width} x {canvas.height}")
        windows = {}
        for number, window in painting.take_apart(mask.numbers):
            red, green, blue = mask.color(number) or (number, 0, 0)
            windows[red + 256 * green + 65536 * blue] = window
        for entry in annotation["segments_info"]:
            yield entry, windows.get(_id(entry), _NOTHING)

    def _path(self, name: str) -> str:
        """Raises Unreadable."""
        for folder in self._folders:
            path = f"{folder}/{name}".lstrip("/")
            if path in self._masks:
                return path
        found = [path for path in self._masks if path.endswith(f"/{name}")]
        if len(found) != 1:
            raise Unreadable(f"no mask {values.short(name)}", f"a PNG in {self._folders[0]}")
        return found[0]


def _id(entry: Any) -> int | str | None:
    try:
        return values.identity(entry.get("id")) if isinstance(entry, Mapping) else None
    except Unreadable:
        return None
