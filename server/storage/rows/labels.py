"""Rows of a project's label classes. Every function takes the session of the caller's transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Delete, Update, case, delete, func, select, true, update
from sqlalchemy.orm import Session

from ...domain.outside.ids import some_of
from ..tables import Annotation, LabelClass, Project, now
from .layers import Sight

S = TypeVar("S", Update, Delete)
_CHANGEABLE = ("name", "color", "key", "description", "attributes", "position", "source_id", "supercategory")


def of_project(session: Session, project_id: str) -> list[LabelClass]:
    """In their order."""
    query = (
        select(LabelClass)
        .where(LabelClass.project_id == project_id)
        .order_by(LabelClass.position, LabelClass.id)
    )
    return list(session.scalars(query))


def find(session: Session, project_id: str, name: str) -> LabelClass | None:
    query = select(LabelClass).where(LabelClass.project_id == project_id, LabelClass.name == name)
    return session.scalar(query)


def get(session: Session, project_id: str, label_id: str) -> LabelClass | None:
    label = session.get(LabelClass, label_id)
    return None if label is None or label.project_id != project_id else label


def by_name(session: Session, project_id: str) -> dict[str, LabelClass]:
    return {label.name: label for label in of_project(session, project_id)}


def add(session: Session, project_id: str, labels: Sequence[LabelClass]) -> None:
    """Behind the others, and the list has a new version."""
    if not labels:
        return
    last = session.scalar(select(func.max(LabelClass.position)).where(LabelClass.project_id == project_id))
    for position, label in enumerate(labels, start=0 if last is None else last + 1):
        label.position = position
    session.add_all(labels)
    renew_version(session, project_id)


def replace(
    session: Session, project_id: str, known: Mapping[str, LabelClass], labels: Sequence[LabelClass]
) -> list[LabelClass]:
    """These and no others, in this order, and the list has a new version. `known`: those it has, by id, as the session
    loaded them. They keep their rows; the answer is the list as it is now."""
    dropped = known.keys() - {label.id for label in labels}
    _each_some(session, dropped, lambda some: _unsynchronized(delete(LabelClass), some))
    for label_id in dropped:
        session.expunge(known[label_id])
    old = [(known[label.id], label) for label in labels if label.id in known]
    # A name or a key may go from one label to another, and no two may have it even for a moment.
    renamed = [before.id for before, after in old if before.name != after.name]
    _each_some(
        session,
        renamed,
        lambda some: _unsynchronized(update(LabelClass), some).values(name="\n" + LabelClass.id),
    )
    other_key = [before.id for before, after in old if before.key != after.key]
    _each_some(session, other_key, lambda some: _unsynchronized(update(LabelClass), some).values(key=None))
    for position, label in enumerate(labels):
        label.position = position
    for before, after in old:
        for field in _CHANGEABLE:
            value = getattr(after, field)
            if getattr(before, field) != value:  # what stays as it was costs no statement
                setattr(before, field, value)
    session.add_all(label for label in labels if label.id not in known)
    session.flush()
    renew_version(session, project_id)
    return [known.get(label.id, label) for label in labels]


def uses(session: Session, label_ids: Collection[str], sight: Sight | None = None) -> dict[str, int]:
    """How many annotations have each of these labels, by its id; those that have none are left out. `sight`: of those
    that somebody sees; None: of all there are."""
    found: dict[str, int] = {}
    seen = true() if sight is None else sight.annotations()
    for some in some_of(list(label_ids)):
        query = select(Annotation.label_id, func.count()).where(Annotation.label_id.in_(some), seen)
        found |= {row[0]: row[1] for row in session.execute(query.group_by(Annotation.label_id))}
    return found


def merge(session: Session, into: Mapping[str, str], account_id: str | None) -> None:
    """Annotations with a label get the label whose id stands under its id, and their next version. `account_id`: who
    has them so."""
    for some in some_of(list(into)):
        becomes = case({old: into[old] for old in some}, value=Annotation.label_id)
        session.execute(
            update(Annotation)
            .where(Annotation.label_id.in_(some))
            .values(
                label_id=becomes,
                version=Annotation.version + 1,
                updated_at=now(),
                updated_by=account_id,
                restored_from=None,
            )
        )


def _unsynchronized(statement: S, label_ids: Sequence[str]) -> S:
    """For these labels only, and without looking through all that the session has loaded."""
    chosen = statement.where(LabelClass.id.in_(label_ids))
    return chosen.execution_options(synchronize_session=False)


def _each_some(
    session: Session, ids: Collection[str], statement: Callable[[Sequence[str]], Update | Delete]
) -> None:
    for some in some_of(list(ids)):
        session.execute(statement(some))


def renew_version(session: Session, project_id: str) -> None:
    renewed = update(Project).where(Project.id == project_id)
    session.execute(renewed.values(labels_version=Project.labels_version + 1))
