"""Reading Label Studio's JSON, task by task: its full export, and the short one that it calls JSON-MIN."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .....domain.outside.picture_names import is_picture
from .....domain.runs import Window
from .. import shapes, values
from ..left_out import LeftOut
from ..matching import Match
from ..objects import DatasetImage, DatasetObject, FileProblem, Read
from ..shapes import Canvas
from ..source import Source, Unreadable
from ..split import SPLITS
from ..streams.json_kinds import first_of_kind
from ..streams.json_stream import elements
from . import brush_rle
from .regions import Region, answer, gather, image_tag

_IMAGE_KEYS = ("image", "img", "ocr")
_MOST_ODD = 100


def recognises(source: Source) -> str:
    path = first_of_kind(source, "label-studio")
    return f"{path} lists tasks" if path else ""


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".json")
    if not paths:
        yield FileProblem("", "", "no JSON file", "Label Studio's list of tasks")
    left_out, others = LeftOut(), []
    for path in paths:
        try:
            other = yield from _file(source, path, left_out)
            others += [other] if other else []
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")
    yield from left_out.problems()
    yield from (replace(each, note=len(others) < len(paths)) for each in others)


def _file(source: Source, path: str, left_out: LeftOut) -> Generator[Read, None, FileProblem | None]:
    """Yields what tasks hold; returns why it is no file of tasks, if it is none. Raises Unreadable."""
    odd: list[FileProblem] = []  # before the first task
    met = False
    with source.reading(path) as file:
        for key, place, task in elements(file):
            where = f"task {place + 1}"
            if key is not None or len(odd) > _MOST_ODD:
                break
            if not _is_task(task):
                problem = FileProblem(path, where, values.short(task), "a task with data and annotations")
                if met:
                    yield problem
                else:
                    odd.append(problem)
                continue
            met = True
            yield from odd
            odd = []
            try:
                yield from _task(source, path, where, task, left_out)
            except Unreadable as problem:
                yield FileProblem.of(problem, path, where)
        else:
            if met or not odd:
                return None
    return FileProblem(path, "", "no tasks, file left out", "Label Studio's list of tasks")


def _is_task(task: Any) -> bool:
    return isinstance(task, Mapping) and any(key in task for key in ("data", "annotations", *_IMAGE_KEYS))


def _task(
    source: Source, path: str, where: str, task: Mapping[str, Any], left_out: LeftOut
) -> Iterator[Read]:
    """Raises Unreadable for what concerns all of it."""
    data = task.get("data", task)
    if not isinstance(data, Mapping):
        raise Unreadable("a task without data", '"data" with "image"')
    if "data" in task:
        results = yield from _results(task, path, where, left_out)
    else:
        results = list(_short_results(task))
    tag = next(filter(None, map(image_tag, results)), None)
    match = _match(source, path, data, tag)
    canvas = _canvas(source, data, results, match.picture)
    objects = []
    shown = [text for text in data.values() if isinstance(text, str) and is_picture(text.partition("?")[0])]
    regions, refused = gather(results, tag if len(shown) > 1 else None)
    for number, problem in refused:
        if problem.note:
            left_out.add(problem.found, path, f"{where}, region {number}")
        else:
            yield FileProblem.of(problem, path, f"{where}, region {number}")
    for region in regions:
        place = f"{where}, region {region.number}"
        try:
            objects.append(_object(region, canvas))
            yield from canvas.problems(path, place)
        except Unreadable as problem:
            yield canvas.refused(problem, path, place)
        for further in region.labels[1:]:
            left_out.add(f"the further label {values.short(further)}", path, place)
    split = data.get("split") if data.get("split") in SPLITS else None
    yield DatasetImage("", match.name, canvas.width, canvas.height, "", objects, split, match)


def _results(
    task: Mapping[str, Any], path: str, where: str, left_out: LeftOut
) -> Generator[FileProblem, None, list[Any]]:
    """Yields problems, and returns the results of one annotation: the ground truth, else the first that was not
    cancelled, else a prediction where nobody has annotated yet. Raises Unreadable."""
    made = _listed(task, "annotations") + _listed(task, "completions")
    kept = [one for one in made if not _is_yes(one.get("was_cancelled"))]
    predicted, drafts = _objects(task.get("predictions")), _objects(task.get("drafts"))
    chosen = sorted(kept if made else predicted, key=lambda one: not _is_yes(one.get("ground_truth")))
    for what, listed in (
        ("a cancelled annotation", [one for one in made if one not in kept]),
        ("a prediction", predicted if made else []),
        ("a draft", drafts),
    ):
        for _ in listed:
            left_out.add(what, path, where)
    if chosen and not made:
        yield FileProblem(path, where, "a prediction, as there is no annotation", "", note=True)
    if len(chosen) > 1:
        further = values.counted(len(chosen) - 1, "further annotation")
        yield FileProblem(path, where, f"{further} of the same image, left out", "one", note=True)
    result = chosen[0].get("result") if chosen else []
    if not isinstance(result, list):
        raise Unreadable("an annotation without a result", "a list of regions")
    return result


def _listed(task: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Raises Unreadable."""
    listed = task.get(key) or []
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise Unreadable(f"{key} {values.short(listed)}", f"a list of {key} with results")
    return listed


