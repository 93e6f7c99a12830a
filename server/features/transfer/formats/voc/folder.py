"""Reading Pascal VOC: masks with a palette or colours; polygons or boxes where there are none."""

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from .....domain.runs import Window
from .. import label_map, painting, shapes, values
from ..detection import first, xml_root
from ..label_map import LabelMap
from ..masks.images import Mask, palette, read_mask
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
from ..split import SPLITS
from ..streams.xml_stream import elements

MOST = 254
_VOID = 255
_LARGEST = 16 << 20
_CLASSES = (
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
    "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip


def read(source: Source) -> Iterator[Read]:
    try:
        classes, listed = _classes(source)
    except Unreadable as problem:
        yield FileProblem.of(problem, "labelmap.txt", "")
        return
    if listed:
        for name in classes.names:
            yield DatasetLabel(name)
    splits = _splits(source)
    kinds = _by_stem(source, "SegmentationClass", ".png")
    instances = _by_stem(source, "SegmentationObject", ".png")
    texts = _by_stem(source, "Annotations", ".xml")
    if not kinds and not instances and not texts:
        yield FileProblem("", "", "neither SegmentationClass nor Annotations", "the folders of Pascal VOC")
    for stem in sorted(kinds.keys() | instances.keys() | texts.keys()):
        split = splits.get(stem)
        paths = kinds.get(stem), instances.get(stem), texts.get(stem)
        try:
            yield from _image(source, stem, split, classes, *paths)
        except Unreadable as problem:
            yield FileProblem.of(problem, next(path for path in paths if path), "")


def recognises(source: Source) -> str:
    masks = _by_stem(source, "SegmentationClass", ".png")
    if masks:
        return f"{min(masks.values())} lies in SegmentationClass"
    path = first(source.ending(".xml"), lambda path: xml_root(source, path) == "annotation")
    return f"{path} begins with <annotation>" if path else ""


def _by_stem(source: Source, folder: str, suffix: str) -> dict[str, str]:
    """Path below the folder, without suffix -> path. Of XML without that folder, all there is."""
    found = {}
    paths = source.ending(suffix)
    inside = [path for path in paths if folder in path.split("/")[:-1]]
    for path in inside or (paths if suffix == ".xml" else []):
        parts = path.split("/")
        below = parts[parts.index(folder) + 1 :] if inside else parts
        found["/".join(below).rpartition(".")[0]] = path
    return found


def _classes(source: Source) -> tuple[LabelMap, bool]:
    """And whether a file tells them; VOC's own twenty otherwise. Raises Unreadable."""
    for path in source.ending("labelmap.txt"):
        return label_map.read(source, path), True
    for path in source.ending("class_names.txt"):  # as LabelMe's labelme2voc writes it: the background first
        names = [line.strip() for line in source.text(path, _LARGEST).splitlines() if line.strip()]
        return label_map.by_number([name for name in names if name != "__ignore__"][1:]), True
    return label_map.by_number(_CLASSES), False


def _splits(source: Source) -> dict[str, str]:
    found = {}
    for split in SPLITS:
        for path in source.ending(f"segmentation/{split}.txt", f"main/{split}.txt"):
            with_lines = source.head(path) if len(source.head(path)) < 60_000 else source.text(path, _LARGEST)
            found.update({line.strip(): split for line in with_lines.splitlines() if line.strip()})
    return found


def _image(
    source: Source,
    stem: str,
    split: str | None,
    classes: LabelMap,
    kinds_path: str | None,
    instances_path: str | None,
    text_path: str | None,
) -> Iterator[Read]:
    """Raises Unreadable."""
    file_name = width = height = None
    drawn: list[Element] = []
    if text_path:
        file_name, width, height, drawn = _annotation(source, text_path)
    objects: list[DatasetObject] = []
    path = kinds_path or instances_path
    if path:
        kinds = read_mask(source, kinds_path) if kinds_path else None
        instances = read_mask(source, instances_path) if instances_path else kinds
        assert instances is not None
        if kinds is not None and kinds.numbers.shape != instances.numbers.shape:
            raise Unreadable("class and object masks of different sizes", "two masks of one image")
        height, width = instances.numbers.shape
        canvas = Canvas(width, height)
        label_of = _labels(classes, kinds, by_window=instances is not kinds)
        for value, window in painting.take_apart(instances.numbers, _void(instances, classes)):
            try:
                label = label_of(value, window)
            except Unreadable as problem:
                found = f"{problem.found} ({values.counted(int(window.mask.sum()), 'pixel')})"
                yield FileProblem(path, "", found, problem.expected)
                continue
            if label is not None:
                objects.append(canvas.object(label, window))
    else:
        canvas = Canvas(width, height)
        rectangles = 0
        for number, element in enumerate(drawn, start=1):
            try:
                each, is_box = _drawn(element, canvas)
                objects.append(each)
                rectangles += is_box
                yield from canvas.problems(text_path or "", f"object {number}")
            except Unreadable as problem:
                yield FileProblem.of(problem, text_path or "", f"object {number}")
        if rectangles:
            found = f"{values.counted(rectangles, 'box', 'boxes')} without a mask, taken as rectangles"
            yield FileProblem(text_path or "", "", found, "", note=True)
    match = _match(source, text_path or path or "", file_name)
    split = split or shapes.split_of(stem)
    yield DatasetImage("", match.name, canvas.width, canvas.height, "", objects, split, match)


def _void(mask: Mask, classes: LabelMap) -> int:
    """What borders are painted with: 255, or its colour in VOC's palette where no class has that."""
    if not mask.numbers_are_colors:
        return _VOID
    red, green, blue = color = palette()[_VOID]
    return -1 if color in classes.colors else red << 16 | green << 8 | blue


def _labels(classes: LabelMap, kinds: Mask | None, by_window: bool) -> Callable[[int, Window], str | None]:
    """What an object is, by its number in the mask of classes or, `by_window`, by the class that most of its pixels
    have there. None for the background. It raises Unreadable."""
    if kinds is None:
        return lambda value, window: "object"
    name = classes.of(kinds)
    if not by_window:
        return lambda value, window: name(value)
    void = _void(kinds, classes)

    def under(value: int, window: Window) -> str:
        number = painting.under(kinds.numbers, window, void)
        label = name(number)
        if label is None:
            raise Unreadable(f"an object of class {number}, the background", "an object of a class")
        return label

    return under


def _match(source: Source, path: str, file_name: str | None) -> Match:
    """The image called as the file of masks or boxes, else the one that it names."""
    match = source.match_stem(path)
    if match.picture is None and file_name:
        match = source.match(file_name, path, beside=True)
    return match


def _annotation(source: Source, path: str) -> tuple[str | None, int | None, int | None, list[Element]]:
    """File name, width, height and objects. Raises Unreadable."""
    with source.reading(path) as file:
        found = list(elements(file, "annotation"))
    if not found:
        raise Unreadable("no annotation", "an annotation in XML")
    root = found[0][0]
    try:
        width, height = (int(root.findtext(f"size/{side}") or "") for side in ("width", "height"))
    except ValueError:
        width = height = None
    if not width or not height:
        picture = _match(source, path, root.findtext("filename")).picture
        width, height = (source.size(picture) if picture else None) or (None, None)
    return root.findtext("filename"), width, height, root.findall("object")


def _drawn(element: Element, canvas: Canvas) -> tuple[DatasetObject, bool]:
    """Its polygons, corners of pixels counted from 0; without one its box, pixels counted from 1, and True. Raises
    Unreadable."""
    label = values.text(element.findtext("name"), "name")
    polygons = [corners for each in element.findall("polygon") if len(corners := _corners(each)) > 2]
    if polygons:
        return canvas.object(label, canvas.filled_union([canvas.ring(each) for each in polygons])), False
    sides = ("xmin", "ymin", "xmax", "ymax")
    left, top, right, bottom = (values.number(element.findtext(f"bndbox/{side}")) for side in sides)
    return canvas.object(label, canvas.box(left - 1, top - 1, right, bottom)), True


def _corners(polygon: Element) -> list[list[float]]:
    """Of `<x1><y1><x2><y2>...`, as Roboflow writes it, or of `<pt><x><y></pt>...`, as LabelMe's web page did."""
    points = [(point.findtext("x"), point.findtext("y")) for point in polygon.findall("pt")]
    if not points:
        texts = {child.tag: child.text for child in polygon}
        numbers = sorted(int(tag[1:]) for tag in texts if re.fullmatch(r"x\d{1,6}", tag))
        points = [(texts[f"x{number}"], texts.get(f"y{number}")) for number in numbers]
    return [[values.number(x), values.number(y)] for x, y in points]
