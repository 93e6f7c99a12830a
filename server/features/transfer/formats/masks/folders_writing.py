"""Writing plain folders of masks: images/ and masks/ with the same names. See `mask_folders` for reading them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from .. import label_map, painting, shapes
from ..objects import DatasetImage, DatasetLabel, DatasetObject, Format, Piece
from .folders import OBJECT, read
from .images import Color, palette, write_colors, write_png

_MOST = 254  # labels: a number of 8 bits each, without the background and the border
Paint = Callable[[np.ndarray, list[Color]], bytes]


def write(paint: Paint, labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    """A mask an image, of the numbers or the colours of labels; labelmap.txt tells them."""
    numbers = {label.name: number for number, label in enumerate(labels[:_MOST], start=1)}
    colors = _colors(labels[:_MOST])
    for image in images:
        yield (
            _path(image),
            paint(painting.paint(image, [numbers.get(each.label, 0) for each in image.objects]), colors),
        )
    yield "labelmap.txt", label_map.write([label_map.BACKGROUND, *numbers], colors).encode()


def write_binary(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    """255 where there is an object."""
    for image in images:
        covered = painting.paint(image, [255] * len(image.objects))
        yield _path(image), write_png(covered.astype(np.uint8))


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    if any(other.label == each.label for other in image.objects if other is not each):
        yield "parts", "joined with the other objects of its label"
    kept = [other for other in image.objects if other is each or other.label != each.label]
    yield from painting.losses(replace(image, objects=kept), each, len(kept))


def _losses_of_binary(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    if each.label != OBJECT:
        yield "label", "no labels: one mask of all objects"
    if len(image.objects) > 1:
        yield "parts", "joined with the other objects"
    yield from shapes.without(each, "attributes", "score", "prompts")


def _path(image: DatasetImage) -> str:
    stem = image.file_name.rpartition(".")[0] or image.file_name
    return "/".join(filter(None, ("masks", image.split, f"{stem}.png")))


def _colors(labels: Sequence[DatasetLabel]) -> list[Color]:
    """Black, then the labels' own colours; of those without one, or with one that is taken, one of VOC's palette."""
    colors = [palette()[0]]
    wanted = {_rgb(label.color) for label in labels}
    free = (color for color in palette()[1:] if color not in wanted)
    for label in labels:
        own = _rgb(label.color)
        colors.append(own if own and own not in colors else next(free))
    return colors


def _rgb(color: str | None) -> Color | None:
    if not color:
        return None
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue


BINARY = Format(
    "Mask folder, two values",
    "application/zip",
    "zip",
    write_binary,
    read,
    _losses_of_binary,
    lambda source: "",  # masks-png reads all
    several=True,
)
INDEX = Format(
    "Mask folder, class numbers",
    "application/zip",
    "zip",
    partial(write, write_png),
    read,
    losses,
    lambda source: "",
    several=True,
    most_labels=_MOST,
)
COLOR = Format(
    "Mask folder, colours",
    "application/zip",
    "zip",
    partial(write, write_colors),
    read,
    losses,
    lambda source: "",
    several=True,
    most_labels=_MOST,
)
