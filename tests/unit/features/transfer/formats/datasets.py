"""Datasets to write and read again, and what must not change."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from server.domain.runs import Window
from server.features.transfer.formats import FORMATS, dataset
from server.features.transfer.formats.objects import DatasetImage, DatasetLabel, FileProblem
from server.features.transfer.formats.shapes import Canvas
from server.features.transfer.formats.source import Source
from server.features.transfer.formats.split import SPLITS

ODD_LABELS = [
    "caf\u00e9",
    "traffic light, red",
    "say \"cheese\" & 'run' <fast>",
    "a/b\\c: d # e",
    "-rf",
    "con",
    "\u732b\U0001f408",
    "  spaced  ",
    "null",
    "[1, 2]",
    "{x: y}",
    "=1+1",
]
ODD_NAMES = [
    "plain.jpg",
    "with space.jpg",
    "sh\u00f6re/\u6d77.png",
    "quo\"te's.png",
    "-rf.png",
    "con.png",
    "two.dots.in it.jpeg",
    "no suffix",
    "same.jpg",
    "same.png",
    "deep/er/same.jpg",
    "&<>.png",
]


def label_list(names, **fields):
    return [DatasetLabel(name, **fields) for name in names]


def blob(height, width, seed, hole=False, second=False):
    """A disc; with a hole in it; with another piece beside it."""
    generator = np.random.default_rng(seed)
    y, x = np.indices((height, width))
    radius = min(height, width) / (4 if second else 3) - generator.random()
    far = np.hypot(y - height / 2 + generator.random(), x - (width / 3 if second else width / 2))
    mask = far < radius
    if hole:
        mask &= far > radius / 2
    if second:
        mask |= np.hypot(y - height / 2, x - width * 0.8) < min(height, width) / 8
    return mask


def masks(height=37, width=53):
    """Named shapes, drawn apart from each other only in what they are."""
    noise = np.random.default_rng(7).random((height, width)) < 0.4
    one = np.zeros((height, width), bool)
    one[height - 1, width - 1] = True
    diagonal = np.zeros((height, width), bool)
    corner = diagonal[2:7, 3:8]
    np.fill_diagonal(corner, True)
    diagonal[height // 2, 0] = True
    named = {
        "disc": blob(height, width, 1),
        "ring": blob(height, width, 2, hole=True),
        "two parts": blob(height, width, 3, second=True),
        "ring and part": blob(height, width, 4, hole=True, second=True),
        "one pixel": one,
        "diagonal": diagonal,
        "noise": noise,
        "all": np.ones((height, width), bool),
    }
    return {name: mask for name, mask in named.items() if mask.any()}


def image(name, found, labels=("thing",), image_id=None, attributes=None, details=None):
    """An image with one object of each mask, labels in turn."""
    height, width = next(iter(found)).shape if found else (4, 6)
    canvas = Canvas(width, height)
    objects = [
        canvas.object(
            labels[k % len(labels)],
            Window(mask, 0, 0),
            attributes,
            {"id": f"{image_id or name}-{k}", **(details or {})},
        )
        for k, mask in enumerate(found)
    ]
    return DatasetImage(image_id or name, name, width, height, "2026-01-01T00:00:00.000Z", objects)


def files_of(format_name, labels, images, split=None, **options):
    """path -> bytes. `split(image)`: the part of the dataset it is in."""
    if split:
        images = [replace(one, split=split(one)) for one in images]
        options["splits"] = sorted({one.split for one in images}, key=SPLITS.index)
    files: dict[str, bytes] = {}
    last = None
    for path, data in dataset.write(FORMATS[format_name], labels, lambda: iter(images), **options):
        assert path == last or path not in files, "a file's pieces follow one another"
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        files[path] = files.get(path, b"") + data
        last = path
    return files


def read(format_name, source):
    """(labels, images, problems)."""
    found = list(FORMATS[format_name].read(source))
    labels = [each for each in found if isinstance(each, DatasetLabel)]
    images = [each for each in found if isinstance(each, DatasetImage)]
    return labels, images, [each for each in found if isinstance(each, FileProblem)]


def again(format_name, labels, images, **options):
    """Written and read: (labels, images, problems). The pictures are known, as a project knows its own."""
    named = dataset.name_files(FORMATS[format_name], images, pictures=True)
    known = {each.file_name: (each.width, each.height) for each in named}
    return read(format_name, Source.memory(files_of(format_name, labels, images, **options), known))


def same_objects(before, after, labels=True):
    """Whether two images hold the same masks, and labels, in the same order."""
    assert (after.width, after.height) == (before.width, before.height)
    assert [each.counts for each in after.objects] == [each.counts for each in before.objects]
    assert [(each.area, each.bbox) for each in after.objects] == [
        (each.area, each.bbox) for each in before.objects
    ]
    if labels:
        assert [each.label for each in after.objects] == [each.label for each in before.objects]


def on_disk(folder: Path, files):
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder
