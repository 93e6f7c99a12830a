"""YOLO's text files: one a picture, one row an object, `class x1 y1 x2 y2 ...` in parts of the width and height.

Written as ultralytics reads them: images/, labels/ and data.yaml. A row is one outline: holes and further parts are
joined to it by lines of no width, which our reader, filling by the even-odd rule, undoes to the pixel.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from server.domain import rings
from server.domain.outlines import lean_outline
from server.formats import shapes
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
from server.formats.split import SPLITS
from server.formats.yolo_names import read_names, write_names

_NO_LABELS = (
    "classes.txt",
    "obj.names",
    "train.txt",
    "val.txt",
    "test.txt",
    "readme.txt",
    "requirements.txt",
)
_LISTS = re.compile(r"(autosplit_\w+|readme.*|license.*)\.txt")
_ROW = re.compile(r"\d+(\s+[-+.\deE]+){4,}\s*$", re.MULTILINE)
_LARGEST = 64 << 20
_MOST_CLASSES = 100_000
_NEAR = 0.01  # of a side: as far as ultralytics lets coordinates stand out


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    numbers = {label.name: number for number, label in enumerate(labels)}
    split = False
    for image in images:
        split = split or image.split is not None
        stem = image.file_name.rpartition(".")[0] or image.file_name
        path = "/".join(filter(None, ("labels", image.split, f"{stem}.txt")))
        rows = (_row(numbers[each.label], image, each) for each in image.objects)
        yield path, "".join(rows).encode("ascii")
    folders = {part: f"images/{part}" if split else "images" for part in SPLITS}
    listed = "".join(f"{part}: {folder}\n" for part, folder in folders.items() if split or part != "test")
    yield "data.yaml", (listed + write_names([label.name for label in labels])).encode()


def read(source: Source) -> Iterator[Read]:
    names = yield from _names(source)
    for name in names.values():
        yield DatasetLabel(name)
    texts: dict[str, list[str]] = {}
    for path in _label_files(source):
        match = source.match_stem(path)
        if match.picture is None:
            yield FileProblem(path, "", match.found, match.expected)
        else:
            texts.setdefault(match.picture, []).append(path)
    if not texts:
        yield FileProblem("", "", "no text file beside a picture", "a file of labels for each picture")
    unknown: set[int] = set()
    for picture in source.pictures():
        yield from _read_picture(source, picture, texts.get(picture, []), names, unknown)
    if unknown:
        shown = ", ".join(map(str, sorted(unknown)[:20]))
        found = f"no names for the classes {shown}: they are called by their numbers"
        yield FileProblem("data.yaml", "", found, "names for all of them", note=True)


def recognises(source: Source) -> bool:
    """A text file whose first row is numbers, beside others in any folder."""
    return any(_ROW.match(source.head(path).split("\n", 1)[0]) for path in _label_files(source)[:20])


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    found = shapes.parts(each, image)
    holes = sum(len(part.holes) for part in found)
    joined = "joined to the outline: programs that paint outlines show a line there"
    if holes:
        yield "holes", f"{shapes.counted(holes, 'hole')} {joined}"
    if len(found) > 1:
        yield "parts", f"{len(found)} parts {joined}"
    yield from shapes.without(each, "attributes", "score", "prompts")


def _row(number: int, image: DatasetImage, each: DatasetObject) -> str:
    found = [ring for part in lean_outline(shapes.pixels(each, image)) for ring in part.rings]
    places = rings.join(found) / (image.width, image.height)
    return f"{number} " + " ".join(f"{value:.6g}" for value in places.reshape(-1).tolist()) + "\n"


def _names(source: Source) -> Iterator[Read]:
    """Yields problems; returns names by class number."""
    for path in sorted(source.ending(".yaml", ".yml"), key=lambda path: (path.count("/"), path)):
        try:
            names = read_names(source.text(path, _LARGEST))
            return names
        except Unreadable as problem:
            if "names" in source.head(path):
                yield FileProblem.of(problem, path, "")
    for path in source.ending("classes.txt", "obj.names"):
        with suppress(Unreadable):
            lines = source.text(path, _LARGEST).split("\n")
            return dict(enumerate(line.strip("\r") for line in lines if line.strip()))
    return {}


def _label_files(source: Source) -> list[str]:
    """Text files that are no lists of names or pictures; those in `labels` folders where there are such folders."""
    texts = [path for path in source.ending(".txt") if not _is_list(path.rpartition("/")[2].lower())]
    inside = [path for path in texts if "labels" in path.lower().split("/")[:-1]]
    return inside or texts


def _is_list(name: str) -> bool:
    return name in _NO_LABELS or bool(_LISTS.fullmatch(name))


def _read_picture(
    source: Source, picture: str, texts: list[str], names: dict[int, str], unknown: set[int]
) -> Iterator[Read]:
    size = source.size(picture)
    if size is None:
        yield FileProblem(picture, "", "a picture that cannot be read", "its width and height")
        return
    objects: list[DatasetObject] = []
    try:
        canvas = Canvas(*size)
    except Unreadable as problem:
        yield FileProblem.of(problem, picture, "")
        return
    for path in texts:
        try:
            rows = source.text(path, _LARGEST).split("\n")
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")
            continue
        boxes = []
        for line, row in enumerate(rows, start=1):
            if not row.strip():
                continue
            try:
                number, each, is_box = _object(row.split(), canvas, names)
            except Unreadable as problem:
                yield FileProblem.of(problem, path, f"line {line}")
                continue
            objects.append(each)
            unknown.update({number} - names.keys())
            boxes += [line] if is_box else []
            yield from canvas.problems(path, f"line {line}")
        if boxes:
            found = f"{shapes.counted(len(boxes), 'box', 'boxes')} without an outline, taken as rectangles"
            yield FileProblem(path, f"line {boxes[0]}", found, "", note=True)
    match = Match(picture, picture)
    yield DatasetImage("", picture, *size, "", objects, shapes.split_of(picture), match)


def _object(fields: list[str], canvas: Canvas, names: dict[int, str]) -> tuple[int, DatasetObject, bool]:
    """Class, object, and whether it was a box. A box may have a confidence behind it. Raises Unreadable."""
    first, values = shapes.number(fields[0]), np.array([shapes.number(field) for field in fields[1:]])
    if first != int(first) or not 0 <= first < _MOST_CLASSES:
        raise Unreadable(f"the class {fields[0][:20]!r}", "a whole number from 0")
    number = int(first)
    if names and number not in names:
        raise Unreadable(f"class {number}", f"one of the {len(names)} classes, numbered from 0")
    label = names.get(number, f"class {number}")
    beyond = float(np.abs(values - 0.5).max() - 0.5) if len(values) else 0.0
    if beyond > _NEAR and (len(values) not in (4, 5) or beyond > 1):
        found = f"a coordinate {beyond:.3f} beyond the picture's edge"
        if beyond > 1:
            raise Unreadable(found, "parts of its width and height, 0 to 1")
        canvas.notes.append((f"{found}; what stands out is cut off", "parts of its width and height, 0 to 1"))
    side = np.array([canvas.width, canvas.height])
    if len(values) in (4, 5):
        middle, half = values[:2] * side, values[2:4] * side / 2
        window = canvas.box(*(middle - half).tolist(), *(middle + half).tolist())
        details = {"predicted_iou": float(values[4])} if len(values) == 5 else {}
        return number, canvas.object(label, window, None, details), True
    score = {"predicted_iou": float(values[-1])} if len(values) % 2 else {}
    if len(values) < 6:
        raise Unreadable(f"{len(fields)} numbers", "a class and at least three corners, or a class and a box")
    ring = canvas.ring(values[: len(values) // 2 * 2].reshape(-1, 2) * side)
    canvas.notes = canvas.notes[:1]  # of the same corners
    return number, canvas.object(label, canvas.filled([ring]), None, score), False


FORMAT = Format("YOLO segmentation", "application/zip", "zip", write, read, losses, recognises, several=True)
