"""Whether images may count as done: where a project asks for it, no object lacks what its label requires."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from ...domain.outside.ids import some_of
from ...errors import AttributesMissing
from ...storage.rows import annotations, labels, project_images
from ...storage.rows.layers import Sight
from ...storage.tables import Project

_TOLD = 20  # what is missing, one for each image


def check_complete(session: Session, project: Project, sight: Sight, image_ids: Sequence[str]) -> None:
    """Of the objects that somebody sees. Raises AttributesMissing, with what each image lacks first."""
    if not project.settings.get("require_attributes"):
        return
    classes = {label.id: label for label in labels.of_project(session, project.id)}
    required = {label_id: _required(label.attributes) for label_id, label in classes.items()}
    asking = [label_id for label_id, attributes in required.items() if attributes]
    if not asking:
        return
    missing: dict[str, dict[str, Any]] = {}
    for some in some_of(image_ids):
        for each in annotations.attributes_of(session, sight, some, asking):
            name = next((name for name in required[each.label_id] if not _has(each.attributes, name)), None)
            if name is not None and each.image_id not in missing:
                place = project_images.find(session, project.id, each.image_id)
                if place is not None:
                    missing[each.image_id] = {
                        "image_id": each.image_id,
                        "image": place.name,
                        "annotation_id": each.id,
                        "label": classes[each.label_id].name,
                        "attribute": name,
                    }
    if missing:
        raise AttributesMissing(missing=list(missing.values())[:_TOLD], images=len(missing))


def _required(attributes: Iterable[dict[str, Any]]) -> list[str]:
    """A flag always has a value: unset it is off."""
    return [each["name"] for each in attributes if each.get("required") and each["type"] != "flag"]


def _has(attributes: dict[str, Any], name: str) -> bool:
    return attributes.get(name) not in (None, "")
