"""Label Studio's JSON: a list of tasks, one an image, with regions: brush strokes, polygons, rectangles, ellipses.

Written are polygons, in percent of the sides, where an object is one outline without holes, and brush strokes
otherwise. Attributes stand under "meta", where Label Studio keeps them without showing them as choices.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .....domain.outlines import lean_outline
from .. import shapes
from ..objects import DatasetImage, DatasetLabel, DatasetObject, Format, Piece
from . import brush_rle
from .file import read, recognises

FILE = "label-studio.json"
TO = (
    "image"  # names of the tags in the project's labelling interface: <Image>, <PolygonLabels>, <BrushLabels>
)
FROM = {"polygonlabels": "polygon", "brushlabels": "brush"}


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    yield FILE, b"["
    for number, image in enumerate(images, start=1):
        regions = [_region(image, each, place) for place, each in enumerate(image.objects)]
        data: dict[str, Any] = {"image": image.file_name, "width": image.width, "height": image.height}
        if image.split:
            data["split"] = image.split
        task = {"id": number, "data": data, "annotations": [{"id": number, "result": regions}]}
        text = json.dumps(task, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield FILE, (("," if number > 1 else "") + "\n" + text).encode()
    yield FILE, b"\n]\n"


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    if each.attributes:
        yield "attributes", f"Label Studio keeps but does not show {', '.join(sorted(each.attributes))}"
    yield from shapes.without(each, "prompts")


def _region(image: DatasetImage, each: DatasetObject, place: int) -> dict[str, Any]:
    window = shapes.pixels(each, image)
    found = lean_outline(window)
    if len(found) == 1 and not found[0].holes:
        percent = found[0].outer * 100 / (image.width, image.height)
        kind = "polygonlabels"
        value: dict[str, Any] = {"points": np.round(percent, 7).tolist(), "closed": True}
    else:
        mask = np.zeros((image.height, image.width), bool)
        rows, columns = window.mask.shape
        mask[window.y : window.y + rows, window.x : window.x + columns] = window.mask
        kind = "brushlabels"
        value = {"format": "rle", "rle": brush_rle.encode(mask)}
    region = {
        "id": each.details.get("id") or f"r{place}",
        "from_name": FROM[kind],
        "to_name": TO,
        "type": kind,
        "original_width": image.width,
        "original_height": image.height,
        "image_rotation": 0,
        "value": {**value, kind: [each.label]},
    }
    if each.attributes:
        region["meta"] = {"attributes": each.attributes}
    if each.details.get("predicted_iou") is not None:
        region["score"] = each.details["predicted_iou"]
    return region


FORMAT = Format("Label Studio JSON", "application/json", "json", write, read, losses, recognises)
