"""What a format is given, and what it is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ExportedObject:
    """One mask. `counts`: compressed COCO RLE, image frame; bbox: [x, y, width, height] in pixels."""

    label: str
    counts: str
    area: int
    bbox: list[int]
    details: dict[str, Any]


@dataclass(frozen=True)
class ExportedImage:
    """One image and its masks, in the order they were made. width, height: pixels of the image frame."""

    id: str
    file_name: str
    width: int
    height: int
    created_at: str
    objects: list[ExportedObject]


@dataclass(frozen=True)
class ExportFormat:
    """`write(labels, images)` yields the file in pieces; `labels` are all labels in the images, in order."""

    title: str
    content_type: str
    extension: str
    write: Callable[[list[str], Iterable[ExportedImage]], Iterator[str]]
