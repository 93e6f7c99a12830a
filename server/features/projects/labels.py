"""The labels of a project: a list that is read and replaced as a whole, and grows when somebody types a new one."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ...contract import parse, to_json
from ...domain.outside.strings import without_refused
from ...domain.palette import free_colors
from ...domain.policy import Actor
from ...errors import Conflict, InvalidProject, VersionConflict
from ...storage.engine import Database
from ...storage.rows import labels as rows
from ...storage.rows.finding import found_project
from ...storage.rows.layers import sight_of
from ...storage.tables import LabelClass
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from . import labels_schema as schema

_KEYS = "123456789"
_TOLD = 100  # changes of one event


class Labels:
    def __init__(self, db: Database, unit_of_work: UnitsOfWork) -> None:
        self._db, self._unit_of_work = db, unit_of_work

    def of_project(self, project_id: str) -> schema.LabelList:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            return _described(session, project_id)

    def uses(self, actor: Actor, project_id: str) -> schema.LabelUses:
        """On how many objects that the actor sees; for reviewers, those of all layers. Raises ProjectNotFound."""
        with self._db.read() as session:
            sight = sight_of(session, actor, found_project(session, project_id))
            ids = [label.id for label in rows.of_project(session, project_id)]
            return schema.LabelUses(rows.uses(session, ids, None if sight.reviews else sight))

    def replace(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> schema.LabelList:
        """Have these labels and no others; data: see NewLabelList.

        An item with the id of a label changes it, and one without an id the label that has its name. Labels whose ids
        an item names in "replaces" become that label. Raises ProjectNotFound, InvalidProject, VersionConflict with the
        current list, Conflict when annotations would lose their label.
        """
        wanted = parse_labels(data.get("labels"))
        version = parse(schema.ListVersion, data.get("version"), InvalidProject)
        with self._unit_of_work(actor) as work:
            session = work.session
            project = found_project(session, project_id)
            if project.labels_version != version:
                current = _described(session, project_id)
                raise VersionConflict("The labels were changed elsewhere.", current=current)
            known = {label.id: label for label in rows.of_project(session, project_id)}
            made = _rows(project_id, wanted, known)
            merged = {
                old: label.id
                for label, item in zip(made, wanted, strict=True)
                for old in item.replaces
                if old in known and old != label.id
            }
            _check_nothing_is_lost(session, known, {label.id for label in made} | set(merged))
            changes = _changes({label.id: label.name for label in known.values()}, made, merged)
            rows.merge(session, merged, work.actor.account)
            made = rows.replace(session, project_id, known, made)
            _tell(work, project_id, merged, changes)
            return schema.LabelList([_label(label) for label in made], project.labels_version)


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
        _tell(work, project_id, {}, [{"what": "added", "name": name} for name in added])
    return known | added


def parse_labels(value: Any) -> list[schema.NewLabel]:
    """Checked items of a list of labels. Raises InvalidProject."""
    labels = parse(schema.NewLabels, value, InvalidProject)
    for field in ("name", "key", "id"):
        used = Counter(getattr(label, field) for label in labels)
        twice = [each for each, number in used.items() if number > 1 and each is not None]
        if twice:
            raise InvalidProject(f'Two labels have the {field} "{twice[0]}".')
    return labels


def _described(session: Session, project_id: str) -> schema.LabelList:
    project = found_project(session, project_id)
    listed = [_label(label) for label in rows.of_project(session, project_id)]
    return schema.LabelList(listed, project.labels_version)


def _tell(
    work: UnitOfWork, project_id: str, merged: Mapping[str, str], changes: Sequence[dict[str, str]]
) -> None:
    version = found_project(work.session, project_id).labels_version
    told = {"version": version, "merged": dict(merged), "changes": list(changes[:_TOLD])}
    work.tell("labels:changed", project_id, told)


def _changes(
    before: Mapping[str, str], made: Sequence[LabelClass], merged: Mapping[str, str]
) -> list[dict[str, str]]:
    """What becomes of labels, for people to read. `before`: their names by id."""
    names = {label.id: label.name for label in made}
    gone = before.keys() - names.keys()
    return [
        *({"what": "added", "name": name} for each, name in names.items() if each not in before),
        *(
            {"what": "renamed", "name": name, "was": before[each]}
            for each, name in names.items()
            if before.get(each, name) != name
        ),
        *({"what": "merged", "name": names[into], "was": before[old]} for old, into in merged.items()),
        *({"what": "removed", "name": before[each]} for each in sorted(gone - merged.keys())),
    ]


def _label(label: LabelClass) -> schema.Label:
    return schema.Label(
        id=label.id,
        name=label.name,
        color=label.color,
        key=label.key,
        description=label.description,
        group=without_refused(label.supercategory or "").strip(),  # as a file of another program had it
        attributes=[schema.LabelAttribute(**each) for each in label.attributes],
    )


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
    project_id: str, wanted: Sequence[schema.NewLabel], known: Mapping[str, LabelClass]
) -> list[LabelClass]:
    """Ids that the project does not know are ignored."""
    meant = {item.id for item in wanted}
    free = {label.name: label for label in known.values() if label.id not in meant}
    return [_row(project_id, item, known.get(item.id or "") or free.get(item.name)) for item in wanted]


def _row(project_id: str, item: schema.NewLabel, old: LabelClass | None) -> LabelClass:
    """Keeps the id and the source of the label that it changes, and its group unless the item names one."""
    group = item.group or None
    return LabelClass(
        id=old.id if old else str(uuid.uuid4()),
        project_id=project_id,
        source_id=old.source_id if old else None,
        supercategory=old.supercategory if old and item.group is None else group,
        name=item.name,
        color=item.color,
        key=item.key,
        description=item.description,
        attributes=to_json(item.attributes),
    )
