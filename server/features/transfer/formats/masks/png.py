"""PNG masks: labels/ and instances/ with 16 bits of grey a pixel, and labels.json, which tells what the numbers mean.

A pixel has one number, so objects that overlap lose what later ones cover. Of folders that have only one of the two,
instances are read with one label, labels with one object each.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import painting, shapes, values
from ..detection import first
from ..objects import (
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    FileProblem,
    Format,
    Piece,
    Read,
)
from ..shapes import Canvas
from ..source import Source, Unreadable
from ..streams.json_stream import load
from . import folders as mask_folders
from . import matching as mask_matching
from .images import read_mask, write_png

NAMES = "labels.json"
MOST = 65_535


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    numbers = {label.name: number for number, label in enumerate(labels, start=1)}
    for image in images:
        fitting = [each for each in image.objects if numbers[each.label] <= MOST]
        image = replace(image, objects=fitting[:MOST])
        stem = image.file_name.rpartition(".")[0] or image.file_name
        path = "/".join(filter(None, (image.split, f"{stem}.png")))
        kinds = [numbers[each.label] for each in image.objects]
        yield f"labels/{path}", write_png(painting.paint(image, kinds))
        each_one = list(range(1, len(image.objects) + 1))
        yield f"instances/{path}", write_png(painting.paint(image, each_one))
    listed = [{"id": numbers[label.name], "name": label.name, "color": label.color} for label in labels]
    text = json.dumps({"background": 0, "labels": listed}, ensure_ascii=False, indent=1)
    yield NAMES, text.encode()


def read(source: Source) -> Iterator[Read]:
    """And plain folders of masks, which have no labels.json and no instances."""
    names: dict[int, str] = {}
    named = [path for path in source.paths if path.rpartition("/")[2] == NAMES]
    if not named and not _by_stem(source, "instances") and mask_matching.mask_files(source):
        yield from mask_folders.read(source)
        return
    for path in named[:1]:
        try:
            with source.reading(path) as file:
                names = _names(load(file))
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")
    for name in names.values():
        yield DatasetLabel(name)
    kinds, instances = _by_stem(source, "labels"), _by_stem(source, "instances")
    if not kinds and not instances:
        yield FileProblem("", "", "no PNG in a folder `labels` or `instances`", "masks of numbers there")
    for stem in sorted(kinds.keys() | instances.keys()):
        path = kinds.get(stem) or instances[stem]
        try:
            yield from _image(source, stem, kinds.get(stem), instances.get(stem), names)
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")


def recognises(source: Source) -> str:
    own = [*_by_stem(source, "labels").values(), *_by_stem(source, "instances").values()]
    masks = mask_matching.mask_files(source)
    path = min(own, default=None) or first(masks, lambda path: mask_matching.has_image(source, path))
    return f"{path} lies in a folder for masks" if path else ""


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    return painting.losses(image, each, MOST)


def _names(data: Any) -> dict[int, str]:
    """Raises Unreadable."""
    listed = data.get("labels") if isinstance(data, Mapping) else None
    if not isinstance(listed, list):
        raise Unreadable("no list of labels", '{"labels": [{"id", "name"}]}')
    names = {}
    for entry in listed:
        number = entry.get("id") if isinstance(entry, Mapping) else None
        if type(number) is not int:
            raise Unreadable(f"the label {values.short(entry)}", "an id, a whole number, and a name")
        names[number] = values.text(entry.get("name"), "name")
    return names


def _by_stem(source: Source, folder: str) -> dict[str, str]:
    """Path below the folder, without suffix -> path."""
    found = {}
    for path in source.ending(".png"):
        parts = path.split("/")
        if folder in parts[:-1]:
            below = parts[parts.index(folder) + 1 :]
            found["/".join(below).rpartition(".")[0]] = path
    return found


def _image(
    source: Source, stem: str, kinds_path: str | None, instances_path: str | None, names: dict[int, str]
) -> Iterator[Read]:
    """Raises Unreadable."""
    kinds = None if kinds_path is None else read_mask(source, kinds_path).numbers
    instances = kinds if instances_path is None else read_mask(source, instances_path).numbers
    assert instances is not None
    if kinds is not None and kinds.shape != instances.shape:
        raise Unreadable("labels and instances of different sizes", "two masks of one image")
    height, width = instances.shape
    canvas = Canvas(width, height)
    path = kinds_path or instances_path or ""
    objects: list[DatasetObject] = []
    for value, window in painting.take_apart(instances):
        number = value if instances_path is None else 0
        if kinds is not None and instances_path is not None:
            number = painting.under(kinds, window)
        if names and number not in names and kinds is not None:
            found = f"the number {number} ({window.mask.sum()} pixels)"
            yield FileProblem(path, "", found, f"one of the {len(names)} labels of {NAMES}")
            continue
        label = names.get(number, "object" if kinds is None else f"label {number}")
        objects.append(canvas.object(label, window))
    match, split = source.match_stem(path), shapes.split_of(f"{stem}.png")
    yield DatasetImage("", match.name, width, height, "", objects, split, match)


FORMAT = Format(
    "PNG masks",
    "application/zip",
    "zip",
    write,
    read,
    losses,
    recognises,
    several=True,
    vague=True,
    most_labels=MOST,
)
