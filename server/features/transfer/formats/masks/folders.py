"""Plain folders of masks beside images: of two values, of class numbers, or of colours. Which of them is decided for
all masks together.

A mask of two values is one object, a number or a colour of others one object each. What they mean stands in
labelmap.txt or, of colours, in class_dict.csv; else the number or the colour is the name.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from .. import label_map, painting, shapes
from ..label_map import LabelMap
from ..matching import Match
from ..objects import DatasetImage, DatasetLabel, FileProblem, Read
from ..shapes import Canvas
from ..source import Source, Unreadable
from .images import Color, Mask, palette, read_mask
from .matching import Meant, masks

OBJECT = "object"
_MOST_VALUES = 256  # of one mask; more are soft edges, or a photograph
_VOID, _SMALL = 255, 100
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


def read(source: Source) -> Iterator[Read]:
    try:
        classes = _classes(source)
    except Unreadable as problem:
        yield FileProblem.of(problem, "labelmap.txt", "")
        return
    kinds = Kinds()
    found: dict[str, list[tuple[Meant, Match]]] = {}
    for each in masks(source, classes is None):
        try:
            kinds.see(read_mask(source, each.path))
        except Unreadable as problem:
            yield FileProblem.of(problem, each.path, "")
            continue
        match = each.match(source)
        if match.picture is None:
            yield FileProblem(each.path, "", match.found, match.expected, missing=True)
        else:
            found.setdefault(match.picture, []).append((each, match))
    for name in classes.names if classes else _names(kinds):
        yield DatasetLabel(name, name if name.startswith("#") and not classes else None)
    for picture in sorted(found):
        yield from _read_image(source, found[picture], kinds, classes)


def _read_image(
    source: Source, found: list[tuple[Meant, Match]], kinds: Kinds, classes: LabelMap | None
) -> Iterator[Read]:
    first, match = found[0]
    size, objects = None, []
    for each, _ in found:
        try:
            mask = read_mask(source, each.path)
            height, width = mask.numbers.shape
            if size not in (None, (width, height)):
                raise Unreadable(f"a mask of {width} x {height} pixels", "masks of one size for an image")
            size = width, height
            canvas = Canvas(width, height)
            name = _naming(mask, kinds, classes)
            for number, window in painting.take_apart(mask.numbers, kinds.void):
                label = each.label or name(number)
                if label is not None:
                    objects.append(canvas.object(label, window))
        except Unreadable as problem:
            yield FileProblem.of(problem, each.path, "")
    if size:
        split = shapes.split_of(first.path)
        yield DatasetImage("", match.name, *size, "", objects, split, match)


def _naming(mask: Mask, kinds: Kinds, classes: LabelMap | None) -> Callable[[int], str | None]:
    """What its numbers are called. In masks of two values the other one may be in no list."""
    if classes is None:
        return lambda number: _name(mask, number, kinds)
    name = classes.of(mask)
    if not kinds.binary:
        return name

    def listed(number: int) -> str:
        with suppress(Unreadable):
            return name(number) or OBJECT
        return OBJECT

    return listed


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
