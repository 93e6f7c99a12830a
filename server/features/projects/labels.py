"""The labels of a project: a list that is read and replaced as a whole, and grows when somebody types a new one."""

import re
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ...domain.outside.json_values import whole
from ...domain.outside.strings import one_line, several_lines, without_refused
from ...domain.palette import free_colors
from ...domain.policy import Actor
from ...errors import Conflict, InvalidProject, VersionConflict, unknown
from ...storage.engine import Database
from ...storage.rows import labels as rows
from ...storage.rows.finding import found_project
from ...storage.tables import LabelClass
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork

LABELS = 20_000
NAME_CHARACTERS = 100
ID_CHARACTERS = 36
ATTRIBUTES = 50
CHOICES = 500
GROUP_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 2000
ATTRIBUTE_TYPES = ("text", "number", "choice", "flag")
_KEYS = "123456789"
_COLOR = re.compile(r"#[0-9a-f]{6}")
_KEY = re.compile(r"[1-9a-z]")


class Labels:
    def __init__(self, db: Database, unit_of_work: UnitsOfWork) -> None:
        self._db, self._unit_of_work = db, unit_of_work

    def of_project(self, project_id: str) -> dict[str, Any]:
        """{"labels", "version"}. Raises ProjectNotFound."""
        with self._db.read() as session:
            return _as_json(session, project_id)

    def replace(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Have these labels and no others; data: {"labels", "version"}, the version that was read.

        An item with the id of a label changes it, and one without an id the label that has its name. Labels whose ids
        an item names in "replaces" become that label. Raises ProjectNotFound, InvalidProject, VersionConflict with the
        current list, Conflict when annotations would lose their label.
        """
        wanted = parse_labels(data.get("labels"))
        version = whole(data.get("version"))
        if version is None:
            raise InvalidProject('The "version" of the labels that were changed is missing.')
        with self._unit_of_work(actor) as work:
            session = work.session
            current = _as_json(session, project_id)
            if current["version"] != version:
                raise VersionConflict("The labels were changed elsewhere.", current=current)
            known = {label.id: label for label in rows.of_project(session, project_id)}
            made = _rows(project_id, wanted, known)
            merged = {
                old: label.id
                for label, item in zip(made, wanted, strict=True)
                for old in item["replaces"]
                if old in known and old != label.id
            }
            _check_nothing_is_lost(session, known, {label.id for label in made} | set(merged))
            rows.merge(session, merged)
            rows.replace(session, project_id, made)
            _tell(work, project_id, merged)
            return _as_json(session, project_id)


@dataclass(frozen=True)
class NewLabel:
    """A label that a project may not have yet. `source_id` and `supercategory`: see `LabelClass`."""

    name: str
    color: str | None = None
    attributes: Sequence[Any] = ()
    source_id: int | None = None
    supercategory: str | None = None


def have_label(work: UnitOfWork, project_id: str, name: str, color: str | None = None) -> LabelClass:
    """The label with a name, which is added when the project does not know it, as `have_labels` does."""
    known = rows.find(work.session, project_id, name)
    return known or have_labels(work, project_id, [NewLabel(name, color)])[name]


def have_labels(work: UnitOfWork, project_id: str, wanted: Iterable[NewLabel]) -> dict[str, LabelClass]:
    """All of the project's by name. Labels that it does not know yet are added, with the first keys from 1 to 9 that
    are free, and without a colour with one of the palette. A label keeps the first `source_id` that a dataset gave
    it."""
    session = work.session
    known = rows.by_name(session, project_id)
    taken = {label.key for label in known.values()}
    keys = (key for key in _KEYS if key not in taken)
    colors = iter(free_colors(label.color for label in known.values()))
    added: dict[str, LabelClass] = {}
    sourced = False
    for new in wanted:
        old = added.get(new.name) or known.get(new.name)
        if old is not None:
            if old.source_id is None and new.source_id is not None:
                old.source_id, old.supercategory, sourced = new.source_id, new.supercategory, True
            continue
        added[new.name] = LabelClass(
            id=str(uuid.uuid4()),
            project_id=project_id,
            name=new.name,
            color=new.color or next(colors),
            key=next(keys, None),
            description="",
            attributes=list(new.attributes),
            source_id=new.source_id,
            supercategory=new.supercategory,
        )
    rows.add(session, project_id, list(added.values()))
    if sourced:
        rows.renew_version(session, project_id)
    if added or sourced:
        _tell(work, project_id, {})
    return known | added


def parse_labels(value: Any) -> list[dict[str, Any]]:
    """Checked items of a list of labels. Raises InvalidProject."""
    if not isinstance(value, list) or len(value) > LABELS:
        raise InvalidProject(f'"labels" must be a list of at most {LABELS} labels.')
    labels = [_label(item) for item in value]
    for field in ("name", "key", "id"):
        used = Counter(label[field] for label in labels if label[field] is not None)
        twice = [each for each, number in used.items() if number > 1]
        if twice:
            raise InvalidProject(f'Two labels have the {field} "{twice[0]}".')
    return labels


def _label(item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise InvalidProject("A label is a JSON object.")
    color, key = item.get("color"), item.get("key")
    if not isinstance(color, str) or not _COLOR.fullmatch(color.lower()):
        raise InvalidProject('The "color" of a label must be like "#1f77b4".')
    if key is not None and (not isinstance(key, str) or not _KEY.fullmatch(key.lower())):
        raise InvalidProject('The "key" of a label must be 1 to 9, a letter from a to z, or null.')
    own_id, replaces = item.get("id"), _list(item, "replaces", LABELS)
    ids = replaces if own_id is None else [own_id, *replaces]
    if not all(isinstance(each, str) and len(each) <= ID_CHARACTERS for each in ids):
        raise InvalidProject("An id of a label must be as the server gave it.")
    description = several_lines(
        item.get("description", ""), "A description", DESCRIPTION_CHARACTERS, InvalidProject
    )
    attributes = [_attribute(each) for each in _list(item, "attributes", ATTRIBUTES)]
    names = [attribute["name"] for attribute in attributes]
    if len(set(names)) < len(names):
        raise InvalidProject("Two attributes of a label have the same name.")
    group = item.get("group")
    return {
        "id": own_id,
        "group": _group(group) if group is not None else None,
        "name": one_line(item.get("name"), "The name of a label", NAME_CHARACTERS, InvalidProject),
        "color": color.lower(),
        "key": None if key is None else key.lower(),
        "description": description,
        "attributes": attributes,
        "replaces": replaces,
    }


def _group(value: Any) -> str:
    return one_line(value, "The group of a label", GROUP_CHARACTERS, InvalidProject) if value != "" else ""


def _attribute(item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise InvalidProject("An attribute is a JSON object.")
    kind = item.get("type")
    if kind not in ATTRIBUTE_TYPES:
        raise InvalidProject(unknown("type of attribute", kind, ATTRIBUTE_TYPES))
    parsed: dict[str, Any] = {
        "name": one_line(item.get("name"), "The name of an attribute", NAME_CHARACTERS, InvalidProject),
        "type": kind,
        "required": item.get("required", False),
    }
    if not isinstance(parsed["required"], bool):
        raise InvalidProject('The "required" of an attribute must be true or false.')
    listed = _list(item, "choices", CHOICES)
    choices = [one_line(each, "A choice", NAME_CHARACTERS, InvalidProject) for each in listed]
    if kind == "choice":
        if not choices:
            raise InvalidProject("A choice attribute needs at least one choice.")
        parsed["choices"] = list(dict.fromkeys(choices))
    return parsed


def _list(item: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = item.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise InvalidProject(f'"{name}" must be a list of at most {most}.')
    return value


def _as_json(session: Session, project_id: str) -> dict[str, Any]:
    project = found_project(session, project_id)
    listed = [label_json(label) for label in rows.of_project(session, project_id)]
    return {"labels": listed, "version": project.labels_version}


def _tell(work: UnitOfWork, project_id: str, merged: Mapping[str, str]) -> None:
    version = found_project(work.session, project_id).labels_version
    work.tell("labels:changed", project_id, {"version": version, "merged": dict(merged)})


def label_json(label: LabelClass) -> dict[str, Any]:
    return {
        "id": label.id,
        "name": label.name,
        "color": label.color,
        "key": label.key,
        "description": label.description,
        "group": without_refused(label.supercategory or "").strip(),  # as a file of another program had it
        "attributes": label.attributes,
    }


def _check_nothing_is_lost(session: Session, known: Mapping[str, LabelClass], kept: Collection[str]) -> None:
    uses = rows.uses(session, known.keys() - kept)
    for label in known.values():
        if used := uses.get(label.id):
            raise Conflict(
                f'{used} {"object has" if used == 1 else "objects have"} the label "{label.name}".',
                hint='Give them another label first, or name its id in the "replaces" of another label.',
                label=label.id,
            )


def _rows(
    project_id: str, wanted: Sequence[Mapping[str, Any]], known: Mapping[str, LabelClass]
) -> list[LabelClass]:
    """Ids that the project does not know are ignored."""
    meant = {item["id"] for item in wanted}
    free = {label.name: label for label in known.values() if label.id not in meant}
    return [_row(project_id, item, known.get(item["id"]) or free.get(item["name"])) for item in wanted]


def _row(project_id: str, item: Mapping[str, Any], old: LabelClass | None) -> LabelClass:
    """Keeps the id and the source of the label that it changes, and its group unless the item names one."""
    group = item["group"] or None
    return LabelClass(
        id=old.id if old else str(uuid.uuid4()),
        project_id=project_id,
        source_id=old.source_id if old else None,
        supercategory=old.supercategory if old and item["group"] is None else group,
        **{name: item[name] for name in ("name", "color", "key", "description", "attributes")},
    )
