"""Label Studio's JSON: a list of tasks, one a picture, with regions: brush strokes, polygons, rectangles, ellipses.

Written are polygons, in percent of the sides, where an object is one outline without holes, and brush strokes
otherwise. Attributes stand under "meta", where Label Studio keeps them without showing them as choices.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from server.domain.outlines import lean_outline
from server.domain.runs import Window
from server.formats import brush_rle, shapes
from server.formats.json_stream import elements
from server.formats.matching import Match
from server.formats.objects import (
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    FileProblem,
    Format,
    Piece,
    Read,
)
from server.formats.shapes import Canvas
from server.formats.source import Source, Unreadable

FILE = "label-studio.json"
TO = (
    "image"  # names of the tags in the project's labelling interface: <Image>, <PolygonLabels>, <BrushLabels>
)
FROM = {"polygonlabels": "polygon", "brushlabels": "brush"}
_SHAPES = ("brush", "polygon", "rectangle", "ellipse")


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


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".json")
    if not paths:
        yield FileProblem("", "", "no JSON file", "Label Studio's list of tasks")
    for path in paths:
        try:
            with source.reading(path) as file:
                for key, place, task in elements(file):
                    if key is not None:
                        raise Unreadable("an object at the top", "Label Studio's list of tasks")
                    try:
                        yield from _task(source, path, place, task)
                    except Unreadable as problem:
                        yield FileProblem.of(problem, path, f"task {place + 1}")
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")


def recognises(source: Source) -> bool:
    heads = (source.head(path) for path in source.ending(".json")[:20])
    return any(head.startswith("[") and '"data"' in head for head in heads)


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
        "id": f"r{place}",
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


def _task(source: Source, path: str, place: int, task: Any) -> Iterator[Read]:
    """Raises Unreadable for what concerns all of it."""
    data = task.get("data") if isinstance(task, Mapping) else None
    if not isinstance(data, Mapping):
        raise Unreadable("a task without data", '"data" with "image"')
    regions, others = _results(task)
    match = _match(source, path, data)
    size = _size(source, data, regions, match.picture)
    canvas = Canvas(*size)
    where = f"task {place + 1}"
    if others:
        found = f"{shapes.counted(others, 'further annotation')} of the same picture, left out"
        yield FileProblem(path, where, found, "one", note=True)
    objects = []
    for number, region in enumerate(regions, start=1):
        try:
            each = _object(region, canvas)
            objects += [each] if each else []
            yield from canvas.problems(path, f"{where}, region {number}")
        except Unreadable as problem:
            yield FileProblem.of(problem, path, f"{where}, region {number}")
    split = data.get("split") if data.get("split") in ("train", "val", "test") else None
    yield DatasetImage("", match.name, canvas.width, canvas.height, "", objects, split, match)


def _results(task: Mapping[str, Any]) -> tuple[list[Any], int]:
    """Regions of the first annotation that was not cancelled, or of the first prediction, and how many are left."""
    for key in ("annotations", "completions", "predictions"):
        listed = task.get(key)
        listed = listed if isinstance(listed, list) else []
        given = [one for one in listed if isinstance(one, Mapping) and not one.get("was_cancelled")]
        if given:
            result = given[0].get("result")
            if not isinstance(result, list):
                raise Unreadable("an annotation without a result", "a list of regions")
            return result, len(given) - 1
    return [], 0


def _match(source: Source, path: str, data: Mapping[str, Any]) -> Match:
    """Raises Unreadable for a task without an image."""
    keys = [value for key, value in data.items() if isinstance(value, str) and key in ("image", "img", "ocr")]
    values = keys or [value for value in data.values() if isinstance(value, str) and value.strip()]
    if not values:
        raise Unreadable("a task without a picture", '"image" in its "data"')
    return source.match(values[0], path)


def _size(
    source: Source, data: Mapping[str, Any], regions: list[Any], picture: str | None
) -> tuple[Any, Any]:
    for region in regions:
        if isinstance(region, Mapping) and region.get("original_width") and region.get("original_height"):
            return region["original_width"], region["original_height"]
    known = source.size(picture) if picture else None
    return known or (data.get("width"), data.get("height"))


def _object(region: Any, canvas: Canvas) -> DatasetObject | None:
    """None for what is no shape: choices and texts. Raises Unreadable."""
    if not isinstance(region, Mapping) or not isinstance(region.get("value"), Mapping):
        raise Unreadable(shapes.short(region), "a region with a value")
    value = region["value"]
    kind = str(region.get("type", "")).lower().removesuffix("labels")
    if kind not in _SHAPES:
        kind = next((shape for shape in _SHAPES if f"{shape}labels" in value), kind)
    if kind not in _SHAPES:
        if any(str(key).endswith("labels") for key in value):
            raise Unreadable(f"a region of type {kind[:40]!r}", f"one of {', '.join(_SHAPES)}")
        return None
    listed = next((value[key] for key in (f"{kind}labels", "labels") if key in value), None)
    if not isinstance(listed, list) or not listed:
        raise Unreadable("a region without a label", f'"{kind}labels" with one label')
    label = shapes.text(listed[0], "label")
    if (region.get("image_rotation") or 0) % 360:
        raise Unreadable(
            f"a picture turned by {region['image_rotation']} degrees", "regions of the upright picture"
        )
    meta = region.get("meta")
    given = shapes.attributes(meta.get("attributes")) if isinstance(meta, Mapping) else {}
    score = region.get("score")
    details = {"predicted_iou": score} if isinstance(score, int | float) else {}
    return canvas.object(label, _window(kind, value, canvas), given, details)


def _window(kind: str, value: Mapping[str, Any], canvas: Canvas) -> Window:
    across, down = canvas.width / 100, canvas.height / 100
    if kind == "brush":
        data = value.get("rle")
        if not isinstance(data, list) or not all(type(one) is int and 0 <= one < 256 for one in data):
            raise Unreadable("a brush stroke that is no list of bytes", "Label Studio's run-length encoding")
        return Window(brush_rle.decode(bytes(data), canvas.width, canvas.height), 0, 0)
    if kind == "polygon":
        points = value.get("points")
        if not isinstance(points, list) or not all(isinstance(one, list) and len(one) == 2 for one in points):
            raise Unreadable("points that are not pairs of numbers", "x and y of each corner, in percent")
        corners = [[shapes.number(x) * across, shapes.number(y) * down] for x, y in points]
        return canvas.filled([canvas.ring(corners)])
    x, y = shapes.number(value.get("x")) * across, shapes.number(value.get("y")) * down
    turn = shapes.number(value.get("rotation", 0) or 0)
    if kind == "ellipse":
        radius_x = shapes.number(value.get("radiusX")) * across
        return canvas.ellipse(x, y, radius_x, shapes.number(value.get("radiusY")) * down, turn)
    width, height = shapes.number(value.get("width")) * across, shapes.number(value.get("height")) * down
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    return canvas.filled([canvas.ring(shapes.turned(corners, turn, corners[0]))])  # about its top left corner


FORMAT = Format("Label Studio JSON", "application/json", "json", write, read, losses, recognises)
