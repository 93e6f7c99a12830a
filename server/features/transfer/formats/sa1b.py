"""SA-1B's JSON, one an image: masks with the scores and prompts that made them, as Segment Anything's dataset has.

It has no labels; those of Samphire stand under "samphire", where other programs do not look.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ....domain.windows import find_window
from ....errors import WindowNotFound
from . import shapes, values
from .objects import (
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    FileProblem,
    Format,
    Piece,
    Read,
)
from .shapes import Canvas
from .source import Source, Unreadable
from .streams.json_kinds import first_of_kind
from .streams.json_stream import load

LABEL = "object"
_SCORES = ("predicted_iou", "stability_score")


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    annotation_id = 0
    for image_id, image in enumerate(images, start=1):
        entries = []
        for each in image.objects:
            annotation_id += 1
            entries.append(_entry(annotation_id, image, each))
        head = {
            "image_id": image_id,
            "width": image.width,
            "height": image.height,
            "file_name": image.file_name,
        }
        stem = image.file_name.rpartition(".")[0] or image.file_name
        path = "/".join(filter(None, (image.split, f"{stem}.json")))
        data = {"image": head, "annotations": entries}
        yield path, json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".json")
    if not paths:
        yield FileProblem("", "", "no JSON file", "one for each image")
    others = []
    for path in paths:
        try:
            with source.reading(path) as file:
                data = load(file)
            if not isinstance(data, Mapping) or "image" not in data:
                others.append(
                    FileProblem(
                        path, "", "not a file of SA-1B, left out", "an image and a list of annotations"
                    )
                )
            else:
                yield from _image(source, path, data)
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")
    yield from (replace(each, note=len(others) < len(paths)) for each in others)


def recognises(source: Source) -> str:
    path = first_of_kind(source, "sa1b")
    return f"{path} has one image and its annotations" if path else ""


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    yield "label", "no labels: other programs will not see it"
    yield from shapes.without(each, "attributes")


def _entry(annotation_id: int, image: DatasetImage, each: DatasetObject) -> dict[str, Any]:
    prompts = each.details.get("prompts") or []
    points = [[step["x"], step["y"]] for step in prompts if step["kind"] == "point" and step["label"]]
    return {
        "id": annotation_id,
        "segmentation": {"size": [image.height, image.width], "counts": each.counts},
        "bbox": each.bbox,
        "area": each.area,
        **{name: each.details.get(name) for name in _SCORES},
        "crop_box": _crop_box(image, each),
        "point_coords": points[:1],
        "samphire": {"label": each.label, "attributes": each.attributes, "details": each.details},
    }


def _crop_box(image: DatasetImage, each: DatasetObject) -> list[int]:
    """[x, y, width, height] of what the encoder saw."""
    if "crop_box" in each.details:
        return each.details["crop_box"]
    for step in each.details.get("prompts") or []:
        if "crop_box" in step:
            return step["crop_box"]
    try:
        return [*find_window(each.details.get("window") or "", image.width, image.height).bbox]
    except WindowNotFound:
        return [0, 0, image.width, image.height]


def _image(source: Source, path: str, data: Mapping[str, Any]) -> Iterator[Read]:
    """Raises Unreadable for what concerns all of it."""
    head, entries = data["image"], data.get("annotations")
    if not isinstance(head, Mapping) or not isinstance(entries, list):
        raise Unreadable("no image and no list of annotations", "a file of SA-1B")
    match = source.match(values.text(head.get("file_name"), "file_name"), path)
    size = head.get("width") or None, head.get("height") or None
    canvas = Canvas(*(size if all(size) else source.size(match.name) or size))
    objects = []
    for number, entry in enumerate(entries, start=1):
        where = f"annotation {number}"
        try:
            objects.append(_object(entry, canvas))
            yield from canvas.problems(path, where)
        except Unreadable as problem:
            yield canvas.refused(problem, path, where)
    split = shapes.split_of(path)
    yield DatasetImage("", match.name, canvas.width, canvas.height, "", objects, split, match)


def _object(entry: Any, canvas: Canvas) -> DatasetObject:
    """Raises Unreadable."""
    if not isinstance(entry, Mapping):
        raise Unreadable(values.short(entry), "an annotation with a segmentation")
    own = entry.get("samphire")
    own = own if isinstance(own, Mapping) else {}
    details = own.get("details")
    details = details if isinstance(details, Mapping) else {}
    scores = canvas.scores(**{name: entry.get(name) for name in _SCORES})
    label = own.get("label")
    label = label if isinstance(label, str) and label.strip() else LABEL
    window = canvas.rle(entry.get("segmentation"))
    details = {**values.source_id(entry, details), **scores, **details}
    return canvas.object(label, window, values.attributes(own.get("attributes")), details)


FORMAT = Format(
    "SA-1B JSON",
    "application/zip",
    "zip",
    write,
    read,
    losses,
    recognises,
    several=True,
    pictures="",
    keeps_details=True,
)
