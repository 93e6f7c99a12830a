"""Reading CVAT's XML for images 1.1, image by image. Tracks, a video's, are not read."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from server.domain.runs import Window, union
from server.formats import shapes
from server.formats.objects import DatasetImage, DatasetLabel, FileProblem, Read
from server.formats.shapes import Canvas
from server.formats.source import Source, Unreadable
from server.formats.split import SPLITS
from server.formats.xml_stream import elements

_TYPES = {"select": "choice", "radio": "choice", "number": "number", "checkbox": "flag", "text": "text"}
_NO_AREA = ("polyline", "points", "cuboid", "skeleton", "tag")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
Types = dict[str, dict[str, str]]  # label -> attribute -> type


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".xml")
    if not paths:
        yield FileProblem("", "", "no XML file", "CVAT for images 1.1")
    for path in paths:
        types: Types = {}
        try:
            with source.reading(path) as file:
                for element, line in elements(file, "label", "image", "track"):
                    if element.tag == "label":
                        label = _label(element)
                        types[label.name] = {one["name"]: one["type"] for one in label.attributes}
                        yield label
                    elif element.tag == "image":
                        yield from _image(source, path, element, line, types)
                    else:
                        found = "a track, which is of a video"
                        yield FileProblem(path, f"line {line}", found, "CVAT for images 1.1")
            if "<annotations" not in source.head(path):
                yield FileProblem(path, "", "no <annotations>", "CVAT for images 1.1")
        except Unreadable as problem:
            yield FileProblem.of(problem, path, "")


def recognises(source: Source) -> bool:
    return any("<annotations" in source.head(path)[:1000] for path in source.ending(".xml")[:20])


def _label(element: Element) -> DatasetLabel:
    name = shapes.text(element.findtext("name"), "name")
    color = (element.findtext("color") or "").lower()
    listed = []
    for one in element.findall("attributes/attribute"):
        kind = _TYPES.get((one.findtext("input_type") or "text").lower(), "text")
        choices = (one.findtext("values") or "").split("\n") if kind == "choice" else []
        attribute = {"name": one.findtext("name") or "", "type": kind, "required": False, "choices": choices}
        listed.append(attribute)
    return DatasetLabel(name, color if _COLOR.fullmatch(color) else None, tuple(listed))


def _image(source: Source, path: str, element: Element, line: int, types: Types) -> Iterator[Read]:
    where = f"line {line}"
    try:
        name = shapes.text(element.get("name"), "name")
        canvas = Canvas(_whole(element.get("width")), _whole(element.get("height")))
    except Unreadable as problem:
        yield FileProblem.of(problem, path, where)
        return
    where = f"image {element.get('id') or name} (line {line})"
    groups: dict[Any, int] = {}
    found: list[tuple[int, str, list[Window], dict[str, Any]]] = []
    for number, shape in enumerate(element, start=1):
        place = f"{where}, {shape.tag} {number}"
        try:
            label = shapes.text(shape.get("label"), "label")
            if types and label not in types:
                raise Unreadable(
                    f"the label {shapes.short(label)}", f"one of the {len(types)} that are defined"
                )
            window = _window(shape, canvas)
            if not window.mask.any():
                raise Unreadable("an object without a pixel in the picture", "one that covers at least one")
            group = shape.get("group_id", "0")
            key = number if group in ("", "0") else (label, group)
            if key in groups:
                found[groups[key]][2].append(window)
            else:
                groups[key] = len(found)
                depth = _whole(shape.get("z_order", "0"))
                found.append((depth, label, [window], _attributes(shape, types.get(label, {}))))
            yield from canvas.problems(path, place)
        except Unreadable as problem:
            yield FileProblem.of(problem, path, place)
    found.sort(key=lambda one: one[0])
    objects = [canvas.object(label, union(windows), given) for _, label, windows, given in found]
    subset = (element.get("subset") or "").lower()
    split = subset if subset in SPLITS else None
    match = source.match(name, path)
    yield DatasetImage("", match.name, canvas.width, canvas.height, "", objects, split, match)


def _window(shape: Element, canvas: Canvas) -> Window:
    given = shape.attrib
    if shape.tag == "mask":
        return _mask(given, canvas)
    if shape.tag == "polygon":
        pairs = [pair.split(",") for pair in given.get("points", "").split(";") if pair.strip()]
        return canvas.filled([canvas.ring(pairs)])
    if shape.tag == "box":
        sides = (given.get(side) for side in ("xtl", "ytl", "xbr", "ybr"))
        return canvas.box(*sides, rotation=given.get("rotation", 0))
    if shape.tag == "ellipse":
        radii = (given.get(side) for side in ("cx", "cy", "rx", "ry"))
        return canvas.ellipse(*radii, rotation=given.get("rotation", 0))
    kinds = "mask, polygon, box or ellipse"
    if shape.tag in _NO_AREA:
        raise Unreadable(f"a {shape.tag}, which covers no area", kinds)
    raise Unreadable(f"the element {shape.tag[:40]}", kinds)


def _mask(given: Mapping[str, str], canvas: Canvas) -> Window:
    left, top, width, height = (_whole(given.get(side)) for side in ("left", "top", "width", "height"))
    if not (0 < width <= canvas.width and 0 < height <= canvas.height):
        raise Unreadable(f"a mask of {width} x {height} pixels", "one no larger than the picture")
    if not (abs(left) <= canvas.width and abs(top) <= canvas.height):
        raise Unreadable(f"a mask at {left}, {top}", "one in the picture")
    runs = canvas.runs([_whole(run) for run in given.get("rle", "").split(",")], width * height)
    inside = np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(height, width)
    return Window(inside, left, top)


def _attributes(shape: Element, types: dict[str, str]) -> dict[str, Any]:
    """Values by the types that the label's definition gives them; text otherwise."""
    found: dict[str, Any] = {}
    for one in shape.findall("attribute"):
        name, text = one.get("name") or "", one.text or ""
        kind = types.get(name, "text")
        if kind == "flag":
            found[name] = text.strip().lower() == "true"
        elif kind == "number":
            value = shapes.number(text)
            found[name] = int(value) if value == int(value) else value
        else:
            found[name] = text
    return found


def _whole(text: str | None) -> int:
    """Raises Unreadable."""
    try:
        if text is None or len(text) > 20:
            raise ValueError
        return int(text)
    except ValueError as error:
        raise Unreadable(f"{shapes.short(text)} where a number should be", "a whole number") from error
