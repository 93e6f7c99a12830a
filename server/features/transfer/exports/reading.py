"""A project as formats see it: labels, and images with their objects, a few at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from ....domain.times import timestamp
from ....errors import InvalidDataset
from ....storage.engine import Database
from ....storage.rows import annotations as rows
from ....storage.rows import labels as label_rows
from ....storage.rows import project_images
from ....storage.rows.finding import found_place, found_project
from ....storage.rows.layers import common
from ....storage.rows.listing.filter import EVERY, Filter
from ....storage.rows.listing.order import Order, Place
from ....storage.tables import Annotation, Image, ProjectImage
from ...annotations.schema import DETAILS
from ..formats import FORMATS
from ..formats.objects import DatasetImage, DatasetLabel, DatasetObject
from ..formats.split import SPLITS, Split
from .provenance import KEY, Provenance

_AT_ONCE = 200  # images
_OBJECTS_OF = 20  # images whose objects are in memory at once
_DETAILS = ("id", "color", *DETAILS, "version")


@dataclass(frozen=True)
class Wanted:
    """What is exported: a project, those of its images that match `chosen`, those of `ids`, which `selected` names, or
    one of them; in a format. `split`: shares to deal the images by that came with none. `pictures`: with the pictures
    themselves; `provenance`: with who made, changed and reviewed each object."""

    project_id: str
    format: str
    image_id: str | None = None
    split: Split | None = None
    pictures: bool = False
    chosen: Filter = EVERY
    selected: str | None = None
    ids: frozenset[str] | None = None
    provenance: bool = False

    @property
    def bundle(self) -> bool:
        """Whether it is several files, in a zip file or a folder."""
        chosen = FORMATS[self.format]
        return chosen.several or self.split is not None or self.pictures or self.tabled

    @property
    def tabled(self) -> bool:
        """Whether who made what is in a file of its own, beside those of the format."""
        return self.provenance and not FORMATS[self.format].keeps_details


def parse_split(text: str | None) -> Split | None:
    """ "80/10/10" or "80/20": shares of train, val and test. Raises InvalidDataset."""
    if not text:
        return None
    try:
        train, val, *rest = (float(part) for part in text.split("/"))
        test = rest[0] if rest else 0.0
        whole = train + val + test
        if len(rest) > 1 or not 0 < whole < 1e9 or min(train, val, test) < 0:
            raise ValueError
        return Split(val / whole, test / whole)
    except ValueError:
        raise InvalidDataset(
            "A split must be like 80/10/10: shares of train, validation and test.",
            hint="The test share may be left out: 80/20.",
        ) from None


class Reading:
    """One reading of a project. Raises ProjectNotFound or ImageNotFound at once. For any thread.

    `tell(images)` is called as images are read; it may raise, to end the reading. `splits`: the parts that its files
    are in: those the images came with or are dealt to. One file of all, and one image's, are in none.
    """

    def __init__(
        self, db: Database, wanted: Wanted, tell: Callable[[int], None] = lambda images: None
    ) -> None:
        self._db, self._wanted, self._tell = db, wanted, tell
        self.splits: list[str] = []
        with db.read() as session:
            self.project_name = found_project(session, wanted.project_id).name
            if wanted.image_id is not None:
                found_place(session, wanted.project_id, wanted.image_id)
            classes = label_rows.of_project(session, wanted.project_id)
            if wanted.bundle and wanted.image_id is None:
                self.splits = self._all_splits(session)
        self.labels = [
            DatasetLabel(
                label.name, label.color, tuple(label.attributes), label.source_id, label.supercategory or ""
            )
            for label in classes
        ]

    def images(self) -> Iterator[DatasetImage]:
        """With their common objects. What comes with a label made meanwhile stays out: the labels are
        written already."""
        known = {label.name for label in self.labels}
        places, number = self.places(), 0
        while some := list(islice(places, _OBJECTS_OF)):
            with self._db.read() as session:
                found = rows.of_images(session, self._wanted.project_id, [image.id for _, image in some])
                told = None
                if self._wanted.provenance:
                    objects = [each for listed in found.values() for each in listed]
                    told = Provenance(session, [place for place, _ in some], objects)
            for place, image in some:
                number += 1
                self._tell(number)
                kept = [each for each in found.get(image.id, []) if each.label in known]
                yield self._image(place, image, [_object(each, place, told) for each in kept])

    def bare_images(self) -> Iterator[tuple[DatasetImage, Image]]:
        """The same images without their objects, and the rows that know their files."""
        for place, image in self.places():
            yield self._image(place, image, []), image

    def places(self) -> Iterator[tuple[ProjectImage, Image]]:
        """In the order they were added; a short read for every few, so that a long export holds up nobody."""
        wanted = self._wanted
        if wanted.image_id is not None:
            with self._db.read() as session:
                yield found_place(session, wanted.project_id, wanted.image_id)
            return
        after: Place | None = None
        while True:
            with self._db.read() as session:
                page = project_images.page(
                    session, common(wanted.project_id), wanted.chosen, Order("added"), _AT_ONCE, after
                )
            yield from (place for place in page if wanted.ids is None or place[1].id in wanted.ids)
            if len(page) < _AT_ONCE:
                return
            after = [page[-1][0].position, page[-1][0].image_id]

    def _all_splits(self, session: Session) -> list[str]:
        wanted = self._wanted
        found = [
            (split, sha256)
            for image_id, split, sha256 in project_images.splits(
                session, common(wanted.project_id), wanted.chosen
            )
            if wanted.ids is None or image_id in wanted.ids
        ]
        if wanted.split is None and not any(split for split, _ in found):
            return []
        there = {self._split(split, sha256) for split, sha256 in found}
        return [split for split in SPLITS if split in there]

    def _split(self, imported: str | None, sha256: str) -> str:
        """The one it came with; else dealt by the picture's bytes, the same on every server, in every project."""
        return imported or (self._wanted.split.of(sha256) if self._wanted.split else "train")

    def _image(self, place: ProjectImage, image: Image, objects: list[DatasetObject]) -> DatasetImage:
        name = place.name
        if self._wanted.pictures and image.display_key != image.original_key:
            name = f"{name.rpartition('.')[0] or name}.{image.display_key.rpartition('.')[2]}"
        created_at = timestamp(image.created_at)
        alone = None if self._wanted.bundle else place.split
        split = self._split(place.split, image.sha256) if self.splits else alone
        return DatasetImage(image.id, name, image.width, image.height, created_at, objects, split)


def _object(annotation: Annotation, place: ProjectImage, told: Provenance | None) -> DatasetObject:
    details = {name: getattr(annotation, name) for name in _DETAILS}
    if told is not None:
        details[KEY] = told.of(place, annotation)
    return DatasetObject(
        annotation.label,
        annotation.rle_counts,
        annotation.area,
        annotation.bbox,
        annotation.attributes,
        details,
    )
