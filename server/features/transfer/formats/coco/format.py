"""COCO JSON: instances as pycocotools reads them.

`iscrowd` is 0 although the masks are RLE: they are single objects, and many loaders drop those with 1. Only an object
whose attribute "iscrowd" is set has 1. What COCO has no field for stands under "samphire".
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from pycocotools import mask as coco

from .....domain import rings
from .....domain.outlines import lean_outline, outline
from .....domain.runs import Window
from .. import shapes, values
from ..objects import (
    CROWD,
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    Format,
    Piece,
)
from .file import read, recognises

FILE = "annotations.json"
Segment = Callable[[DatasetImage, DatasetObject], Any]


def write(
    segment: Segment, labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]
) -> Iterator[Piece]:
    """The file in pieces: annotations as the images come by, then what was kept of the images."""
    categories = category_ids(labels)
    listed = [category(categories[label.name], label) for label in labels]
    yield _piece('{"info":' + _json({"description": "Annotations made with Samphire", "version": "1.0"}))
    yield _piece(',"licenses":[],"categories":' + _json(listed) + ',"annotations":[')
    heads: list[str] = []
    annotation_id = 0
    for image_id, image in enumerate(images, start=1):
        heads.append(_json(image_entry(image_id, image)))
        for each in image.objects:
            annotation_id += 1
            entry = {
                "id": annotation_id,
                "image_id": image_id,
                "category_id": categories[each.label],
                "segmentation": segment(image, each),
                "area": each.area,
                "bbox": each.bbox,
                "iscrowd": int(bool(each.attributes.get(CROWD))),
                "attributes": {name: value for name, value in each.attributes.items() if name != CROWD},
                "samphire": each.details,
            }
            yield _piece(("," if annotation_id > 1 else "") + _json(entry))
    yield _piece('],"images":[' + ",".join(heads) + "]}")


def category_ids(labels: Sequence[DatasetLabel]) -> dict[str, int]:
    """By name: the id that a label came with, and for the others, in order, the numbers behind the highest of those."""
    ids: dict[int, str] = {}
    for label in labels:
        if label.source_id is not None:
            ids.setdefault(label.source_id, label.name)
    kept = {name: number for number, name in ids.items()}
    free = count(max(ids, default=0) + 1)
    return {label.name: kept[label.name] if label.name in kept else next(free) for label in labels}


def as_rle(image: DatasetImage, each: DatasetObject) -> dict[str, Any]:
    return {"size": [image.height, image.width], "counts": each.counts}


def as_polygons(image: DatasetImage, each: DatasetObject) -> Any:
    """A polygon a part, its holes joined to it, that pycocotools fills with the very same pixels.

    Crowds stay run-length encoded, as in COCO itself.
    """
    if each.attributes.get(CROWD):
        runs = coco.decode(
            {"size": [image.height, image.width], "counts": each.counts.encode()}  # type: ignore[arg-type]
        )
        return {"size": [image.height, image.width], "counts": _uncompressed(runs)}
    window = shapes.pixels(each, image)
    for find in (lean_outline, outline):
        found = [_flat(rings.join(part.rings)) for part in find(window)]
        if find is outline or _fills(found, window):
            return found


def _fills(polygons: list[list[float]], window: Window) -> bool:
    """Whether pycocotools makes the window's mask of polygons."""
    rows, columns = window.mask.shape
    moved: Any = [(np.reshape(one, (-1, 2)) - (window.x, window.y)).reshape(-1).tolist() for one in polygons]
    theirs = coco.decode(coco.merge(coco.frPyObjects(moved, rows, columns)))
    return np.array_equal(theirs.astype(bool), window.mask)


def _flat(ring: rings.Ring) -> list[float]:
    """x and y in turn, whole numbers without a point."""
    return [int(value) if value == int(value) else value for value in ring.reshape(-1).tolist()]


def _uncompressed(mask: np.ndarray) -> list[int]:
    flat = mask.T.reshape(-1)
    changes = np.flatnonzero(np.diff(flat)) + 1
    runs = np.diff(changes, prepend=0, append=len(flat)).tolist()
    return [0, *runs] if flat[0] else runs


def category(number: int, label: DatasetLabel) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": number, "name": label.name, "supercategory": label.supercategory}
    if label.color or label.attributes:
        entry["samphire"] = {"color": label.color, "attributes": list(label.attributes)}
    return entry


def image_entry(image_id: int, image: DatasetImage) -> dict[str, Any]:
    return {
        "id": image_id,
        "file_name": image.file_name,
        "width": image.width,
        "height": image.height,
        "date_captured": image.created_at,
        "samphire": {"id": image.id, "split": image.split} if image.split else {"id": image.id},
    }


def _losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    """None."""
    return iter(())


def _losses_of_polygons(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    """Holes come back where polygons are filled as COCO does it."""
    holes = (
        sum(len(part.holes) for part in shapes.parts(each, image)) if not each.attributes.get(CROWD) else 0
    )
    if holes:
        yield (
            "holes",
            f"{values.counted(holes, 'hole')} joined to the outline: programs that paint outlines close them by a line",
        )


def _piece(text: str) -> Piece:
    return FILE, text.encode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def named(split: str | None) -> str:
    """As readers of COCO look for it beside `images`."""
    return f"annotations/instances_{split or 'default'}.json"


RLE = Format(
    "COCO JSON",
    "application/json",
    "json",
    partial(write, as_rle),
    read,
    _losses,
    recognises,
    named=named,
    keeps_details=True,
)
POLYGONS = Format(
    "COCO JSON with polygons",
    "application/json",
    "json",
    partial(write, as_polygons),
    read,
    _losses_of_polygons,
    lambda source: "",  # the first reads both
    named=named,
    keeps_details=True,
)
