"""Reading LabelMe's JSON, one beside each image, and what X-AnyLabeling writes in the same form.

The image inside the JSON is taken where no file of it is beside.
"""

import base64
import binascii
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from .....domain.runs import Window
from .. import shapes, values
from ..drawing import Drawing
from ..left_out import LeftOut
from ..matching import Match
from ..naming import name_of, stem_of
from ..objects import DatasetImage, FileProblem, Read
from ..shapes import Canvas
from ..source import Source, Unreadable
from ..streams.json_kinds import first_of_kind
from ..streams.json_stream import load

_BROKEN = (
    binascii.Error,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
)
_OUTLINES = ("polygon", "rotation", "quadrilateral", "oriented_rectangle")  # the next two are X-AnyLabeling's
_NO_AREA = ("point", "points", "line", "linestrip", "cuboid")
_KEYS = frozenset({"shapes", "imagePath", "imageData"})
_KNOWN = {*_KEYS, "version", "flags", "imageHeight", "imageWidth", "lineColor", "fillColor"}
_KNOWN_OF_SHAPES = {"label", "points", "shape_type", "mask", "group_id", "flags", "attributes", "description"}
_KNOWN_OF_SHAPES |= {"score", "difficult", "direction", "line_color", "fill_color"}


def read(source: Source) -> Iterator[Read]:
    paths = source.ending(".json")
    if not paths:
        yield FileProblem("", "", "no JSON file", "one for each image")
    left_out, others = LeftOut(), []
    for path in paths:
        try:
            with source.reading(path) as file:
                data = load(file)
            if not isinstance(data, Mapping) or _KEYS.isdisjoint(data):
                others.append(FileProblem(path, "", "not a LabelMe file, left out", "a list of shapes"))
            elif not isinstance(data.get("shapes"), list):
                raise Unreadable("no list of shapes", "a LabelMe file")
            else:
                yield from _image(source, path, data, left_out)
        except Unreadable as problem:
            told, head = FileProblem.of(problem, path, ""), source.head(path)
            if head and not any(f'"{key}"' in head for key in _KEYS):
                others.append(told)
            else:
                yield told
    yield from left_out.problems()
    yield from (replace(each, note=len(others) < len(paths)) for each in others)


def recognises(source: Source) -> str:
    path = first_of_kind(source, "labelme")
    return f"{path} lists shapes" if path else ""


def _image(source: Source, path: str, data: Mapping[str, Any], left_out: LeftOut) -> Iterator[Read]:
    """Raises Unreadable for what concerns all of the file."""
    match = _match(source, path, data.get("imagePath"))
    picture = match.name
    if match.picture is None and data.get("imageData"):
        if source.offer(picture, partial(_inside, source, path)):
            match = Match(picture, picture)
        else:
            yield FileProblem(path, "imageData", "not an image in base64", "what LabelMe writes", note=True)
    width, height = data.get("imageWidth") or None, data.get("imageHeight") or None
    if width is None or height is None:
        width, height = source.size(picture) or (None, None)
    canvas = Canvas(width, height)
    drawing = Drawing(canvas)
    for what in _unknown(data):
        left_out.add(what, path)
    for number, shape in enumerate(data["shapes"], start=1):
        where = f"shape {number}"
        try:
            if not isinstance(shape, Mapping):
                raise Unreadable(values.short(shape), "a shape with label and points")
            kind = shape.get("shape_type") or "polygon"
            if kind in _NO_AREA:
                left_out.add(f"a {kind}", path, where)
                continue
            label = values.text(shape.get("label"), "label")
            window = _window(kind, shape, canvas)
            group = _group(shape.get("group_id"), canvas)
            score = canvas.scores(predicted_iou=shape.get("score"))
            drawing.add(label, window, _attributes(shape), score, group)
            for name in sorted(shape.keys() - _KNOWN_OF_SHAPES):
                if shape[name]:
                    left_out.add(f"{values.short(name)} of a shape", path, where)
            yield from canvas.problems(path, where)
        except Unreadable as problem:
            yield canvas.refused(problem, path, where)
    split = shapes.split_of(path)
    yield DatasetImage("", picture, canvas.width, canvas.height, "", drawing.objects(), split, match)


