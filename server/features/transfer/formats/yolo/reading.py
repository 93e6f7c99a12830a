"""Reading YOLO's text files: which picture each belongs to, which names apply to it, and what its rows draw."""

from collections.abc import Iterator
from math import isfinite, nan

import numpy as np

from .....domain.runs import Window
from .. import values
from ..detection import first
from ..matching import Match
from ..objects import (
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    FileProblem,
    Read,
)
from ..shapes import Canvas
from ..source import Source, Unreadable
from .lists import Dataset, Lists, is_row

_LARGEST = 64 << 20
_MOST_CLASSES = 100_000
_MOST_NUMBERED = 1000
_NEAR = 0.01  # of a side: as far as ultralytics lets coordinates stand out


def read(source: Source) -> Iterator[Read]:
    lists = Lists(source)
    yield from lists.problems
    for dataset in lists.datasets():
        named: dict[str, int] = {}
        for number, name in sorted(dataset.names.items()):
            first_number = named.setdefault(name, number)
            if first_number == number:
                yield DatasetLabel(name)
            else:
                found = f"the classes {first_number} and {number} are both {values.short(name)}: one label"
                yield FileProblem(dataset.file, "names", found, "", note=True)
    texts: dict[str, list[tuple[str, Dataset]]] = {}
    for path in _chosen(lists.label_files):
        match = source.match_stem(path)
        if match.picture is None:
            yield from _stray(source, path, match)
            continue
        try:
            texts.setdefault(match.picture, []).append((path, lists.of(path)))
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")
    if not texts:
        yield FileProblem("", "", "no text file beside an image", "a label file for each image")
    for path, dataset in (each for found in texts.values() for each in found):
        _see(source, path, dataset)
    yield from _numbered(lists)
    unknown: dict[str, set[int]] = {}
    for picture in sorted({*source.pictures(), *texts}):
        yield from _read_picture(source, lists, picture, texts.get(picture, []), unknown)
    for file, numbers in unknown.items():
        shown = ", ".join(map(str, sorted(numbers)[:20]))
        found = f"no names for the classes {shown}: class numbers are used as names"
        yield FileProblem(file or "data.yaml", "", found, "names for all of them", note=True)


def recognises(source: Source) -> str:
    """A text file that begins with a row; or, where all are empty, as of images without objects, with names of classes
    beside."""
    texts = source.ending(".txt")
    path = first(texts, lambda path: is_row(source.head(path)))
    if path:
        return f"{path} begins with a row of a class and numbers"
    lists = Lists(source)
    named = next((each.file for each in lists.datasets() if each.names), None)
    empty = [path for path in lists.label_files if not source.head(path) and source.match_stem(path).picture]
    return f"{named} names classes, and {empty[0]} is empty" if named and empty else ""


def _chosen(texts: list[str]) -> list[str]:
    """Those in `labels` folders where there are such folders."""
    inside = [path for path in texts if "labels" in path.lower().split("/")[:-1]]
    return inside or texts


def _stray(source: Source, path: str, match: Match) -> Iterator[FileProblem]:
    """A text file without a picture: labels are missed, other texts are only left out."""
    head = source.head(path)
    if is_row(head):
        yield FileProblem(path, "", match.found, match.expected, missing=True)
    elif head:
        yield FileProblem(path, "", "a text without rows of labels, left out", "", note=True)


def _numbered(lists: Lists) -> Iterator[DatasetLabel]:
    """Labels of classes without names: all up to the highest, so that each has its number in exports as well."""
    seen = {number for dataset in lists.datasets() if not dataset.names for number in dataset.seen}
    highest = max(seen, default=-1)
    for number in range(highest + 1) if highest < _MOST_NUMBERED else sorted(seen):
        yield DatasetLabel(f"class {number}")


def _see(source: Source, path: str, dataset: Dataset) -> None:
    """Evidence of the rows' kind; what is wrong with a row is reported when it is read."""
    try:
        rows = source.text(path, _LARGEST).split("\n")
    except Unreadable:
        return
    for row in rows:
        try:
            number, *values = _numbers(row.split())
        except (Unreadable, ValueError):
            continue
        if values:
            dataset.rows.see(values)
        if number == int(number) and 0 <= number < _MOST_CLASSES:
            dataset.seen.add(int(number))


