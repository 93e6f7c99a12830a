"""Reading COCO JSON of any size: polygons, run-length encodings of both kinds, boxes. Trusts nothing in it.

The file is read twice: images and categories may stand behind the annotations, whose sizes and labels they hold.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from pycocotools import mask as coco

from server.domain.runs import Window, read_window
from server.formats import shapes
from server.formats.json_stream import elements
from server.formats.matching import Match
from server.formats.objects import CROWD, DatasetImage, DatasetLabel, FileProblem, Read
from server.formats.shapes import Canvas
from server.formats.source import Source, Unreadable
from server.formats.spool import Spool

_KEYS = ('"images"', '"annotations"', '"categories"', '"info"', '"licenses"')


class _Head(NamedTuple):
    match: Match
    width: int
    height: int
    created_at: str
    id: str


def recognises(source: Source) -> bool:
    """A JSON object whose beginning names at least one of COCO's lists, and nothing of LabelMe's or SA-1B's."""
    return any(_looks_like(source.head(path)) for path in source.ending(".json")[:20])


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".json")
    chosen = [path for path in paths if _looks_like(source.head(path))] or paths[:1]
    if not chosen:
        yield FileProblem("", "", "no JSON file", "a COCO file")
    for path in chosen:
        yield from _read_file(source, path)


def _looks_like(head: str) -> bool:
    return head.startswith("{") and any(key in head for key in _KEYS) and '"image":' not in head[:40]


def _read_file(source: Source, path: str) -> Iterator[Read]:
    heads: dict[Any, _Head] = {}
    names: dict[Any, str] = {}
    try:
        with source.reading(path) as file:
            seen = set()
            for key, place, value in elements(file):
                if place >= 0 or value == []:
                    seen.add(key)
                try:
                    if key == "images" and place >= 0:
                        heads[_id(value)] = _head(source, path, value)
                    elif key == "categories" and place >= 0:
                        label = _label(value)
                        if label.name not in names.values():
                            yield label
                        names[_id(value)] = label.name
                except Unreadable as problem:
                    yield FileProblem.of(problem, path, f"{key}, entry {place + 1}")
        missing = [name for name in ("images", "annotations") if name not in seen]
        if missing:
            yield FileProblem(path, "", f"no list {' and no list '.join(missing)}", "a COCO file")
            return
        with Spool() as spool:
            with source.reading(path) as file:
                for key, place, value in elements(file):
                    if key == "annotations" and place >= 0:
                        yield from _annotation(path, place, value, heads, names, spool)
            split = _split(path)
            for image_id, head in heads.items():
                match, width, height, created_at, own_id = head
                objects = spool.take(image_id)
                yield DatasetImage(own_id, match.name, width, height, created_at, objects, split, match)
    except Unreadable as problem:
        yield FileProblem.of(problem, path, "")


def _annotation(
    path: str,
    place: int,
    value: Any,
    heads: Mapping[Any, _Head],
    names: Mapping[Any, str],
    spool: Spool,
) -> Iterator[FileProblem]:
    where = f"annotation {_shown(value, place)}"
    try:
        if not isinstance(value, Mapping):
            raise Unreadable(shapes.short(value), "an annotation with image_id, category_id and segmentation")
        image_id = _known(value.get("image_id"), heads, "image_id", "the images")
        category = _known(value.get("category_id"), names, "category_id", "the categories")
        head = heads[image_id]
        canvas = Canvas(head.width, head.height)
        window = _mask(value, canvas)
        found = shapes.attributes(value.get("attributes"))
        if value.get("iscrowd"):
            found[CROWD] = True
        spool.add(image_id, canvas.object(names[category], window, found, _details(value)))
        yield from canvas.problems(path, where)
    except Unreadable as problem:
        yield FileProblem.of(problem, path, where)


