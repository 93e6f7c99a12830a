"""What formats are given and give back: labels, images and their masks, problems and losses. Plain values only."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .matching import Match
from .source import Source, Unreadable

Piece = tuple[str, bytes]
"""A part of one file: its path, with "/", and bytes to append to it. A file's pieces follow one another."""

CROWD = "iscrowd"
"""The attribute, a flag, of an object that stands for many that were not told apart."""


@dataclass(frozen=True)
class DatasetLabel:
    """One class. attributes: `{"name", "type": "text"|"number"|"choice"|"flag", "required", "choices"}` each.

    `source_id` and `supercategory` are the class's number and group in the files it came with.
    """

    name: str
    color: str | None = None  # "#rrggbb"
    attributes: tuple[dict[str, Any], ...] = ()
    source_id: int | None = None
    supercategory: str = ""


@dataclass(frozen=True)
class DatasetObject:
    """One mask. `counts`: compressed COCO RLE, image frame; bbox: [x, y, width, height] in pixels.

    `attributes` are the label's; `details` what Samphire knows besides (id, color, prompts, predicted_iou, ...). A
    reader puts there what the file says under these names, unchecked.
    """

    label: str
    counts: str
    area: int
    bbox: list[int]
    attributes: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DatasetImage:
    """One image and its objects, in the order they lie upon each other. width, height: pixels of the image frame.

    A reader leaves `id` and `created_at` empty where the file says nothing, and tells in `match` which image of the
    source is meant. `split`: "train", "val", "test" or None.
    """

    id: str
    file_name: str
    width: int
    height: int
    created_at: str
    objects: list[DatasetObject]
    split: str | None = None
    match: Match | None = field(default=None, compare=False)


@dataclass(frozen=True)
class FileProblem:
    """Something in a file that is not as it should be. `where`: "line 3", "annotation 17", or empty for all of it.

    `note`: told, and refuses nothing: what it concerns was read as near as could be (clipped to the image, say), or
    could never have been a mask and was left out. Otherwise it is an error, which refuses the dataset unless the person
    said to keep going. `missing`: the image that it speaks of is not there, which a person may say to skip.
    """

    file: str
    where: str
    found: str
    expected: str
    note: bool = False
    missing: bool = False

    @classmethod
    def of(cls, error: Unreadable, file: str, where: str) -> "FileProblem":
        return cls(file, where, error.found, error.expected, error.note)

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.file, self.where)))
        said = f"{self.found}; expected {self.expected}." if self.expected else f"{self.found}."
        return f"{place}: {said}" if place else said


@dataclass(frozen=True)
class Loss:
    """What a format cannot carry: of one annotation, or of the image when `annotation` is None.

    `kind`, to count by: "holes", "parts", "attributes", "score", "name", "prompts",
    "label" or "pixels"; `what`: a sentence.
    """

    image: str
    annotation: str | None
    kind: str
    what: str


Read = DatasetLabel | DatasetImage | FileProblem


@dataclass(frozen=True)
class Format:
    """One format, both ways.

    `write(labels, images)` yields pieces; images come with names that are theirs alone and safe as paths
    (`dataset.write`), `labels` are all labels in them, in order. `read(source)` yields labels, images and problems as
    they are met; it raises nothing for what a file holds. `recognises(source)` tells which file is in the format and
    why ("a.json lists shapes"), or "".
    `losses(image, object)` tells kind and sentence of what of the object will not be in the file.
    """

    title: str
    content_type: str
    extension: str  # of the file that holds it: "zip" when it is several
    write: Callable[[Sequence[DatasetLabel], Iterable[DatasetImage]], Iterator[Piece]]
    read: Callable[[Source], Iterator[Read]]
    losses: Callable[[DatasetImage, DatasetObject], Iterator[tuple[str, str]]]
    recognises: Callable[[Source], str]
    several: bool = False  # files, of which each image has its own
    pictures: str = "images"  # folder pictures are put into beside it
    pictures_by_split: bool = True  # whether there is a folder for each split in it
    mirrors_pictures: bool = False  # readers find its files by the pictures' paths
    named: Callable[[str | None], str] | None = (
        None  # the one file of a split, among several; None: as it is alone
    )
    reads: bool = True  # False: what it writes holds no masks to read back
    vague: bool = False  # recognised by its folders alone, and so only where no other format is
    keeps_details: bool = False  # whether all details of an object are in its files
    most_labels: int | None = None  # objects of the labels behind these are left out
