"""Objects in a COCO file: polygons and run-length masks of one `instances.json`. Trusts nothing in it."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as coco

from ...domain.masks import check_rle, decode_rle
from ...errors import InvalidDataset, InvalidRLE
from .truth import Truth

READ_AS = "COCO annotations"


@dataclass(frozen=True)
class CocoObject:
    """One annotation."""

    where: str
    segmentation: Any
    size: tuple[int, int] | None  # what the file says of its image

    def read(self, width: int, height: int) -> Iterator[Truth]:
        """Raises InvalidDataset."""
        if self.size not in (None, (width, height)):
            raise InvalidDataset(f"The file says {_by(self.size)} pixels, the image has {width}x{height}.")
        mask = _mask(self.segmentation, width, height)
        if not mask.any():
            raise InvalidDataset("The object has no pixel.")
        yield Truth(self.where, mask, None, READ_AS)


@dataclass(frozen=True)
class CocoFile:
    """What one file says: objects by the name of their image, and how many crowd regions it has besides."""

    objects: dict[str, list[CocoObject]]
    crowds: int


def read_coco(path: Path, where: str) -> CocoFile:
    """Raises InvalidDataset when the file as a whole is not COCO's."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidDataset(f"{where} cannot be read as JSON.") from error
    images, annotations = (
        (data.get(key) for key in ("images", "annotations")) if isinstance(data, dict) else (None, None)
    )
    if not isinstance(images, list) or not isinstance(annotations, list):
        raise InvalidDataset(f"{where} is not a COCO file: it has no lists `images` and `annotations`.")
    try:
        named = {image["id"]: (str(image["file_name"]), _size(image)) for image in images}
        objects: dict[str, list[CocoObject]] = defaultdict(list, {name: [] for name, _ in named.values()})
        crowds = 0
        for number, annotation in enumerate(annotations):
            name, size = named[annotation["image_id"]]
            if annotation.get("iscrowd"):
                crowds += 1
                continue
            label = f"{where}#{annotation.get('id', number)}"
            objects[name].append(CocoObject(label, annotation.get("segmentation"), size))
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidDataset(f"{where} is no sound COCO file: an entry is incomplete ({error}).") from error
    return CocoFile(dict(objects), crowds)


def _size(image: dict[str, Any]) -> tuple[int, int] | None:
    size = image.get("width"), image.get("height")
    return size if all(isinstance(side, int) for side in size) else None  # type: ignore[return-value]


def _by(size: tuple[int, int] | None) -> str:
    return "no" if size is None else f"{size[0]}x{size[1]}"


def _mask(segmentation: Any, width: int, height: int) -> np.ndarray:
    """bool (H, W). pycocotools trusts what it is given, so everything is checked before."""
    if isinstance(segmentation, list):
        return from_polygons(segmentation, width, height)
    if isinstance(segmentation, dict) and isinstance(segmentation.get("counts"), list):
        return _from_runs(segmentation["counts"], segmentation.get("size"), width, height)
    try:
        return decode_rle(check_rle(segmentation, width, height))
    except InvalidRLE as error:
        raise InvalidDataset(error.message) from error


def from_polygons(polygons: list[Any], width: int, height: int) -> np.ndarray:
    """[[x, y, x, y, ...], ...] in image pixels -> bool (H, W), filled by COCO's own code. Raises InvalidDataset."""
    far = 2 * max(width, height)
    for polygon in polygons:
        if not isinstance(polygon, list) or len(polygon) < 6 or len(polygon) % 2:
            raise InvalidDataset("A polygon must be a list of at least three points, x and y in turn.")
        if not all(isinstance(side, (int, float)) and abs(side) <= far for side in polygon):
            raise InvalidDataset("A polygon has a corner that is no number, or far outside the image.")
    if not polygons:
        raise InvalidDataset("The object has no polygon.")
    corners: Any = [[float(side) for side in polygon] for polygon in polygons]
    return coco.decode(coco.merge(coco.frPyObjects(corners, height, width))).astype(bool)


def _from_runs(runs: list[Any], size: Any, width: int, height: int) -> np.ndarray:
    """Runs down the columns, the first of zeros."""
    if size != [height, width]:
        raise InvalidDataset(f"The mask's size must be [{height}, {width}], the image's height and width.")
    sound = all(isinstance(run, int) and 0 <= run <= width * height for run in runs)
    if not sound or sum(runs) != width * height:
        raise InvalidDataset("The mask's runs do not add up to the image's pixels.")
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(width, height).T