def _mask(value: Mapping[str, Any], canvas: Canvas) -> Window:
    """Raises Unreadable."""
    segmentation = value.get("segmentation")
    if isinstance(segmentation, Mapping):
        return canvas.rle(segmentation)
    if isinstance(segmentation, list) and segmentation:
        return _filled(segmentation, canvas)
    box = value.get("bbox")
    if not isinstance(box, list) or len(box) != 4:
        raise Unreadable("neither a segmentation nor a bbox", "polygons or a run-length encoding")
    canvas.notes.append(("a box without a segmentation, taken as a rectangle", ""))
    left, top, width, height = map(shapes.number, box)
    return canvas.box(left, top, left + width, top + height)


def _filled(polygons: list[Any], canvas: Canvas) -> Window:
    """As pycocotools fills polygons: each even-odd, together their union."""
    found = []
    for polygon in polygons:
        if not isinstance(polygon, list) or len(polygon) % 2:
            raise Unreadable(shapes.short(polygon), "a polygon: x and y of each corner in turn")
        found.append(canvas.ring(np.reshape(np.array(_numbers(polygon)), (-1, 2))))
    flat: Any = [ring.reshape(-1).tolist() for ring in found]
    rle: Any = coco.merge(coco.frPyObjects(flat, canvas.height, canvas.width))
    window = read_window(rle["counts"].decode("ascii"), canvas.width, canvas.height)
    return window if window.mask.any() else canvas.filled_union(found)


def _numbers(polygon: list[Any]) -> list[float]:
    if not all(isinstance(value, int | float) for value in polygon):
        raise Unreadable("a corner that is not two numbers", "x and y of each corner in turn")
    try:
        return [float(value) for value in polygon]
    except OverflowError as error:
        raise Unreadable("a number beyond all measure", "coordinates in the picture") from error


def _head(source: Source, path: str, value: Any) -> _Head:
    if not isinstance(value, Mapping):
        raise Unreadable(shapes.short(value), "an image with id, file_name, width and height")
    match = source.match(shapes.text(value.get("file_name"), "file_name"), path)
    width, height = value.get("width"), value.get("height")
    if width is None or height is None:
        width, height = source.size(match.name) or (None, None)
    Canvas(width, height)
    own = value.get("samphire")
    own_id = own.get("id") if isinstance(own, Mapping) else None
    captured = value.get("date_captured")
    created_at = captured if isinstance(captured, str) else ""
    return _Head(match, width, height, created_at, own_id if isinstance(own_id, str) else "")  # type: ignore[arg-type]


def _label(value: Any) -> DatasetLabel:
    if not isinstance(value, Mapping):
        raise Unreadable(shapes.short(value), "a category with id and name")
    own = value.get("samphire")
    color = own.get("color") if isinstance(own, Mapping) else value.get("color")
    listed = own.get("attributes") if isinstance(own, Mapping) else None
    kinds = tuple(one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
    return DatasetLabel(
        shapes.text(value.get("name"), "name"), color if isinstance(color, str) else None, kinds
    )


def _details(value: Mapping[str, Any]) -> dict[str, Any]:
    own = value.get("samphire")
    details = dict(own) if isinstance(own, Mapping) else {}
    if isinstance(value.get("score"), int | float):
        details.setdefault("predicted_iou", value["score"])
    return details


def _id(value: Any) -> Any:
    found = value.get("id") if isinstance(value, Mapping) else None
    if not isinstance(found, int | str):
        raise Unreadable("no id", "an id, a number or text")
    return found


def _known(value: Any, among: Mapping[Any, Any], what: str, where: str) -> Any:
    if not isinstance(value, int | str) or value not in among:
        raise Unreadable(f"{what} {shapes.short(value)}", f"one of the {len(among)} ids of {where}")
    return value


def _shown(value: Any, place: int) -> str:
    found = value.get("id") if isinstance(value, Mapping) else None
    return json.dumps(found)[:40] if isinstance(found, int | str) else f"number {place + 1}"


def _split(path: str) -> str | None:
    """ "train" of train/annotations.json and instances_train2017.json."""
    name = path.rpartition("/")[2].lower()
    return shapes.split_of(path) or next((split for split in ("train", "val", "test") if split in name), None)
