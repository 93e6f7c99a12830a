"""Rows of a project's label classes. Every function takes the session of the caller's transaction."""

from collections.abc import Mapping, Sequence

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

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
    """These and no others, in this order, and the list has a new version."""
    session.execute(delete(LabelClass).where(LabelClass.project_id == project_id))
    session.expunge_all()  # what was read of them before is no longer there
    for position, label in enumerate(labels):
        label.position = position
        session.add(label)
    session.flush()
    renew_version(session, project_id)


def uses(session: Session, project_id: str) -> dict[str, int]:
    """How many annotations carry each label, known or not."""
    query = (
        select(Annotation.label, func.count())
        .where(Annotation.project_id == project_id)
        .group_by(Annotation.label)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def relabel(session: Session, project_id: str, changes: Mapping[str, tuple[str, str]]) -> None:
    """Annotations with a label get the name and the colour that stand under it, and their next version."""
    if not changes:
        return
    names = case({old: name for old, (name, _) in changes.items()}, value=Annotation.label)
    colors = case({old: color for old, (_, color) in changes.items()}, value=Annotation.label)
    session.execute(
        update(Annotation)
        .where(Annotation.project_id == project_id, Annotation.label.in_(list(changes)))
        .values(label=names, color=colors, version=Annotation.version + 1, updated_at=now())
    )


def renew_version(session: Session, project_id: str) -> None:
    session.execute(
        update(Project).where(Project.id == project_id).values(labels_version=Project.labels_version + 1)
    )
