"""Who made, changed and reviewed what is exported, where somebody asked for that: names are in no export otherwise."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from ....domain.outside.spreadsheets import csv_line
from ....domain.times import optional_timestamp, timestamp
from ....storage.rows import accounts
from ....storage.tables import Annotation, ProjectImage
from ..formats.objects import DatasetImage, Piece

FILE = "provenance.csv"
KEY = "provenance"  # among an object's details
_OF_OBJECT = ("made_by", "made_at", "changed_by", "changed_at", "prompt_count")
_OF_REVIEW = ("submitted_by", "reviewed_by", "reviewed_at", "review")
_DETAILS = ("id", "version", "segmenter", "window")
_DECISIONS = ("accepted", "returned")


class Provenance:
    """Of the objects of a few images. Accounts are told by their names, also disabled ones."""

    def __init__(
        self, session: Session, places: Sequence[ProjectImage], annotations: Sequence[Annotation]
    ) -> None:
        known = {each for place in places for each in (place.submitted_by, place.reviewed_by)}
        known |= {each for one in annotations for each in (one.created_by, one.updated_by)}
        self._names = accounts.names(session, [each for each in known if each is not None])

    def of(self, place: ProjectImage, annotation: Annotation) -> dict[str, Any]:
        decided = place.state in _DECISIONS
        at = place.reviewed_at if decided else None
        return {
            "made_by": self._name(annotation.created_by),
            "made_at": timestamp(annotation.created_at),
            "changed_by": self._name(annotation.updated_by),
            "changed_at": timestamp(annotation.updated_at),
            "prompt_count": len(annotation.prompts),
            "submitted_by": self._name(place.submitted_by),
            "reviewed_by": self._name(place.reviewed_by) if decided else None,
            "reviewed_at": optional_timestamp(at),
            "review": place.state if decided else None,
        }

    def _name(self, account_id: str | None) -> str | None:
        return None if account_id is None else self._names.get(account_id)


def table(images: Iterator[DatasetImage]) -> Iterator[Piece]:
    """A line an object, for formats that have no place for it."""
    yield FILE, csv_line(("image", "label", *_DETAILS, *_OF_OBJECT, *_OF_REVIEW))
    for image in images:
        for each in image.objects:
            told = each.details[KEY]
            values = [each.details[name] for name in _DETAILS]
            values += [told[name] for name in (*_OF_OBJECT, *_OF_REVIEW)]
            cells = (image.file_name, each.label, *("" if value is None else value for value in values))
            yield FILE, csv_line(cells)
