"""COCO JSON with run-length encoded masks, as pycocotools reads it.

`iscrowd` is 0 although the masks are RLE: they are single objects, and many loaders drop those with 1. What
COCO has no field for stands under "samphire".
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from server.formats.objects import ExportedImage, ExportedObject


def write(labels: list[str], images: Iterable[ExportedImage]) -> Iterator[str]:
    """The file in pieces: annotations as the images come by, then what was kept of the images."""
    categories = {label: number for number, label in enumerate(labels, start=1)}
    listed = [{"id": n, "name": label, "supercategory": ""} for label, n in categories.items()]
    yield '{"info":' + _json({"description": "Annotations made with Samphire", "version": "1.0"})
    yield ',"licenses":[],"categories":' + _json(listed) + ',"annotations":['
    heads: list[str] = []
    names: set[str] = set()
    annotation_id = 0
    for image_id, image in enumerate(images, start=1):
        heads.append(_json(_image(image_id, image, _unique(image, names))))
        for each in image.objects:
            annotation_id += 1
            comma = "," if annotation_id > 1 else ""
            yield comma + _json(_annotation(annotation_id, image_id, categories[each.label], image, each))
    yield '],"images":[' + ",".join(heads) + "]}"


def _unique(image: ExportedImage, taken: set[str]) -> str:
    """Loaders find pictures by their names, and pasted pictures are all called alike."""
    name = image.file_name
    if name in taken:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem}-{image.id}.{extension}" if dot else f"{name}-{image.id}"
    taken.add(name)
    return name


def _image(image_id: int, image: ExportedImage, file_name: str) -> dict[str, Any]:
    return {
        "id": image_id,
        "file_name": file_name,
        "width": image.width,
        "height": image.height,
        "date_captured": image.created_at,
        "samphire": {"id": image.id},
    }


def _annotation(
    annotation_id: int, image_id: int, category_id: int, image: ExportedImage, each: ExportedObject
) -> dict[str, Any]:
    return {
        "id": annotation_id,
        "image_id": image_id,
        "category_id": category_id,
        "segmentation": {"size": [image.height, image.width], "counts": each.counts},
        "area": each.area,
        "bbox": each.bbox,
        "iscrowd": 0,
        "samphire": each.details,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
