"""COCO panoptic: a PNG an image whose colours number its segments, and JSON that tells what they are.

Pixels have one number: overlaps go to the later object, and an object that is covered whole has no segment.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .....domain.runs import Window
from .. import painting
from ..masks.images import write_rgb
from ..objects import (
    CROWD,
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    Format,
    Piece,
)
from .file import read
from .format import category, category_ids, image_entry

_MOST = 65_535  # objects of an image


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    """annotations/panoptic_SPLIT.json, and the masks in a folder of that name."""
    ids = category_ids(labels)
    heads: dict[str, list[dict[str, Any]]] = defaultdict(list)
    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for image_id, image in enumerate(images, start=1):
        folder = _folder(image.split)
        name = f"{image.file_name.rpartition('.')[0] or image.file_name}.png"
        numbers = painting.paint(image, [number if number <= _MOST else 0 for number in _counted(image)])
        yield f"{folder}/{name}", write_rgb(numbers & 255, numbers >> 8, np.zeros_like(numbers))
        segments = [
            _segment(number, ids, image.objects[number - 1], window)
            for number, window in painting.take_apart(numbers)
        ]
        heads[folder].append(image_entry(image_id, image))
        entries[folder].append({"image_id": image_id, "file_name": name, "segments_info": segments})
    categories = [category(ids[label.name], label) | {"isthing": 1} for label in labels]
    for folder in heads:
        data = {"images": heads[folder], "annotations": entries[folder], "categories": categories}
        yield f"{folder}.json", json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    return painting.losses(image, each, _MOST)


def _folder(split: str | None) -> str:
    return f"annotations/panoptic_{split or 'default'}"


def _counted(image: DatasetImage) -> range:
    return range(1, len(image.objects) + 1)


def _segment(number: int, ids: dict[str, int], each: DatasetObject, seen: Window) -> dict[str, Any]:
    """Area and box are of the pixels that are seen of it."""
    rows, columns = seen.mask.shape
    return {
        "id": number,
        "category_id": ids[each.label],
        "area": int(np.count_nonzero(seen.mask)),
        "bbox": [seen.x, seen.y, columns, rows],
        "iscrowd": int(bool(each.attributes.get(CROWD))),
    }


FORMAT = Format(
    "COCO panoptic",
    "application/zip",
    "zip",
    write,
    read,
    losses,
    lambda source: "",  # COCO's reader reads it
    several=True,
)
