"""Reading COCO JSON of any size: polygons, run-length encodings of both kinds, boxes, panoptic masks. Trusts nothing.

The file is read twice: images and categories may stand behind the annotations, whose sizes and labels they hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from pycocotools import mask as coco

from .....domain.runs import Window, read_window
from .. import shapes, values
from ..left_out import LeftOut
from ..objects import CROWD, DatasetImage, DatasetLabel, FileProblem, Read
from ..shapes import Canvas
from ..source import Source, Unreadable
from ..streams.json_kinds import first_of_kind, json_kind
from ..streams.json_stream import elements
from ..streams.spool import Spool
from . import lists as coco_lists
from .lists import Entries, Head
from .segments import Segments

# What is read of an annotation, or is computed anyway.
_KNOWN = {"id", "image_id", "category_id", "segmentation", "area", "bbox", "iscrowd", "attributes"}
_KNOWN |= {"samphire", "score", "num_keypoints", "segments_info", "file_name"}
_SHOWN = {"keypoints": "key points", "caption": "a caption"}


def recognises(source: Source) -> str:
    path = first_of_kind(source, "coco")
    return f"{path} has COCO's lists of images and annotations" if path else ""


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".json")
    chosen = [path for path in paths if json_kind(source, path) == "coco"] or paths[:1]
    if not chosen:
        yield FileProblem("", "", "no JSON file", "a COCO file")
    for path in paths:
        if path not in chosen:
            found = "left out: no objects as COCO lists them (captions, say)"
            yield FileProblem(path, "", found, "", note=True)
    for path in chosen:
        instances = path.replace("person_keypoints_", "instances_")
        if instances != path and instances in chosen:
            found = f"key points of the persons in {instances}, file left out"
            yield FileProblem(path, "", found, "", note=True)
        else:
            yield from _read_file(source, path, alone=len(chosen) == 1)


def _read_file(source: Source, path: str, alone: bool) -> Iterator[Read]:
    images, categories = coco_lists.images(source, path), coco_lists.categories()
    lists, seen = {"images": images, "categories": categories}, set()
    try:
        with source.reading(path) as file:
            for key, place, value in elements(file):
                if place >= 0 or value == []:
                    seen.add(key)
                if key in lists and place >= 0:
                    try:
                        lists[key].add(value)
                    except Unreadable as problem:
                        yield FileProblem.of(problem, path, f"{key}, entry {place + 1}")
        missing = [name for name in ("images", "annotations") if name not in seen]
        if missing:
            found = f"no list {' and no list '.join(missing)}"
            yield FileProblem(path, "", found, "a COCO file", note=not alone)
            return
        labels, notes = coco_lists.told_apart(categories)
        yield from (FileProblem(path, "categories", note, "", note=True) for note in notes)
        named: dict[str, DatasetLabel] = {}
        for label in labels.values():
            named.setdefault(label.name, label)
        yield from named.values()
        with Spool() as spool:
            segments = Segments(source, path)
            reading = _Annotations(path, images, categories, labels, segments, spool)
            with source.reading(path) as file:
                for key, place, value in elements(file):
                    if key == "annotations" and place >= 0:
                        yield from reading.add(place, value)
            yield from reading.left_out.problems()
            for image_id, head in images.all:
                match, width, height, created_at, own_id, split = head
                objects = spool.take(image_id)
                yield DatasetImage(own_id, match.name, width, height, created_at, objects, split, match)
    except Unreadable as problem:
        yield FileProblem.of(problem, path, "")


class _Annotations:
    """Puts what the annotations draw into the spool."""

    def __init__(
        self,
        path: str,
        images: Entries[Head],
        categories: Entries[DatasetLabel],
        labels: Mapping[int | str, DatasetLabel],
        segments: Segments,
        spool: Spool,
    ) -> None:
        self._path, self._images, self._categories = path, images, categories
        self._labels, self._segments, self._spool = labels, segments, spool
        self.left_out = LeftOut()

    def add(self, place: int, value: Any) -> Iterator[FileProblem]:
        where = f"annotation {_shown(value, place)}"
        try:
            if not isinstance(value, Mapping):
                expected = "an annotation with image_id, category_id and segmentation"
                raise Unreadable(values.short(value), expected)
            for name in sorted(value.keys() - _KNOWN):
                if any(value[name]) if isinstance(value[name], list) else value[name]:
                    self.left_out.add(
                        _SHOWN.get(name, f"{values.short(name)} of an annotation"), self._path, where
                    )
            if not any(map(value.get, ("segmentation", "bbox"))) and any(map(value.get, _SHOWN)):
                return  # a caption, or key points alone
            image_id, head = self._images.of(value.get("image_id"), "image_id")
            if head is None:
                self.left_out.add("an annotation whose image has a problem of its own", self._path, where)
            elif isinstance(value.get("segments_info"), list):
                for entry, window in self._segments.of(value, Canvas(head.width, head.height)):
                    segment = f"{where}, segment {_shown(entry, place)}"
                    yield from self._object(image_id, head, entry, segment, window)
            else:
                yield from self._object(image_id, head, value, where)
        except Unreadable as problem:
            yield FileProblem.of(problem, self._path, where)

    def _object(
        self, image_id: int | str, head: Head, value: Any, where: str, window: Window | None = None
    ) -> Iterator[FileProblem]:
        """`window`: what a panoptic mask has of a segment; otherwise the value tells."""
        try:
            if not isinstance(value, Mapping):
                raise Unreadable(values.short(value), "a segment with id and category_id")
            category_id, category = self._categories.of(value.get("category_id"), "category_id")
            if category is None:
                self.left_out.add("an annotation whose category has a problem of its own", self._path, where)
                return
            canvas = Canvas(head.width, head.height)
            drawn = _mask(value, canvas) if window is None else shapes.painted(window)
            found = values.attributes(value.get("attributes"))
            if _is_crowd(value.get("iscrowd"), canvas):
                found[CROWD] = True
            each = canvas.object(self._labels[category_id].name, drawn, found, _details(value, canvas))
            self._spool.add(image_id, each)
            for problem in canvas.problems(self._path, where):
                if problem.expected:
                    yield problem
                else:
                    self.left_out.note(problem.found, self._path, where)
        except Unreadable as problem:
            yield FileProblem.of(problem, self._path, where)


def _mask(value: Mapping[str, Any], canvas: Canvas) -> Window:
    """Raises Unreadable."""
    segmentation, box = values.unpacked(value.get("segmentation")), values.unpacked(value.get("bbox"))
    if isinstance(segmentation, Mapping) and (segmentation or not box):
        return canvas.rle(segmentation)
    if isinstance(segmentation, list) and segmentation:
        pieces = [segmentation] if not isinstance(segmentation[0], list) else segmentation
        window = _filled([piece for piece in pieces if piece != []], canvas, bool(box))
        if window is not None:
            return window
    if not isinstance(box, list) or len(box) != 4:
        nothing = not box and segmentation in (None, "", {}, [], [[]])
        raise Unreadable(
            "neither a segmentation nor a bbox", "polygons or a run-length encoding", note=nothing
        )
    canvas.notes.append(("a box without a segmentation, taken as a rectangle", ""))
    left, top, width, height = map(values.number, box)
    return canvas.box(left, top, left + width, top + height)


def _filled(polygons: Sequence[Any], canvas: Canvas, boxed: bool) -> Window | None:
    """As pycocotools fills polygons: each even-odd, together their union. None when a box has to do.

    A piece that covers no area does not keep the others from being filled. Raises Unreadable.
    """
    found, without_area = [], []
    for polygon in polygons:
        try:
            found.append(_ring(polygon, canvas))
        except Unreadable as problem:
            if not problem.note:
                raise
            without_area.append(problem)
    if not found and not boxed and without_area:
        raise without_area[0]
    canvas.notes += [(f"{problem.found}, left out", "") for problem in without_area]
    if not found:
        return None
    flat: Any = [ring.reshape(-1).tolist() for ring in found]
    rle: Any = coco.merge(coco.frPyObjects(flat, canvas.height, canvas.width))
    window = read_window(rle["counts"].decode("ascii"), canvas.width, canvas.height)
    return window if window.mask.any() else canvas.filled_union(found)


def _ring(polygon: Any, canvas: Canvas) -> np.ndarray:
    """x and y of each corner in turn, or pairs. Raises Unreadable."""
    if not isinstance(polygon, list) or (len(polygon) % 2 and not isinstance(polygon[0], list)):
        raise Unreadable(values.short(polygon), "a polygon: x and y of each corner in turn")
    try:
        corners = np.array(polygon, np.float64).reshape(-1, 2)
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable("a corner that is not two numbers", "x and y of each corner in turn") from error
    return canvas.ring(corners)


def _is_crowd(value: Any, canvas: Canvas) -> bool:
    try:
        return values.truth(value)
    except Unreadable:
        canvas.notes.append((f"iscrowd {values.short(value)}, taken as 0", "0 or 1"))
        return False


def _details(value: Mapping[str, Any], canvas: Canvas) -> dict[str, Any]:
    own = value.get("samphire")
    own = own if isinstance(own, Mapping) else {}
    scores = canvas.scores(predicted_iou=value.get("score"))
    return {**values.source_id(value, own), **scores, **own}


def _shown(value: Any, place: int) -> str:
    try:
        return str(values.identity(value["id"]))[:40]
    except (Unreadable, LookupError, TypeError):
        return f"number {place + 1}"