def _match(source: Source, path: str, name: Any) -> Match:
    """The image that a file names, else the one that is called as the file; without one, where it would lie."""
    match = source.match(name, path, beside=True) if isinstance(name, str) and name.strip() else None
    if match is None or match.picture is None:
        same = source.match_stem(path)
        match = match if match and same.picture is None else same
    if match.picture is None:
        file_name = name_of(name.replace("\\", "/")) if isinstance(name, str) else ""
        beside = "/".join(filter(None, (path.rpartition("/")[0], file_name or f"{stem_of(path)}.jpg")))
        match = replace(match, name=beside)
    return match


def _unknown(data: Mapping[str, Any]) -> Iterator[str]:
    """What a file says of the whole image, for which there is no place."""
    flags = data.get("flags")
    if isinstance(flags, Mapping):
        yield from (f"the image's flag {values.short(name)}" for name, value in flags.items() if value)
    yield from (f"{values.short(name)} of the image" for name in sorted(data.keys() - _KNOWN) if data[name])


def _attributes(shape: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: shape[name] for name in ("description", "difficult") if shape.get(name)}
    return (
        values.attributes(said)
        | values.attributes(shape.get("flags"))
        | values.attributes(shape.get("attributes"))
    )


def _group(value: Any, canvas: Canvas) -> int | str | None:
    try:
        return None if value in (None, "") else values.identity(value)
    except Unreadable:
        canvas.notes.append((f"the group {values.short(value)}, left out", "a number"))
        return None


def _inside(source: Source, path: str) -> BinaryIO:
    """The image in a file's "imageData". Raises OSError."""
    try:
        with source.reading(path) as file:
            return io.BytesIO(_decoded(load(file)["imageData"]))
    except (Unreadable, TypeError, ValueError) as error:
        raise OSError("The image inside this file cannot be read") from error


def _decoded(data: Any) -> bytes:
    """Base64, also behind a data address and in lines. Raises ValueError."""
    text = data.rpartition(",")[2] if isinstance(data, str) else ""
    return base64.b64decode("".join(text.split()), validate=True)


def _window(kind: Any, shape: Mapping[str, Any], canvas: Canvas) -> Window:
    points = shape.get("points")
    if not isinstance(points, list) or not all(isinstance(one, list) and len(one) == 2 for one in points):
        raise Unreadable("points that are not pairs of numbers", "x and y of each point")
    if kind in _OUTLINES:
        return canvas.filled([canvas.ring(points)])
    if kind not in ("rectangle", "circle", "mask"):
        raise Unreadable(f"the shape type {values.short(kind)}", "polygon, rectangle, circle or mask")
    if kind == "rectangle" and len(points) == 4:
        return canvas.filled([canvas.ring(points)])
    if len(points) != 2:
        found = f"a {kind} of {values.counted(len(points), 'point')}"
        raise Unreadable(found, "two points", note=len(points) < 2)
    (x0, y0), (x1, y1) = ([values.number(value) for value in point] for point in points)
    if kind == "rectangle":
        return canvas.box(x0, y0, x1, y1)
    if kind == "circle":
        radius = float(np.hypot(x1 - x0, y1 - y0))
        return canvas.ellipse(x0, y0, radius, radius)
    return _mask(shape.get("mask"), canvas, x0, y0, x1, y1)


def _mask(data: Any, canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> Window:
    """A PNG between two corners, both within it."""
    try:
        file = io.BytesIO(_decoded(data))
        with Image.open(file, formats=["PNG"]) as image:
            if image.width * image.height > canvas.width * canvas.height:
                raise Unreadable("a mask larger than the image", "one as large as the box between its points")
            mask = np.asarray(image.convert("L") if image.mode not in ("1", "L", "I", "I;16") else image) > 0
    except _BROKEN as error:
        raise Unreadable("a mask that is no PNG in base64", "what LabelMe writes") from error
    left, top = int(min(x0, x1)), int(min(y0, y1))
    if mask.shape != (int(max(y0, y1)) - top + 1, int(max(x0, x1)) - left + 1):
        raise Unreadable(
            f"a mask of {mask.shape[1]} x {mask.shape[0]} pixels", "the size of the box of its points"
        )
    return shapes.painted(Window(mask, left, top))
