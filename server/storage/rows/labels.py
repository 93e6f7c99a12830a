"""Rows of a project's label classes. Every function takes the session of the caller's transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Delete, Update, case, delete, func, select, update
from sqlalchemy.orm import Session

from ...domain.outside.ids import some_of
from ..tables import Annotation, LabelClass, Project, now


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


def replace(session: Session, project_id: str, labels: list[LabelClass]) -> None:
    """These and no others, in this order, and the list has a new version. Those it had keep their rows."""
    known = {label.id: label for label in of_project(session, project_id)}
    kept = {label.id for label in labels}
    _each_some(session, known.keys() - kept, lambda some: delete(LabelClass).where(LabelClass.id.in_(some)))
    old = [(known[label.id], label) for label in labels if label.id in known]
    # A name or a key may go from one label to another, and no two may have it even for a moment.
    renamed = [before.id for before, after in old if before.name != after.name]
    _each_some(session, renamed, lambda some: _of_ids(some).values(name="\n" + LabelClass.id))
    other_key = [before.id for before, after in old if before.key != after.key]
    _each_some(session, other_key, lambda some: _of_ids(some).values(key=None))
    for position, label in enumerate(labels):
        label.position = position
        session.merge(label)
    session.flush()
    renew_version(session, project_id)


def uses(session: Session, label_ids: Collection[str]) -> dict[str, int]:
    """How many annotations have each of these labels, by its id; those that have none are left out."""
    found: dict[str, int] = {}
    for some in some_of(list(label_ids)):
        query = select(Annotation.label_id, func.count()).where(Annotation.label_id.in_(some))
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
            .values(label_id=becomes, version=Annotation.version + 1, updated_at=now(), updated_by=account_id)
        )


def _of_ids(label_ids: Sequence[str]) -> Update:
    return update(LabelClass).where(LabelClass.id.in_(label_ids)).execution_options(synchronize_session=False)


def _each_some(
    session: Session, ids: Collection[str], statement: Callable[[Sequence[str]], Update | Delete]
) -> None:
    for some in some_of(list(ids)):
        session.execute(statement(some))


def renew_version(session: Session, project_id: str) -> None:
    renewed = update(Project).where(Project.id == project_id)
    session.execute(renewed.values(labels_version=Project.labels_version + 1))
