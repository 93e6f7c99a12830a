"""Exports: the annotations of an image, or of all images, in one of `formats.FORMATS`, streamed."""

from collections.abc import Iterator

import gevent

from server.errors import ImageNotFound, NotFound, unknown
from server.formats import FORMATS
from server.formats.objects import DatasetImage, DatasetLabel, DatasetObject, Format
from server.services.annotations import timestamp
from server.storage import annotations as rows
from server.storage import images as image_rows
from server.storage.engine import Database
from server.storage.tables import Annotation, Image

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

    def write(self, format_name: str, image_id: str | None = None) -> Iterator[str]:
        """The file in pieces, of one image or of all. Raises NotFound or ImageNotFound at once."""
        chosen = self.format(format_name)
        with self._db.read() as session:
            if image_id is None:
                images = image_rows.every(session)
            else:
                image = image_rows.find(session, image_id)
                if image is None:
                    raise ImageNotFound()
                images = [image]
            labels = rows.labels(session, image_id)
        pieces = chosen.write([DatasetLabel(name) for name in labels], self._objects(images, set(labels)))
        return (data.decode() for _, data in pieces)

    def _objects(self, images: list[Image], labels: set[str]) -> Iterator[DatasetImage]:
        """One short read per image, so that a long export holds up nobody; what comes with a label made
        meanwhile stays out, as the list of labels is already written."""
        for image in images:
            gevent.sleep(0)  # a generator that never waits would hold up everybody else
            with self._db.read() as session:
                if image_rows.find(session, image.id) is None:
                    continue
                kept = [each for each in rows.of_image(session, image.id) if each.label in labels]
            yield DatasetImage(
                id=image.id,
                file_name=image.name,
                width=image.width,
                height=image.height,
                created_at=timestamp(image.created_at),
                objects=[_object(each) for each in kept],
            )


def _object(annotation: Annotation) -> DatasetObject:
    details = {name: getattr(annotation, name) for name in _DETAILS}
    return DatasetObject(
        annotation.label, annotation.rle_counts, annotation.area, annotation.bbox, {}, details
    )
