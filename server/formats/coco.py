"""COCO JSON with run-length encoded masks, as pycocotools reads it.

`iscrowd` is 0 although the masks are RLE: they are single objects, and many loaders drop those with 1. What
COCO has no field for stands under "samphire".
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from server.formats.objects import (
    CROWD,
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    Format,
    Piece,
    Read,
)
from server.formats.source import Source

FILE = "annotations.json"


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    """The file in pieces: annotations as the images come by, then what was kept of the images."""
    categories = {label.name: number for number, label in enumerate(labels, start=1)}
    listed = [{"id": n, "name": name, "supercategory": ""} for name, n in categories.items()]
    yield _piece('{"info":' + _json({"description": "Annotations made with Samphire", "version": "1.0"}))
    yield _piece(',"licenses":[],"categories":' + _json(listed) + ',"annotations":[')
    heads: list[str] = []
    names: set[str] = set()
    annotation_id = 0
    for image_id, image in enumerate(images, start=1):
        heads.append(_json(_image(image_id, image, _unique(image, names))))
        for each in image.objects:
            annotation_id += 1
            comma = "," if annotation_id > 1 else ""
            yield _piece(
                comma + _json(_annotation(annotation_id, image_id, categories[each.label], image, each))
            )
    yield _piece('],"images":[' + ",".join(heads) + "]}")


def read(source: Source) -> Iterator[Read]:
    return iter(())


def _losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    return iter(())


def _piece(text: str) -> Piece:
    return FILE, text.encode()


def _unique(image: DatasetImage, taken: set[str]) -> str:
    """Loaders find pictures by their names, and pasted pictures are all called alike."""
    name = image.file_name
    if name in taken:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem}-{image.id}.{extension}" if dot else f"{name}-{image.id}"
    taken.add(name)
    return name


def _image(image_id: int, image: DatasetImage, file_name: str) -> dict[str, Any]:
    return {
        "id": image_id,
        "file_name": file_name,
        "width": image.width,
        "height": image.height,
        "date_captured": image.created_at,
        "samphire": {"id": image.id},
    }


def _annotation(
    annotation_id: int, image_id: int, category_id: int, image: DatasetImage, each: DatasetObject
) -> dict[str, Any]:
    return {
        "id": annotation_id,
        "image_id": image_id,
        "category_id": category_id,
        "segmentation": {"size": [image.height, image.width], "counts": each.counts},
        "area": each.area,
        "bbox": each.bbox,
        "iscrowd": int(bool(each.attributes.get(CROWD))),
        "attributes": each.attributes,
        "samphire": each.details,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


FORMAT = Format("COCO JSON", "application/json", "json", write, read, _losses, lambda _: False)
