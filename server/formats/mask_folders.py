"""Plain folders of masks beside images: of two values, of class numbers, or of colours. Which of them is decided for
all masks together.

A mask of two values is one object, a number or a colour of others one object each. What they mean stands in
labelmap.txt or, of colours, in class_dict.csv; else the number or the colour is the name.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from server.formats import label_map, painting, shapes
from server.formats.label_map import LabelMap
from server.formats.layout import folder_key, is_mask, keys, split_named
from server.formats.mask_images import Color, Mask, palette, read_mask
from server.formats.matching import Match
from server.formats.objects import DatasetImage, DatasetLabel, FileProblem, Read
from server.formats.shapes import Canvas
from server.formats.source import Source, Unreadable

OBJECT = "object"
_MOST_VALUES = 256  # of one mask; more are soft edges, or a photograph
_VOID, _SMALL = 255, 100
_MARK = re.compile(
    r"(.+?)[ _.-]*(?:masks?|gt|labels?|seg|segmentation|groundtruth)?[ _.-]*\d*", re.IGNORECASE
)
_LARGEST = 16 << 20


@dataclass
class Kinds:
    """What all masks have in common. `values`: numbers in masks without colours."""

    values: set[int] = field(default_factory=set)
    colored: bool = False

    def see(self, mask: Mask) -> None:
        """Raises Unreadable for what is a mask of no kind."""
        found = np.unique(mask.numbers)
        if len(found) > _MOST_VALUES:
            raise Unreadable(
                f"{len(found)} different colours or greys", "a mask: one for each class, without soft edges"
            )
        self.colored |= mask.numbers_are_colors
        self.values.update(found[found != 0].tolist() if not mask.numbers_are_colors else ())

    @property
    def binary(self) -> bool:
        return not self.colored and len(self.values) <= 1

    @property
    def void(self) -> int | None:
        """What borders are painted with, where the other numbers count classes."""
        counting = not self.colored and any(value < _SMALL for value in self.values)
        return _VOID if counting and len(self.values) > 1 else None


@dataclass(frozen=True)
class _Found:
    """A mask and its image; `label`: of the folder of a class."""

    path: str
    match: Match
    label: str | None = None


def mask_files(source: Source) -> list[str]:
    return [path for path in source.paths if is_mask(path)]


def has_image(source: Source, path: str) -> bool:
    return _image_of(source, path).match.picture is not None


def read(source: Source) -> Iterator[Read]:
    kinds, broken = Kinds(), set[str]()
    found: dict[str, list[_Found]] = {}
    for path in mask_files(source):
        try:
            kinds.see(read_mask(source, path))
        except Unreadable as problem:
            broken.add(path)
            yield FileProblem.of(problem, path, "")
            continue
        each = _image_of(source, path)
        if each.match.picture is None:
            yield FileProblem(path, "", each.match.found, each.match.expected, missing=True)
        else:
            found.setdefault(each.match.picture, []).append(each)
    try:
        classes = _classes(source)
    except Unreadable as problem:
        yield FileProblem.of(problem, "labelmap.txt", "")
        return
    for name in classes.names if classes else _names(kinds):
        yield DatasetLabel(name, name if name.startswith("#") and not classes else None)
    for picture in sorted(found):
        yield from _read_image(source, found[picture], kinds, classes)


def _read_image(
    source: Source, masks: list[_Found], kinds: Kinds, classes: LabelMap | None
) -> Iterator[Read]:
    first = masks[0]
    size, objects = None, []
    for each in masks:
        try:
            mask = read_mask(source, each.path)
            height, width = mask.numbers.shape
            if size not in (None, (width, height)):
                raise Unreadable(f"a mask of {width} x {height} pixels", "masks of one size for an image")
            size = width, height
            canvas = Canvas(width, height)
            name = classes.of(mask) if classes else None
            for number, window in painting.take_apart(mask.numbers, kinds.void):
                label = each.label or (
                    name(number) if name and not kinds.binary else _name(mask, number, kinds)
                )
                if label is not None:
                    objects.append(canvas.object(label, window))
        except Unreadable as problem:
            yield FileProblem.of(problem, each.path, "")
    if size:
        split = shapes.split_of(first.path)
        yield DatasetImage("", first.match.name, *size, "", objects, split, first.match)


def _name(mask: Mask, number: int, kinds: Kinds) -> str:
    if kinds.binary:
        return OBJECT
    color = mask.color(number) if kinds.colored else None
    return f"label {number}" if color is None else _hex(color)


def _names(kinds: Kinds) -> list[str]:
    """Those that are known before the masks are read again: colours are met one by one."""
    if kinds.colored or kinds.binary:
        return []
    return [f"label {value}" for value in sorted(kinds.values) if value != kinds.void]


def _image_of(source: Source, path: str) -> _Found:
    """Of the image's name, or with a word or a number behind it; in a folder called as the image is, or as a class."""
    *folders, last = path.split("/")
    stem = last.rpartition(".")[0]
    above = folders[-1] if len(folders) > 1 and folder_key(folders[-1]) else ""
    outside = "/".join([*folders[:-1], last])
    marked = _MARK.fullmatch(stem)
    tried: list[tuple[str, str | None, str | None]] = [(path, stem, None)]  # path, stem, class
    if above and not split_named([above]):
        tried.insert(0, (outside, stem, above))
    if marked:
        tried.append((path, marked[1], None))
    if above:
        tried.append((outside, above, None))
    for where, called, label in tried:
        match = source.match_stem(where, called)
        beside = label is None or keys((match.picture or "").split("/")[:-1]) == keys(folders[:-1])
        if match.picture and beside:
            return _Found(path, match, label)
    return _Found(path, source.match_stem(path))


def _classes(source: Source) -> LabelMap | None:
    """Raises Unreadable."""
    for path in source.ending("labelmap.txt"):
        return label_map.read(source, path)
    for path in source.ending("class_dict.csv"):  # as CamVid has it: name,r,g,b
        colors: dict[Color, str | None] = {palette()[0]: None}
        for row in csv.reader(source.text(path, _LARGEST).splitlines()[1:]):
            if len(row) != 4 or not all(value.strip().isdecimal() for value in row[1:]):
                raise Unreadable(f"the line {','.join(row)[:60]}", "name,r,g,b")
            red, green, blue = (int(value) for value in row[1:])
            colors.setdefault((red, green, blue), row[0].strip())
        return LabelMap({0: None}, colors)
    return None


def _hex(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