def _objects(listed: Any) -> list[Mapping[str, Any]]:
    """Some exports list ids instead."""
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _is_yes(value: Any) -> bool:
    try:
        return values.truth(value)
    except Unreadable:
        return False


def _short_results(task: Mapping[str, Any]) -> Iterator[Any]:
    """JSON-MIN has the regions of each control under its name, without ids and types; or several choices, as texts."""
    for name, listed in task.items():
        for one in listed if isinstance(listed, list) else []:
            value = {"choices": one} if isinstance(one, str) else one
            yield {**value, "from_name": name, "value": value} if isinstance(value, Mapping) else one


def _match(source: Source, path: str, data: Mapping[str, Any], tag: str | None) -> Match:
    """Of the image that is called as the first region says, else of the first one. Raises Unreadable for a task
    without an image."""
    keys = [data[key] for key in (tag, *_IMAGE_KEYS) if key and isinstance(data.get(key), str)]
    texts = keys or [value for value in data.values() if isinstance(value, str) and value.strip()]
    if not texts:
        raise Unreadable("a task without an image", '"image" in its "data"')
    return source.match(texts[0], path)


def _canvas(source: Source, data: Mapping[str, Any], results: list[Any], picture: str | None) -> Canvas:
    """Of the first size that is one: of a region, of the image itself, of the task. Raises Unreadable."""
    tried = [
        (one.get("original_width"), one.get("original_height")) for one in results if isinstance(one, Mapping)
    ]
    for width, height in tried:
        try:
            return Canvas(width, height)
        except Unreadable:
            continue
    return Canvas(*((source.size(picture) if picture else None) or (data.get("width"), data.get("height"))))


def _object(region: Region, canvas: Canvas) -> DatasetObject:
    """Raises Unreadable."""
    if not region.labels:
        raise Unreadable("a region without a label", f'"{region.kind}labels" with one label')
    label = values.text(region.labels[0], "label")
    turn = values.number(region.result.get("image_rotation") or 0)
    if turn % 360:
        raise Unreadable(f"an image turned by {turn:g} degrees", "regions of the upright image")
    meta = region.result.get("meta")
    meta = dict(meta) if isinstance(meta, Mapping) else {}
    own = values.attributes(meta.pop("attributes", None))
    given = values.attributes({name: answer(value) for name, value in meta.items()}) | own | region.attributes
    score = canvas.scores(predicted_iou=region.result.get("score"))
    details = {**values.source_id(region.result, {}), **score}
    return canvas.object(label, _window(region.kind, region.result["value"], canvas), given, details)


def _window(kind: str, value: Mapping[str, Any], canvas: Canvas) -> Window:
    across, down = canvas.width / 100, canvas.height / 100
    if kind == "brush":
        data = value.get("rle")
        if data == []:
            raise Unreadable("a brush stroke of nothing", "Label Studio's run-length encoding", note=True)
        if not isinstance(data, list) or not all(type(one) is int and 0 <= one < 256 for one in data):
            raise Unreadable("a brush stroke that is no list of bytes", "Label Studio's run-length encoding")
        return shapes.painted(Window(brush_rle.decode(bytes(data), canvas.width, canvas.height), 0, 0))
    if kind == "polygon":
        points = value.get("points")
        if not isinstance(points, list) or not all(isinstance(one, list) and len(one) == 2 for one in points):
            raise Unreadable("points that are not pairs of numbers", "x and y of each corner, in percent")
        corners = [[values.number(x) * across, values.number(y) * down] for x, y in points]
        return canvas.filled([canvas.ring(corners)])
    x, y = values.number(value.get("x")) * across, values.number(value.get("y")) * down
    turn = values.number(value.get("rotation") or 0)
    if kind == "ellipse":
        radius_x = values.number(value.get("radiusX")) * across
        return canvas.ellipse(x, y, radius_x, values.number(value.get("radiusY")) * down, turn)
    width, height = values.number(value.get("width")) * across, values.number(value.get("height")) * down
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    return canvas.filled([canvas.ring(shapes.turned(corners, turn, corners[0]))])  # about its top left corner
