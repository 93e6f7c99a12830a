"""What a dataset says of one object, and what could not be read. The values that pass between these files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Truth:
    """One object as somebody drew it: the ground truth, in pixels of the image frame."""

    name: str  # of the file it is in, with its value or number where the file holds several
    mask: np.ndarray  # bool (H, W), at least one pixel
    undecided: np.ndarray | None  # bool (H, W): counts neither for nor against a mask; None for none
    read_as: str  # how the file was understood
    label: str = ""  # its class, as the file names it


@dataclass(frozen=True)
class Problem:
    """Something that was not evaluated, and why, in a sentence."""

    where: str
    what: str


class Source(Protocol):
    """Where objects of one image are written."""

    @property
    def where(self) -> str: ...

    def read(self, width: int, height: int) -> Iterator[Truth]:
        """The objects in it, for an image of that size. Raises InvalidDataset."""
        ...


@dataclass(frozen=True)
class Picture:
    """An image of the dataset and where its objects are."""

    name: str
    path: Path
    sources: tuple[Source, ...]
