"""Annotations: create, change, delete, list; one transaction each, and word to whoever watches the image."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.errors import AnnotationNotFound, Conflict, ImageNotFound, VersionConflict
from server.jobs.pools import Pools
from server.services.annotation_fields import measure, parse_changes, parse_new
from server.services.notifier import Notifier
from server.storage import annotations as rows
from server.storage import images as image_rows
from server.storage.engine import Database
from server.storage.tables import Annotation, Image, now


class Annotations:
    """Takes and gives annotations as the API's JSON objects.

    What a call returns is durable: a crash afterwards loses nothing of it."""

    def __init__(self, db: Database, pools: Pools, notifier: Notifier) -> None:
        self._db = db
        self._pools = pools
        self._notifier = notifier

    def of_image(self, image_id: str) -> list[dict[str, Any]]:
        """Oldest first. Raises ImageNotFound."""
        with self._db.read() as session:
            image = _image(session, image_id)
            return [as_json(annotation, image) for annotation in rows.of_image(session, image_id)]

    def get(self, annotation_id: str) -> dict[str, Any]:
        """Raises AnnotationNotFound."""
        with self._db.read() as session:
            annotation = _annotation(session, annotation_id)
            return as_json(annotation, _image(session, annotation.image_id))

    def create(self, image_id: str, data: Any) -> tuple[dict[str, Any], bool]:
        """A new annotation, and True; or the one that already has the client's id, as it is now, and False.

        Raises ImageNotFound, InvalidAnnotation, InvalidRLE, or Conflict when the id belongs to another
        image."""
        with self._db.read() as session:
            image = _image(session, image_id)
        values = parse_new(data)
        values |= self._pools.compute(measure, data["rle"], image.width, image.height)
        values.setdefault("id", str(uuid.uuid4()))
        moment = now()
        with self._db.write() as session:
            _image(session, image_id)
            existing = rows.find(session, values["id"])
            if existing is not None and existing.image_id != image_id:
                raise Conflict("Another image has an annotation with this id.", hint="Make a new id.")
            if existing is not None:
                return as_json(existing, image), False
            created = Annotation(image_id=image_id, created_at=moment, updated_at=moment, version=1, **values)
            session.add(created)
        annotation = as_json(created, image)
        self._notifier.send("annotation:changed", image_id, {"annotation": annotation})
        return annotation, True

    def change(self, annotation_id: str, data: Any) -> dict[str, Any]:
        """The annotation with some fields changed and the next version.

        Raises AnnotationNotFound, InvalidAnnotation, InvalidRLE, or VersionConflict with the current one."""
        version, values = parse_changes(data)
        with self._db.read() as session:
            image = _image(session, _annotation(session, annotation_id).image_id)
        if "rle" in data:
            values |= self._pools.compute(measure, data["rle"], image.width, image.height)
        with self._db.write() as session:
            annotation = _at_version(session, annotation_id, version, image)
            for name, value in values.items():
                setattr(annotation, name, value)
            annotation.version += 1
            annotation.updated_at = now()
            changed = as_json(annotation, image)
        self._notifier.send("annotation:changed", image.id, {"annotation": changed})
        return changed

    def delete(self, annotation_id: str, version: int) -> None:
        """Raises AnnotationNotFound, or VersionConflict with the current one."""
        with self._db.write() as session:
            image = _image(session, _annotation(session, annotation_id).image_id)
            session.delete(_at_version(session, annotation_id, version, image))
        gone = {"id": annotation_id, "version": version}
        self._notifier.send("annotation:deleted", image.id, gone)


def as_json(annotation: Annotation, image: Image) -> dict[str, Any]:
    """The annotation as the API gives it."""
    return {
        "id": annotation.id,
        "image_id": annotation.image_id,
        "label": annotation.label,
        "color": annotation.color,
        "rle": {"size": [image.height, image.width], "counts": annotation.rle_counts},
        "area": annotation.area,
        "bbox": annotation.bbox,
        "prompts": annotation.prompts,
        "segmenter": annotation.segmenter,
        "weights": annotation.weights,
        "candidate": annotation.candidate,
        "predicted_iou": annotation.predicted_iou,
        "stability_score": annotation.stability_score,
        "version": annotation.version,
        "created_at": timestamp(annotation.created_at),
        "updated_at": timestamp(annotation.updated_at),
    }


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _image(session: Session, image_id: str) -> Image:
    image = image_rows.find(session, image_id)
    if image is None:
        raise ImageNotFound()
    return image


def _annotation(session: Session, annotation_id: str) -> Annotation:
    annotation = rows.find(session, annotation_id)
    if annotation is None:
        raise AnnotationNotFound()
    return annotation


def _at_version(session: Session, annotation_id: str, version: int, image: Image) -> Annotation:
    annotation = _annotation(session, annotation_id)
    if annotation.version != version:
        raise VersionConflict(current=as_json(annotation, image))
    return annotation
