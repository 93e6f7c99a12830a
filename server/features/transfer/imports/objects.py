"""Objects of a dataset as rows: what they may hold, and which of them are in the project already."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from ....contract import to_json
from ....domain.policy import Actor
from ....errors import InvalidAnnotation, InvalidProject, InvalidRLE
from ....storage.rows import annotations as rows
from ....storage.rows.finding import found_place, found_project
from ....storage.rows.layers import audience
from ....storage.tables import Annotation, LabelClass, now
from ....storage.unit_of_work import UnitOfWork
from ...annotations.fields import columns_of_new, measure, parse_new
from ...annotations.schema import ATTRIBUTE_CHARACTERS, DETAILS
from ...projects.labels import NewLabel, have_label, parse_labels
from ...projects.progress import mark_changed
from ..formats.objects import DatasetImage, DatasetLabel, DatasetObject, FileProblem
from ..schema import Existing

_IDS = uuid.UUID("6f6a1c1e-58a4-4f0e-9a9b-6d9f6a3d3a77")  # made up once: names of objects that bring none
_SOURCE_ID_CHARACTERS = 64
Like = tuple[str, str, int]  # label, mask, and which of several such it is


@dataclass(frozen=True)
class Values:
    """An object fit for the table. `id`: what Samphire called it; `source_id`: what its file calls it."""

    fields: dict[str, Any]
    label: str
    id: str | None
    like: Like
    source_id: str | None


def values_of(image: DatasetImage) -> tuple[list[Values], list[FileProblem]]:
    """Its objects that may be stored, and why others may not, or not as they are. Pure computation."""
    found: list[Values] = []
    problems: list[FileProblem] = []
    seen: Counter[tuple[str, str]] = Counter()
    for number, whole in enumerate(image.objects, start=1):
        each, long = _shortened(whole)
        problems += [FileProblem(image.file_name, f"object {number}", told, "", note=True) for told in long]
        try:
            fields = _fields(each, image)
        except (InvalidAnnotation, InvalidRLE) as error:
            problems.append(FileProblem(image.file_name, f"object {number}", error.message.rstrip("."), ""))
            continue
        seen[each.label, each.counts] += 1
        source_id = each.details.get("source_id") or each.details.get("id")
        fit = (
            isinstance(source_id, str)
            and 0 < len(source_id) <= _SOURCE_ID_CHARACTERS
            and source_id.isprintable()
        )
        like = (each.label, each.counts, seen[each.label, each.counts])
        label, _color = (
            fields.pop("label"),
            fields.pop("color"),
        )  # the colour of imported objects is their label's
        found.append(Values(fields, label, fields.pop("id", None), like, source_id if fit else None))
    return found, problems


def _shortened(each: DatasetObject) -> tuple[DatasetObject, list[str]]:
    """With texts as long as attributes may be, and what is to be told of it."""
    long = {
        name: value
        for name, value in each.attributes.items()
        if isinstance(value, str) and len(value) > ATTRIBUTE_CHARACTERS
    }
    if not long:
        return each, []
    cut = {name: value[:ATTRIBUTE_CHARACTERS] for name, value in long.items()}
    told = [
        f"{name!r} has {len(value):,} characters and was cut to {ATTRIBUTE_CHARACTERS:,}"
        for name, value in long.items()
    ]
    return replace(each, attributes={**each.attributes, **cut}), told


def _fields(each: DatasetObject, image: DatasetImage) -> dict[str, Any]:
    """Raises InvalidAnnotation, InvalidRLE."""
    rle = {"size": [image.height, image.width], "counts": each.counts}
    least = {"label": each.label, "color": "#000000", "rle": rle, "attributes": each.attributes}
    details = {name: each.details[name] for name in (*DETAILS, "id") if name in each.details}
    try:
        new = parse_new({**least, **details})
    except InvalidAnnotation:
        new = parse_new(least)  # details are only what another Samphire, or who knows who, wrote beside it
    return columns_of_new(new) | measure(new.rle, image.width, image.height)


def label_of(label: DatasetLabel) -> tuple[NewLabel | None, str]:
    """A class of a dataset as a project has it, and what of it cannot be had: without its attributes, or not at all."""
    item = {"name": label.name, "color": label.color or "#000000", "attributes": list(label.attributes)}
    lost = ""
    for attempt in (item, {**item, "attributes": []}):
        try:
            parsed = parse_labels([attempt])[0]
        except InvalidProject as error:
            lost = lost or error.message.rstrip(".")
            continue
        color = parsed.color if label.color else None
        source = (label.source_id, label.supercategory[:200] or None)
        return NewLabel(parsed.name, color, to_json(parsed.attributes), *source), lost
    return None, lost


@dataclass
class Writing:
    """Objects on their way into a project. `check` raises once whoever brings them may not any more; `written`: what
    this import has met, by the ids of annotations."""

    actor: Actor
    project_id: str
    existing: Existing
    check: Callable[[], None]
    written: dict[str, Like] = field(default_factory=dict)

    def insert(self, work: UnitOfWork, image_id: str, objects: list[Values]) -> int:
        """How many were new, or changed. Raises ImageNotFound."""
        session = work.session
        place, _ = found_place(session, self.project_id, image_id)
        project = found_project(session, self.project_id)
        here, moment = (self.project_id, image_id), now()
        common = rows.Owner(*here, layer=None)
        made = [self._made_id(image_id, each) for each in objects]
        asked = [*made, *(one.id for one in objects), *(one.source_id for one in objects)]
        whose = None if self.actor.everywhere else self.actor.id
        owners = rows.owners(session, [each for each in asked if each], self.project_id, whose)
        named = [each for each in (*made, *(one.id for one in objects)) if each]
        buried = rows.buried(session, self.project_id, named)
        elsewhere = {one for one, was in buried.items() if (was.image_id, was.layer) != (image_id, None)}
        by_source = rows.by_source(session, *here)
        labels: dict[str, LabelClass] = {}
        z, added, changed = rows.next_z(session, *here), 0, 0
        for each, made_id in zip(objects, made, strict=True):
            ids = [one for one in (each.id, each.source_id, made_id) if one and owners.get(one) == common]
            sourced = by_source.get(each.source_id or "", [])  # with "add", what differs goes beside them
            ids += [one.id for one in sourced if self.existing != "add" or one[1:] == each.like[:2]]
            target = next((one for one in ids if self.written.get(one, each.like) == each.like), None)
            if target is not None:
                if self.existing == "replace" and target not in self.written:
                    changed += _replace(work, self.project_id, target, each)
                self.written[target] = each.like
                continue
            free = (one for one in (each.id, made_id) if one and one not in owners and one not in elsewhere)
            annotation_id = next(free, None) or str(uuid.uuid4())
            owners[annotation_id] = common
            self.written[annotation_id] = each.like
            created = moment + timedelta(microseconds=added)
            where: dict[str, Any] = {"id": annotation_id, "project_id": self.project_id, "image_id": image_id}
            author = self.actor.account
            by = {"created_by": author, "updated_by": author}
            when = {"created_at": created, "updated_at": created, "z": z + added}
            if each.label not in labels:
                labels[each.label] = have_label(work, self.project_id, each.label)
            label = labels[each.label]
            where |= {"label_id": label.id, "label_class": label}
            fields = {**each.fields, "source_id": each.source_id}
            version = rows.first_version(session, buried.get(annotation_id))
            session.add(Annotation(**where, **when, **by, version=version, **fields))
            added += 1
        if added + changed:
            mark_changed(work, project, place, added > 0)
            told = {"count": added + changed}
            work.tell("annotations:imported", self.project_id, told, image_id, audience(project, place, None))
        session.flush()
        return added + changed

    def _made_id(self, image_id: str, each: Values) -> str:
        made = "\n".join((self.project_id, image_id, *map(str, each.like)))
        return str(uuid.uuid5(_IDS, made))


def _replace(work: UnitOfWork, project_id: str, annotation_id: str, each: Values) -> bool:
    """Have the object as its file says; whether that changed it."""
    annotation = rows.find(work.session, annotation_id, project_id)
    if annotation is None:
        return False
    label = have_label(work, project_id, each.label)
    labelled = {"label_id": label.id, "label_class": label}
    fields = {**each.fields, **labelled, "source_id": each.source_id or annotation.source_id}
    changed = {name: value for name, value in fields.items() if getattr(annotation, name) != value}
    for name, value in changed.items():
        setattr(annotation, name, value)
    if changed:
        annotation.version, annotation.restored_from = annotation.version + 1, None
        annotation.updated_at, annotation.updated_by = now(), work.actor.account
    return bool(changed)
