"""Annotations: saved under ids made here, so that a repeated request saves one; changed by version."""

import uuid
from typing import Any

import numpy as np

from ..errors import NotFound, VersionConflict
from .connection import Connection
from .projects import path_of, usual_color
from .resources import Annotation, Candidate, Image, read, read_each, rle_of

_OF_CANDIDATE = ("segmenter", "weights", "window", "predicted_iou", "stability_score", "prompts")
_OF_A_NETWORK = (
    "segmenter",
    "weights",
    "window",
    "candidate",
    "predicted_iou",
    "stability_score",
    "candidates_iou",
)


class Annotations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, image: Image, *, layer: str | None = None) -> list[Annotation]:
        """An image's annotations, oldest first. `layer`: for reviewers, the id of an account: what that annotator made
        independently of others."""
        return read_each(Annotation, self._connection.get(_of_image(image), {"layer": layer}), "annotations")

    def get(self, annotation: Annotation) -> Annotation:
        """As it is now. Raises AnnotationNotFound, which is NotFound."""
        return read(Annotation, self._connection.get(_path(annotation), _project(annotation)))

    def save(
        self,
        image: Image,
        mask: Candidate | np.ndarray,
        label: str,
        *,
        id: str | None = None,
        color: str | None = None,
        attributes: dict[str, str | int | float | bool] | None = None,
    ) -> Annotation:
        """Save a new annotation. If `id` exists, that annotation is returned unchanged.

        `mask`: a candidate, or bool (height, width) of the upright image. `id`: 8 to 36 letters, digits, - and _;
        default: a new UUID. `color`: #rrggbb, for a new label. Raises InvalidAnnotation, InvalidRLE; Forbidden for a
        new label where you may not add any."""
        wanted: dict[str, Any] = {
            "id": str(uuid.uuid4()) if id is None else id,
            "label": label,
            "color": color or usual_color(label),
            "attributes": attributes or {},
            **_mask(mask),
        }
        return read(Annotation, self._connection.ask("POST", _of_image(image), wanted, repeatable=True))

    def change(
        self,
        annotation: Annotation,
        *,
        mask: Candidate | np.ndarray | None = None,
        label: str | None = None,
        attributes: dict[str, str | int | float | bool] | None = None,
        z: int | None = None,
    ) -> Annotation:
        """Change what is given, and return the new version. `attributes` replaces all attributes.

        Raises VersionConflict if somebody else changed it meanwhile: `get` returns their version."""
        changes: dict[str, Any] = {} if mask is None else _mask(mask)
        if label is not None:
            changes |= {"label_id": None, "label": label, "color": usual_color(label)}
        changes |= {"attributes": attributes} if attributes is not None else {}
        changes |= {"z": z} if z is not None else {}
        wanted = {**changes, "version": annotation.version}
        query = _project(annotation)
        try:
            told = self._connection.ask("PATCH", _path(annotation), wanted, query=query, repeatable=True)
        except VersionConflict as error:
            current = error.details.get("current")
            done = error.details.get("repeated") and _is_done(current, changes, annotation.version + 1)
            if not done:
                raise
            told = current  # an attempt whose answer was lost
        return read(Annotation, told)

    def delete(self, annotation: Annotation) -> None:
        """Raises VersionConflict if somebody else changed it meanwhile; AnnotationNotFound."""
        query = {**_project(annotation), "version": annotation.version}
        try:
            self._connection.ask("DELETE", _path(annotation), query=query, repeatable=True)
        except NotFound as error:
            if not error.details.get("repeated"):
                raise


def _of_image(image: Image) -> str:
    return path_of(image.project_id, "images", image.id, "annotations")


def _path(annotation: Annotation) -> str:
    return f"/api/annotations/{annotation.id}"


def _project(annotation: Annotation) -> dict[str, str]:
    return {"project": annotation.project_id}


def _mask(mask: Candidate | np.ndarray) -> dict[str, Any]:
    """A candidate comes with how it was made; another mask does not."""
    if isinstance(mask, Candidate):
        made = {name: getattr(mask, name) for name in _OF_CANDIDATE}
        return {
            "rle": mask.rle,
            "candidate": mask.token,
            "candidates_iou": None,
            **{name: v for name, v in made.items() if v != ""},
        }
    none = dict.fromkeys(_OF_A_NETWORK)
    return {"rle": rle_of(mask), **none, "prompts": []}


def _is_done(current: Any, changes: dict[str, Any], version: int) -> bool:
    """Whether the next version is exactly what was asked for."""
    if not isinstance(current, dict) or current.get("version") != version:
        return False
    asked = {name: value for name, value in changes.items() if name not in ("label_id", "color")}
    return all(current.get(name) == value for name, value in asked.items())
