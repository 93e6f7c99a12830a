"""Annotations of other programs' files into a project: checked first, then written, a few images at a time."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.errors import ImageNotFound, InvalidAnnotation, InvalidProject, InvalidRLE, NotFound, unknown
from server.formats import FORMATS, dataset
from server.formats.matching import Match
from server.formats.objects import DatasetImage, DatasetLabel, DatasetObject, FileProblem, Format, Read
from server.formats.source import Source
from server.jobs.pools import Pools
from server.services.annotation_fields import measure, parse_new
from server.services.projects.finding import found_place
from server.services.projects.labels import have_label, parse_labels
from server.storage import annotations as rows
from server.storage import project_images
from server.storage.engine import Database
from server.storage.tables import Annotation, now

AUTO = "auto"
_IMAGES_AT_ONCE = 50
_IDS = uuid.UUID("6f6a1c1e-58a4-4f0e-9a9b-6d9f6a3d3a77")  # made up once: names of objects that bring none
_DETAILS = ("prompts", "segmenter", "weights", "candidate", "predicted_iou", "stability_score")
Problem = Callable[[FileProblem], None]
Values = dict[str, Any]


@dataclass
class Checked:
    """What a first reading found: pictures that objects may lie on, by their paths in the source."""

    pictures: set[str]
    problems: int = 0


def find_format(name: str, source: Source) -> Format | None:
    """None when it is to be found out and none recognises the files. Raises NotFound, naming those there are."""
    if name == AUTO:
        found = dataset.detect(source, FORMATS)
        return None if found is None else FORMATS[found]
    if name not in FORMATS:
        raise NotFound(unknown("format", name, [*FORMATS, AUTO]))
    return FORMATS[name]


class Datasets:
    def __init__(self, db: Database, pools: Pools) -> None:
        self._db, self._pools = db, pools

    def check(self, chosen: Format, source: Source, tell: Problem) -> Checked:
        """Read all, write nothing; what is wrong is told."""
        checked = Checked(set())
        for item in self._read(chosen, source):
            if isinstance(item, FileProblem):
                checked.problems += not item.note
                tell(item)
            elif isinstance(item, DatasetImage):
                match = item.match or Match(item.file_name)
                if match.picture is not None:
                    checked.pictures.add(match.picture)
                    if match.note:
                        tell(FileProblem(item.file_name, "", match.note, "", note=True))
                elif item.objects:
                    checked.problems += 1
                    tell(FileProblem(match.name, "", match.found, match.expected))
        return checked

    def add(
        self,
        chosen: Format,
        source: Source,
        project_id: str,
        image_of: Callable[[str], str | None],
        tell: Problem,
    ) -> Iterator[int]:
        """Write what can be read; after each few images, how many objects are in since the last time.

        `image_of`: the image that a picture of the source is in the project. Objects that are in already, by their ids
        or by being the same, are not doubled.
        """
        waiting: list[tuple[str, DatasetImage]] = []
        for item in self._read(chosen, source):
            if isinstance(item, DatasetLabel):
                self._add_label(project_id, item)
            elif isinstance(item, DatasetImage) and (item.objects or item.split):
                picture = item.match.picture if item.match else None
                image_id = None if picture is None else image_of(picture)
                if image_id is None and item.objects:
                    tell(
                        FileProblem(
                            item.file_name, "", "its picture is not in the project", "a picture that is"
                        )
                    )
                elif image_id is not None:
                    waiting.append((image_id, item))
            if len(waiting) >= _IMAGES_AT_ONCE:
                yield self._write(project_id, waiting, tell)
                waiting = []
        if waiting:
            yield self._write(project_id, waiting, tell)

    def _read(self, chosen: Format, source: Source) -> Iterator[Read]:
        """In native threads: files of a gigabyte are read so."""
        reader = chosen.read(source)
        while (item := self._pools.read_files(_following, reader)) is not None:
            yield item

    def _add_label(self, project_id: str, label: DatasetLabel) -> None:
        item = {"name": label.name, "color": label.color or "#000000", "attributes": list(label.attributes)}
        try:
            parsed = parse_labels([item])[0]
        except InvalidProject:
            return  # as its objects are told one by one
        with self._db.write() as session:
            color = parsed["color"] if label.color else None
            source = (label.source_id, label.supercategory[:200] or None)
            have_label(session, project_id, parsed["name"], color, parsed["attributes"], *source)

    def _write(self, project_id: str, images: list[tuple[str, DatasetImage]], tell: Problem) -> int:
        measured = [
            (image_id, image, self._measured(project_id, image_id, image, tell)) for image_id, image in images
        ]
        added, problems = 0, []
        with self._db.write() as session:
            for image_id, image, objects in measured:
                try:
                    added += _insert(session, project_id, image_id, image, objects) if objects else 0
                    if image.split:
                        project_images.set_split(session, project_id, image_id, image.split)
                except ImageNotFound:
                    problems.append(FileProblem(image.file_name, "", "it was removed meanwhile", ""))
                except _OtherSize as other:
                    problems.append(FileProblem(image.file_name, "", other.found, other.expected))
        for problem in problems:
            tell(problem)
        return added

    def _measured(self, project_id: str, image_id: str, image: DatasetImage, tell: Problem) -> list[Values]:
        found: list[Values] = []
        seen: Counter[tuple[str, str]] = Counter()
        for number, each in enumerate(image.objects, start=1):
            try:
                values = self._pools.compute(_values, each, image)
            except (InvalidAnnotation, InvalidRLE) as error:
                tell(FileProblem(image.file_name, f"object {number}", error.message.rstrip("."), ""))
                continue
            like = (each.label, each.counts)
            seen[like] += 1
            made = "\n".join((project_id, image_id, *like, str(seen[like])))
            found.append(values | {"made_id": str(uuid.uuid5(_IDS, made))})
        return found


class _OtherSize(Exception):
    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(found)


def _values(each: DatasetObject, image: DatasetImage) -> Values:
    """Raises InvalidAnnotation, InvalidRLE."""
    rle = {"size": [image.height, image.width], "counts": each.counts}
    least = {"label": each.label, "color": "#000000", "rle": rle, "attributes": each.attributes}
    details = {name: each.details[name] for name in (*_DETAILS, "id") if name in each.details}
    try:
        values = parse_new({**least, **details})
    except InvalidAnnotation:
        values = parse_new(least)  # details are only what another Samphire, or who knows who, wrote beside it
    return values | measure(rle, image.width, image.height)


def _insert(
    session: Session, project_id: str, image_id: str, dataset_image: DatasetImage, objects: list[Values]
) -> int:
    """How many were new. Raises ImageNotFound, _OtherSize."""
    place, image = found_place(session, project_id, image_id)
    if (image.width, image.height) != (dataset_image.width, dataset_image.height):
        raise _OtherSize(
            f"objects for {dataset_image.width} x {dataset_image.height} pixels",
            f"objects for its {image.width} x {image.height}",
        )
    ids = [each for values in objects for each in (values.get("id"), values["made_id"]) if each]
    owners = rows.owners(session, ids)
    here, moment, z, added = (project_id, image_id), now(), rows.next_z(session, project_id, image_id), 0
    for values in objects:
        values = dict(values)
        made_id = values.pop("made_id")
        annotation_id = values.pop("id", None) or made_id
        if owners.get(annotation_id, here) != here:
            annotation_id = made_id
        if annotation_id in owners:
            continue
        owners[annotation_id] = here
        values["color"] = have_label(session, project_id, values["label"])
        created = moment + timedelta(microseconds=added)
        values |= {
            "id": annotation_id,
            "z": z + added,
            "version": 1,
            "created_at": created,
            "updated_at": created,
        }
        session.add(Annotation(project_id=project_id, image_id=image_id, **values))
        added += 1
    if added and place.state == "new":
        place.state, place.updated_at = "in_progress", moment
    session.flush()
    return added


def _following(reader: Iterator[Read]) -> Read | None:
    return next(reader, None)
