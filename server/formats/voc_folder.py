"""Reading Pascal VOC: masks with a palette, boxes where there are none, and the names of classes."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import numpy as np

from server.domain.runs import Window
from server.formats import painting, shapes
from server.formats.mask_images import read_numbers
from server.formats.matching import Match
from server.formats.objects import DatasetImage, DatasetLabel, DatasetObject, FileProblem, Read
from server.formats.shapes import Canvas
from server.formats.source import Source, Unreadable
from server.formats.split import SPLITS
from server.formats.xml_stream import elements

BACKGROUND = "background"
MOST = 254
_VOID = 255
_LARGEST = 16 << 20
_CLASSES = (
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
    "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip


def read(source: Source) -> Iterator[Read]:
    try:
        names, listed = _names(source)
    except Unreadable as problem:
        yield FileProblem.of(problem, "labelmap.txt", "")
        return
    if listed:
        for name in names.values():
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
            yield from _image(source, stem, split, names, *paths)
        except Unreadable as problem:
            yield FileProblem.of(problem, next(path for path in paths if path), "")


def recognises(source: Source) -> bool:
    masks = _by_stem(source, "SegmentationClass", ".png")
    texts = _by_stem(source, "Annotations", ".xml") or {path: path for path in source.ending(".xml")[:5]}
    return bool(masks) or any("<annotation" in source.head(path)[:400] and "<annotations" not in
                              source.head(path)[:400] for path in list(texts.values())[:5])  # fmt: skip


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


def _names(source: Source) -> tuple[dict[int, str], bool]:
    """Names by number, and whether a file tells them; VOC's own twenty otherwise. Raises Unreadable."""
    for path in source.ending("labelmap.txt"):
        lines = source.text(path, _LARGEST).splitlines()
        lines = [line for line in lines if line.strip() and not line.startswith("# label:")]
        names = [line.rsplit(":", 3)[0] for line in lines]
        if names and not all(line.count(":") >= 3 for line in lines):
            raise Unreadable("a line without three colons", "label:color_rgb:parts:actions")
        start = 0 if names[:1] == [BACKGROUND] else 1
        return {number: name for number, name in enumerate(names, start) if number}, True
    for path in source.ending("class_names.txt"):  # as LabelMe's labelme2voc writes it
        names = [line.strip() for line in source.text(path, _LARGEST).splitlines() if line.strip()]
        names = [name for name in names if name != "__ignore__"]
        return {number: name for number, name in enumerate(names) if number}, True
    return dict(enumerate(_CLASSES, start=1)), False


def _splits(source: Source) -> dict[str, str]:
    found = {}
    for split in SPLITS:
        for path in source.ending(f"segmentation/{split}.txt"):
            with_lines = source.head(path) if len(source.head(path)) < 60_000 else source.text(path, _LARGEST)
            found.update({line.strip(): split for line in with_lines.splitlines() if line.strip()})
    return found


def _image(
    source: Source,
    stem: str,
    split: str | None,
    names: dict[int, str],
    kinds_path: str | None,
    instances_path: str | None,
    text_path: str | None,
) -> Iterator[Read]:
    """Raises Unreadable."""
    file_name = width = height = None
    boxes: list[Element] = []
    if text_path:
        file_name, width, height, boxes = _annotation(source, text_path)
    objects: list[DatasetObject] = []
    path = kinds_path or instances_path
    if path:
        kinds = read_numbers(source, kinds_path) if kinds_path else None
        instances = read_numbers(source, instances_path) if instances_path else kinds
        assert instances is not None
        if kinds is not None and kinds.shape != instances.shape:
            raise Unreadable("class and object masks of different sizes", "two masks of one picture")
        height, width = instances.shape
        canvas = Canvas(width, height)
        for value, window in painting.take_apart(instances, _VOID):
            number = value if kinds is not None and instances_path is None else _under(kinds, window)
            if number is not None and number not in names:
                found = f"class {number} ({window.mask.sum()} pixels)"
                yield FileProblem(path, "", found, f"one of the {len(names)} classes")
            else:
                label = "object" if number is None else names[number]
                objects.append(canvas.object(label, window))
    else:
        canvas = Canvas(width, height)
        for number, element in enumerate(boxes, start=1):
            try:
                objects.append(_boxed(element, canvas))
                yield from canvas.problems(text_path or "", f"object {number}")
            except Unreadable as problem:
                yield FileProblem.of(problem, text_path or "", f"object {number}")
        if boxes:
            found = f"{shapes.counted(len(boxes), 'box', 'boxes')} without a mask, taken as rectangles"
            yield FileProblem(text_path or "", "", found, "", note=True)
    match = _match(source, text_path or path or "", file_name)
    split = split or shapes.split_of(stem)
    yield DatasetImage("", match.name, canvas.width, canvas.height, "", objects, split, match)


def _under(kinds: np.ndarray | None, window: Window) -> int | None:
    """The class that most of an object's pixels have."""
    if kinds is None:
        return None
    rows, columns = window.mask.shape
    under = kinds[window.y : window.y + rows, window.x : window.x + columns][window.mask]
    values, counts = np.unique(under[under != _VOID], return_counts=True)
    return int(values[np.argmax(counts)]) if len(values) else 0


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


def _boxed(element: Element, canvas: Canvas) -> DatasetObject:
    label = shapes.text(element.findtext("name"), "name")
    sides = ("xmin", "ymin", "xmax", "ymax")
    left, top, right, bottom = (shapes.number(element.findtext(f"bndbox/{side}")) for side in sides)
    return canvas.object(label, canvas.box(left - 1, top - 1, right, bottom))
