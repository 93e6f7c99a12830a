"""YOLO's text files: one a picture, one row an object, `class x1 y1 x2 y2 ...` or `class x y width height` in parts of
the picture's width and height.

Written as ultralytics reads them: images/, labels/ and data.yaml. A row is one outline: holes and further parts are
joined to it by lines of no width, which our reader, filling by the even-odd rule, undoes to the pixel.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from .....domain import rings
from .....domain.outlines import lean_outline
from .. import shapes, values
from ..objects import DatasetImage, DatasetLabel, DatasetObject, Format, Piece
from ..split import SPLITS
from .names import write_names
from .reading import read, recognises

Numbers = Callable[[DatasetImage, DatasetObject], list[float]]  # of a row, in pixels: x and y in turn


def write(
    task: str, numbers: Numbers, labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]
) -> Iterator[Piece]:
    """`task`: what ultralytics calls models that learn from such rows; our reader knows the rows by it."""
    classes = {label.name: number for number, label in enumerate(labels)}
    splits: set[str | None] = set()
    for image in images:
        splits.add(image.split)
        stem = image.file_name.rpartition(".")[0] or image.file_name
        path = "/".join(filter(None, ("labels", image.split, f"{stem}.txt")))
        rows = (_row(classes[each.label], image, numbers(image, each)) for each in image.objects)
        yield path, "".join(rows).encode("ascii")
    head = "".join(f"{key}: {value}\n" for key, value in [*_folders(splits).items(), ("task", task)])
    yield "data.yaml", (head + write_names([label.name for label in labels])).encode()


def _folders(splits: set[str | None]) -> dict[str, str]:
    """Those there are. Training wants two, so what has no part for training or validation takes another for it."""
    if splits <= {None}:
        return {"train": "images", "val": "images"}
    there = [split for split in SPLITS if split in splits]
    wanted = {"train": there[0], "val": "val" if "val" in there else there[0]} | {one: one for one in there}
    return {key: f"images/{split}" for key, split in wanted.items()}


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    found = shapes.parts(each, image)
    holes = sum(len(part.holes) for part in found)
    joined = "joined to the outline: programs that paint outlines show a line there"
    if holes:
        yield "holes", f"{values.counted(holes, 'hole')} {joined}"
    if len(found) > 1:
        yield "parts", f"{len(found)} parts {joined}"
    yield from shapes.without(each, "attributes", "score", "prompts")


def _losses_of_boxes(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    *_, width, height = each.bbox
    if each.area < width * height:
        yield "pixels", "no mask: only its box"
    yield from shapes.without(each, "attributes", "score", "prompts")


def _outline(image: DatasetImage, each: DatasetObject) -> list[float]:
    found = [ring for part in lean_outline(shapes.pixels(each, image)) for ring in part.rings]
    return rings.join(found).reshape(-1).tolist()


def _box(image: DatasetImage, each: DatasetObject) -> list[float]:
    x, y, width, height = each.bbox
    return [x + width / 2, y + height / 2, width, height]


def _row(number: int, image: DatasetImage, numbers: list[float]) -> str:
    """Parts of the sides without exponents, which not all readers know; a millionth of a side is less than a pixel."""
    sides = (image.width, image.height)
    parts = (f"{value / sides[place % 2]:.7f}".rstrip("0").rstrip(".") for place, value in enumerate(numbers))
    return f"{number} {' '.join(parts)}\n"


FORMAT = Format(
    "YOLO segmentation",
    "application/zip",
    "zip",
    partial(write, "segment", _outline),
    read,
    losses,
    recognises,
    several=True,
    mirrors_pictures=True,
)
BOXES = Format(
    "YOLO detection (boxes)",
    "application/zip",
    "zip",
    partial(write, "detect", _box),
    read,
    _losses_of_boxes,
    lambda source: "",  # the first reads both
    several=True,
    mirrors_pictures=True,
)
