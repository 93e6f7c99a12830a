"""A table of all objects, for spreadsheets: written only. Masks are not in it, so it cannot be read back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ....domain.outside.spreadsheets import csv_line
from . import shapes
from .detection import first
from .objects import (
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    FileProblem,
    Format,
    Piece,
    Read,
)
from .source import Source

FILE = "annotations.csv"
COLUMNS = (
    "image", "width", "height", "split", "label", "area", "area_fraction", "x", "y", "box_width", "box_height",
    "parts", "holes", "predicted_iou", "stability_score", "attributes", "annotation_id",
)  # fmt: skip


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    """A row an object; an image without objects has one row too."""
    yield FILE, csv_line(COLUMNS)
    for image in images:
        head = (image.file_name, image.width, image.height, image.split or "")
        if not image.objects:
            yield FILE, csv_line([*head, *[""] * (len(COLUMNS) - len(head))])
        for each in image.objects:
            yield FILE, csv_line([*head, *_cells(image, each)])


def read(source: Source) -> Iterator[Read]:
    for path in source.ending(".csv")[:1]:
        found = "a table without masks, which cannot be read as annotations"
        yield FileProblem(path, "", found, "COCO JSON or another format with outlines")


def recognises(source: Source) -> str:
    path = first(source.ending(".csv"), lambda path: source.head(path).startswith("image,width,height,split"))
    return f"{path} is a table of objects" if path else ""


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    yield "pixels", "no masks: only their measures"
    yield from shapes.without(each, "prompts")


def _cells(image: DatasetImage, each: DatasetObject) -> list[Any]:
    found = shapes.parts(each, image)
    return [
        each.label,
        each.area,
        f"{each.area / (image.width * image.height):.6f}",
        *each.bbox,
        len(found),
        sum(len(part.holes) for part in found),
        _blank(each.details.get("predicted_iou")),
        _blank(each.details.get("stability_score")),
        json.dumps(each.attributes, ensure_ascii=False, sort_keys=True) if each.attributes else "",
        _blank(each.details.get("id")),
    ]


def _blank(value: Any) -> Any:
    return "" if value is None else value


FORMAT = Format("CSV summary", "text/csv", "csv", write, read, losses, recognises, reads=False)