def _read_picture(
    source: Source,
    lists: Lists,
    picture: str,
    texts: list[tuple[str, Dataset]],
    unknown: dict[str, set[int]],
) -> Iterator[Read]:
    size = source.size(picture)
    if size is None:
        yield FileProblem(picture, "", "an image that cannot be read", "its width and height")
        return
    try:
        canvas = Canvas(*size)
    except Unreadable as problem:
        yield FileProblem.of(problem, picture, "")
        return
    objects: list[DatasetObject] = []
    for path, dataset in texts:
        drawing = _Drawing(canvas, path, dataset)
        yield from drawing.read(source)
        objects += drawing.objects
        if drawing.nameless:
            unknown.setdefault(dataset.file, set()).update(drawing.nameless)
    match = Match(picture, picture)
    yield DatasetImage("", picture, *size, "", objects, lists.split_of(picture), match)


class _Drawing:
    """The objects of one file. `nameless`: classes for which there is no name."""

    def __init__(self, canvas: Canvas, path: str, dataset: Dataset) -> None:
        self._canvas, self._path, self._dataset = canvas, path, dataset
        self._boxes: list[int] = []  # lines
        self._left_out: dict[str, list[int]] = {}
        self.objects: list[DatasetObject] = []
        self.nameless: set[int] = set()

    def read(self, source: Source) -> Iterator[FileProblem]:
        try:
            rows = source.text(self._path, _LARGEST).split("\n")
        except Unreadable as problem:
            yield FileProblem.of(problem, self._path, "")
            return
        for line, row in enumerate(rows, start=1):
            if not row.strip():
                continue
            try:
                self.objects.append(self._object(line, row.split()))
            except Unreadable as problem:
                yield FileProblem.of(problem, self._path, f"line {line}")
                continue
            yield from self._canvas.problems(self._path, f"line {line}")
        if self._boxes:
            found = (
                f"{values.counted(len(self._boxes), 'box', 'boxes')} without an outline, taken as rectangles"
            )
            yield FileProblem(self._path, f"line {self._boxes[0]}", found, "", note=True)
        for what, lines in self._left_out.items():
            found = f"{what} of {values.counted(len(lines), 'object')} left out"
            yield FileProblem(self._path, f"line {lines[0]}", found, "", note=True)

    def _object(self, line: int, fields: list[str]) -> DatasetObject:
        """Raises Unreadable."""
        number = self._class(fields[0])
        row = self._dataset.rows.read(_numbers(fields[1:]))
        self._check_place(row.body)
        details = {} if row.confidence is None else {"predicted_iou": row.confidence}
        attributes = {} if row.track_id is None else {"track_id": row.track_id}
        label = self._dataset.names.get(number, f"class {number}")
        found = self._canvas.object(label, self._window(row.body), attributes, details)
        self._boxes += [line] if len(row.body) == 4 else []
        if row.left_out:
            self._left_out.setdefault(row.left_out, []).append(line)
        if number not in self._dataset.names:
            self.nameless.add(number)
        return found

    def _class(self, field: str) -> int:
        number, names = values.number(field), self._dataset.names
        if number != int(number) or not 0 <= number < _MOST_CLASSES:
            raise Unreadable(f"the class {field[:20]!r}", "a whole number from 0")
        if names and int(number) not in names:
            raise Unreadable(f"class {int(number)}", f"one of the {len(names)} classes, numbered from 0")
        return int(number)

    def _check_place(self, body: list[float]) -> None:
        beyond = max(abs(value - 0.5) for value in body) - 0.5
        if beyond > 1 or (beyond > _NEAR and len(body) > 4):
            found, expected = (
                f"a coordinate {beyond:.3f} beyond the image's edge",
                "parts of its sides, 0 to 1",
            )
            if beyond > 1:
                raise Unreadable(found, expected)
            self._canvas.notes.append((f"{found}; what stands out is cut off", expected))

    def _window(self, body: list[float]) -> Window:
        side = np.array([self._canvas.width, self._canvas.height])
        points = np.reshape(body, (-1, 2)) * side
        if len(body) == 4:
            middle, half = points[0], points[1] / 2
            return self._canvas.box(*(middle - half).tolist(), *(middle + half).tolist())
        ring = self._canvas.ring(points)
        self._canvas.notes = self._canvas.notes[:1]  # of the same corners
        return self._canvas.filled([ring])


def _numbers(fields: list[str]) -> list[float]:
    """Raises Unreadable."""
    try:
        found = [float(field) for field in fields]
    except ValueError:
        found = [nan]
    return found if all(map(isfinite, found)) else [values.number(field) for field in fields]
