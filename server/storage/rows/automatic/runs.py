"""Rows of the masks that jobs make on a project's images. Every function takes the session of the caller's
transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, TableValuedAlias, delete, func, select, true
from sqlalchemy.orm import Session

from ...portable import elements
from ...tables import Annotation, MaskRun, MaskRunImage, ProjectImage


class Totals(NamedTuple):
    """Of the images of a run that are done. `failed`: how many with a problem."""

    images: int
    objects: int
    failed: int


def left(session: Session, run: MaskRun, which: ColumnElement[bool]) -> list[str]:
    """Images that the run has not done, by name. `which`: of a query of a project's images."""
    done = select(MaskRunImage.image_id).where(MaskRunImage.run_id == run.id)
    query = select(ProjectImage.image_id).where(
        ProjectImage.project_id == run.project_id,
        ProjectImage.image_id.not_in(done),
        *may_change(),
        which,
    )
    return list(session.scalars(query.order_by(ProjectImage.sort_name, ProjectImage.image_id)))


def find(session: Session, project_id: str, run_id: str) -> MaskRun | None:
    run = session.get(MaskRun, run_id)
    return None if run is None or run.project_id != project_id else run


def latest(session: Session, project_id: str) -> MaskRun | None:
    query = select(MaskRun).where(MaskRun.project_id == project_id)
    return session.scalars(query.order_by(MaskRun.created_at.desc(), MaskRun.id).limit(1)).first()


def totals(session: Session, run_id: str) -> Totals:
    query = select(
        func.count(),
        func.coalesce(func.sum(MaskRunImage.objects), 0),
        func.count(MaskRunImage.problem),
    )
    return Totals(*session.execute(query.where(MaskRunImage.run_id == run_id)).one())


def image(session: Session, run_id: str, image_id: str) -> MaskRunImage | None:
    return session.get(MaskRunImage, (run_id, image_id))


def first_image(session: Session, run_id: str) -> MaskRunImage | None:
    """One of those that are done, any."""
    return session.scalars(select(MaskRunImage).where(MaskRunImage.run_id == run_id).limit(1)).first()


def unsure(session: Session, run_id: str, limit: int) -> list[tuple[Annotation, str, list[Any]]]:
    """Annotations with doubts about their masks that nobody has changed since, the names of their images, and the
    doubts; by name."""
    made, whose = _doubted()
    query = (
        select(Annotation, ProjectImage.name, made.c.value)
        .select_from(MaskRunImage)
        .join(made, true())
        .join(Annotation, whose)
        .join(ProjectImage, same_image())
        .where(MaskRunImage.run_id == run_id, ProjectImage.removed_at.is_(None))
        .order_by(ProjectImage.sort_name, ProjectImage.image_id, Annotation.z)
    )
    return [(row[0], row[1], row[2]["doubts"]) for row in session.execute(query.limit(limit))]


def count_unsure(session: Session, run_id: str) -> int:
    made, whose = _doubted()
    query = (
        select(func.count())
        .select_from(MaskRunImage)
        .join(made, true())
        .join(Annotation, whose)
        .join(ProjectImage, same_image())
        .where(MaskRunImage.run_id == run_id, ProjectImage.removed_at.is_(None))
    )
    return session.execute(query).scalar_one()


def _doubted() -> tuple[TableValuedAlias, ColumnElement[bool]]:
    """What was made on an image, one row each; and which of it has doubts and is a present annotation as it was
    made."""
    made = elements(MaskRunImage.made)
    return made, (
        (Annotation.project_id == MaskRunImage.project_id)
        & (Annotation.id == made.c.value["id"].as_string())
        & (Annotation.version == made.c.value["version"].as_integer())
        & made.c.value["doubts"].as_string().is_not(None)
    )


def problems(session: Session, run_id: str, limit: int) -> list[tuple[str, str]]:
    """(name of the image, what kept it from being done)."""
    query = (
        select(ProjectImage.name, MaskRunImage.problem)
        .join(
            ProjectImage,
            (ProjectImage.project_id == MaskRunImage.project_id)
            & (ProjectImage.image_id == MaskRunImage.image_id),
        )
        .where(MaskRunImage.run_id == run_id, MaskRunImage.problem.is_not(None))
        .order_by(ProjectImage.sort_name, ProjectImage.image_id)
    )
    return [(row[0], row[1] or "") for row in session.execute(query.limit(limit))]


def drop_old(session: Session, moment: datetime) -> None:
    """What was done before this moment, in any project, is no longer undone."""
    session.execute(delete(MaskRun).where(MaskRun.ended_at < moment))


def same_image() -> ColumnElement[bool]:
    return (Annotation.project_id == ProjectImage.project_id) & (Annotation.image_id == ProjectImage.image_id)


def may_change() -> Sequence[ColumnElement[bool]]:
    """Of a query of a project's images: what a reviewer accepted, and the truth of gold images, no job changes."""
    return (ProjectImage.removed_at.is_(None), ProjectImage.state != "accepted", ~ProjectImage.gold)
