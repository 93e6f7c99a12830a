"""Exports: the annotations of an image, or of all images of a project, in one of `formats.FORMATS`, streamed."""

from collections.abc import Iterable, Iterator

import gevent

from server.errors import NotFound, unknown
from server.formats import FORMATS, dataset
from server.formats.objects import DatasetImage, DatasetLabel, DatasetObject, Format
from server.services.annotations import timestamp
from server.services.projects.finding import found_place, found_project
from server.storage import annotations as rows
from server.storage import labels as label_rows
from server.storage import project_images
from server.storage.engine import Database
from server.storage.project_images import Filter, Order, Place
from server.storage.tables import DEFAULT_PROJECT, Annotation, Image, ProjectImage

_AT_ONCE = 200
_DETAILS = (
    "id",
    "color",
    "prompts",
    "segmenter",
    "weights",
    "candidate",
    "predicted_iou",
    "stability_score",
    "version",
)


class Exports:
    def __init__(self, db: Database) -> None:
        self._db = db

    def format(self, name: str) -> Format:
        """Raises NotFound, naming the formats there are."""
        if name not in FORMATS:
            raise NotFound(unknown("export format", name, FORMATS))
        return FORMATS[name]

    def write(
        self, format_name: str, image_id: str | None = None, project_id: str = DEFAULT_PROJECT
    ) -> Iterator[str]:
        """The file in pieces, of one image of a project or of all. Raises NotFound, ProjectNotFound or ImageNotFound at
        once."""
        chosen = self.format(format_name)
        with self._db.read() as session:
            if image_id is None:
                found_project(session, project_id)
                places = self._places(project_id)
            else:
                places = iter([found_place(session, project_id, image_id)])
            used = set(rows.labels(session, project_id, image_id))
            classes = label_rows.of_project(session, project_id)
        labels = [
            DatasetLabel(label.name, label.color, tuple(label.attributes))
            for label in classes
            if label.name in used
        ]
        pieces = dataset.write(chosen, labels, lambda: self._images(places, {label.name for label in labels}))
        return (data.decode() for _, data in pieces)

    def _places(self, project_id: str) -> Iterator[tuple[ProjectImage, Image]]:
        """In the order they were added, a few at a time: a short read each, so that a long export holds up nobody."""
        after: Place | None = None
        while True:
            with self._db.read() as session:
                page = project_images.page(session, project_id, Filter(), Order("added"), _AT_ONCE, after)
            yield from page
            if len(page) < _AT_ONCE:
                return
            last = page[-1][0]
            after = [last.position, last.image_id]

    def _images(
        self, places: Iterable[tuple[ProjectImage, Image]], labels: set[str]
    ) -> Iterator[DatasetImage]:
        """What comes with a label made meanwhile stays out, as the list of labels is already written."""
        for place, image in places:
            gevent.sleep(0)  # a generator that never waits would hold up everybody else
            with self._db.read() as session:
                if project_images.find(session, place.project_id, image.id) is None:
                    continue
                kept = [
                    each
                    for each in rows.of_image(session, place.project_id, image.id)
                    if each.label in labels
                ]
            yield DatasetImage(
                id=image.id,
                file_name=place.name,
                width=image.width,
                height=image.height,
                created_at=timestamp(image.created_at),
                objects=[_object(each) for each in sorted(kept, key=lambda each: each.z)],
            )


def _object(annotation: Annotation) -> DatasetObject:
    details = {name: getattr(annotation, name) for name in _DETAILS}
    return DatasetObject(
        annotation.label,
        annotation.rle_counts,
        annotation.area,
        annotation.bbox,
        annotation.attributes,
        details,
    )
