"""Objects in YOLO's text files of outlines: a row is a class and corners, in parts of the image's sides.

Trusts nothing in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import InvalidDataset
from .coco_file import from_polygons
from .truth import Truth

READ_AS = "YOLO outlines"
SUFFIXES = frozenset({".txt"})


@dataclass(frozen=True)
class LabelRow:
    """One object: a line of a file."""

    where: str
    text: str

    def read(self, width: int, height: int) -> Iterator[Truth]:
        """Raises InvalidDataset."""
        try:
            corners = [float(field) for field in self.text.split()[1:]]
        except ValueError:
            raise InvalidDataset("The row has something that is no number.") from None
        if len(corners) < 6 or len(corners) % 2:
            raise InvalidDataset("The row must be a class and at least three corners, x and y in turn.")
        outline = (np.reshape(corners, (-1, 2)) * (width, height)).ravel().tolist()
        mask = from_polygons([outline], width, height)
        if not mask.any():
            raise InvalidDataset("The object has no pixel.")
        yield Truth(self.where, mask, None, READ_AS, self.text.split()[0])


def read_labels(where: str, path: Path) -> list[LabelRow]:
    """Raises InvalidDataset when it is not text."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InvalidDataset("This file cannot be read as text.") from error
    return [LabelRow(f"{where}:{number}", line) for number, line in enumerate(lines, 1) if line.strip()]
