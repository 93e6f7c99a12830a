"""Reading CVAT's XML 1.1: for images, image by image, and for videos, whose tracks are put together frame by frame."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from .....domain.runs import Window
from .. import values
from ..detection import first, xml_root
from ..drawing import Drawing
from ..left_out import LeftOut
from ..objects import (
    DatasetImage,
    DatasetLabel,
    DatasetObject,
    FileProblem,
    Read,
)
from ..shapes import Canvas, painted
from ..source import Source, Unreadable
from ..split import SPLITS
from ..streams.spool import Spool
from ..streams.xml_stream import elements
from .video import TRACK, Tracks

_TYPES = {"select": "choice", "radio": "choice", "number": "number", "checkbox": "flag", "text": "text"}
_NO_AREA = ("polyline", "points", "cuboid", "skeleton", "tag")
OCCLUDED = "occluded"
"""The attribute, a flag, that CVAT keeps for every object, whatever its label."""
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".xml")
    if not paths:
        yield FileProblem("", "", "no XML file", "CVAT for images 1.1")
    left_out, others = LeftOut(), []
    for path in paths:
        if "<annotations" not in (source.head(path) or "<annotations"):
            others.append(path)
            continue
        try:
            with Spool() as spool, source.reading(path) as file:
                reading = _File(source, path, left_out, spool)
                for element, line in elements(file, "label", "original_size", "image", "track"):
                    yield from reading.element(element, line)
                yield from reading.tracks.images()
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")
    yield from left_out.problems()
    for path in others:
        yield FileProblem(
            path, "", "no <annotations>, file left out", "CVAT for images 1.1", note=len(others) < len(paths)
        )


def recognises(source: Source) -> str:
    path = first(source.ending(".xml"), lambda path: xml_root(source, path) == "annotations")
    return f"{path} begins with <annotations>" if path else ""


class _File:
    """One file: the labels that it defines, then its images."""

    def __init__(self, source: Source, path: str, left_out: LeftOut, spool: Spool) -> None:
        self._source, self._path, self._left_out = source, path, left_out
        self._types: dict[str, dict[str, str]] = {}  # label -> attribute -> type
        self.tracks = Tracks(source, path, spool, self._tracked)

    def element(self, element: Element, line: int) -> Iterator[Read]:
        try:
            if element.tag == "track":
                yield from self.tracks.add(element, line)
            elif element.tag == "image":
                yield from self._image(element, line)
            elif element.tag == "original_size":
                self.tracks.size = element.findtext("width"), element.findtext("height")
            elif element.find("parent") is None:  # a part of a skeleton is no label of objects
                label = _defined(element)
                self._types[label.name] = {one["name"]: one["type"] for one in label.attributes}
                yield label
        except Unreadable as problem:
            yield FileProblem.of(problem, self._path, f"line {line}")

    def _image(self, element: Element, line: int) -> Iterator[Read]:
        """Raises Unreadable for what concerns all of it."""
        name = values.text(element.get("name"), "name")
        match = self._source.match(name, self._path)
        subset = element.get("subset") or ""
        if match.picture is None and subset:  # a project's images, which only their subsets tell apart
            in_subset = self._source.match(f"{subset}/{name}", self._path)
            match = in_subset if in_subset.picture else match
        size = element.get("width"), element.get("height")
        canvas = Canvas(*(size if all(size) else self._source.size(match.name) or size))
        where = f"image {element.get('id') or name} (line {line})"
        drawing = Drawing(canvas)
        for number, shape in enumerate(element, start=1):
            place = f"{where}, {shape.tag[:40]} {number}"
            if shape.tag in _NO_AREA:
                self._left_out.add(f"a {shape.tag}", self._path, place)
                continue
            try:
                label = self._label(shape)
                group = shape.get("group_id", "").strip()
                drawing.add(
                    label,
                    _window(shape, canvas),
                    _attributes(shape, self._types.get(label, {}), canvas),
                    group=None if group in ("", "0") else group,
                    depth=_depth(shape, canvas),
                )
                yield from canvas.problems(self._path, place)
            except Unreadable as problem:
                yield canvas.refused(problem, self._path, place)
        split = subset.lower() if subset.lower() in SPLITS else None
        yield DatasetImage("", match.name, canvas.width, canvas.height, "", drawing.objects(), split, match)

    def _tracked(self, track: Element, shape: Element, canvas: Canvas) -> DatasetObject:
        """Raises Unreadable."""
        if shape.tag in _NO_AREA:
            raise Unreadable(f"a {shape.tag}", "", note=True)
        label = self._label(track)
        given = _attributes(shape, self._types.get(label, {}), canvas)
        number = track.get("id", "")
        given |= {TRACK: int(number)} if number.isdecimal() and len(number) < 10 else {}
        return canvas.object(label, _window(shape, canvas), given)

    def _label(self, element: Element) -> str:
        """Raises Unreadable."""
        label = values.text(element.get("label"), "label")
        if self._types and label not in self._types:
            raise Unreadable(
                f"the label {values.short(label)}", f"one of the {len(self._types)} that are defined"
            )
        return label


def _defined(element: Element) -> DatasetLabel:
    """Raises Unreadable."""
    name = values.text(element.findtext("name"), "the name of a label")
    color = (element.findtext("color") or "").lower()
    listed = [_definition(one) for one in element.findall("attributes/attribute")]
    known = {one["name"]: one for one in reversed(listed) if one["name"].strip()}  # the first of each name
    return DatasetLabel(name, color if _COLOR.fullmatch(color) else None, tuple(reversed(known.values())))


def _definition(element: Element) -> dict[str, Any]:
    """Of an attribute; a choice of nothing is a text."""
    kind = _TYPES.get((element.findtext("input_type") or "").lower(), "text")
    listed = (element.findtext("values") or "").split("\n") if kind == "choice" else []
    choices = [each for each in dict.fromkeys(listed) if each.strip()]
    kind = "text" if kind == "choice" and not choices else kind
    return {"name": element.findtext("name") or "", "type": kind, "required": False, "choices": choices}


def _window(shape: Element, canvas: Canvas) -> Window:
    """Raises Unreadable."""
    given = shape.attrib
    if shape.tag == "mask":
        return _mask(given, canvas)
    if shape.tag == "polygon":
        pairs = [pair.split(",") for pair in given.get("points", "").split(";") if pair.strip()]
        return canvas.filled([canvas.ring(pairs)])
    if shape.tag == "box":
        sides = (given.get(side) for side in ("xtl", "ytl", "xbr", "ybr"))
        return canvas.box(*sides, rotation=given.get("rotation") or 0)
    if shape.tag == "ellipse":
        radii = (given.get(side) for side in ("cx", "cy", "rx", "ry"))
        return canvas.ellipse(*radii, rotation=given.get("rotation") or 0)
    raise Unreadable(f"the element {shape.tag[:40]}", "mask, polygon, box or ellipse")


def _mask(given: Mapping[str, str], canvas: Canvas) -> Window:
    left, top, width, height = (values.whole(given.get(side)) for side in ("left", "top", "width", "height"))
    if not (0 < width <= canvas.width and 0 < height <= canvas.height):
        raise Unreadable(f"a mask of {width} x {height} pixels", "one no larger than the image")
    runs = canvas.runs([run for run in given.get("rle", "").split(",") if run.strip()], width * height)
    inside = np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(height, width)
    return painted(Window(inside, left, top))


def _attributes(shape: Element, types: dict[str, str], canvas: Canvas) -> dict[str, Any]:
    """Values by the types that the label's definition gives them, as text where they are none of that type."""
    found: dict[str, Any] = {OCCLUDED: True} if shape.get("occluded") == "1" else {}
    for one in shape.findall("attribute"):
        name, text = one.get("name") or "", one.text or ""
        read = _READ.get(types.get(name, "text"), str)
        if not name.strip() or (read is _number and not text.strip()):
            continue
        try:
            found[name] = read(text)
        except Unreadable as problem:
            canvas.notes.append((f"the attribute {values.short(name)}: {problem.found}", problem.expected))
            found[name] = text
    return found


def _number(text: str) -> float:
    value = values.number(text)
    return int(value) if value.is_integer() else value


def _depth(shape: Element, canvas: Canvas) -> int:
    try:
        return values.whole(shape.get("z_order") or 0)
    except Unreadable as problem:
        canvas.notes.append((f"z_order: {problem.found}, taken as 0", problem.expected))
        return 0


_READ = {"number": _number, "flag": values.truth}
