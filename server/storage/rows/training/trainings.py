"""Rows of trainings. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ....domain.outside.ids import some_of
from ....runtime.queue.base import GOING
from ...tables import JobRow, ProjectImage, Training

TRAIN = "train"  # the kind of their jobs, whose dedupe keys are their ids


def find(session: Session, project_id: str, run_id: str) -> Training | None:
    training = session.get(Training, run_id)
    return None if training is None or training.project_id != project_id else training


def of_project(session: Session, project_id: str, limit: int) -> list[Training]:
    """The newest first."""
    query = select(Training).where(Training.project_id == project_id)
    return list(session.scalars(query.order_by(Training.created_at.desc(), Training.id).limit(limit)))


def open_ones(session: Session) -> list[Training]:
    """Those that have not ended, of all projects."""
    return list(session.scalars(select(Training).where(Training.ended_at.is_(None))))


def is_going(session: Session, project_id: str) -> bool:
    """Whether one of a project's trains, or waits for its turn."""
    going = select(JobRow.dedupe_key).where(JobRow.kind == TRAIN, JobRow.state.in_(GOING))
    query = select(Training.id).where(Training.project_id == project_id, Training.ended_at.is_(None))
    return session.scalars(query.where(Training.id.in_(going)).limit(1)).first() is not None


def last_measured(session: Session, what: str) -> Training | None:
    """The latest of this kind that came to its end, in any project."""
    query = select(Training).where(Training.what == what, Training.result.is_not(None))
    return session.scalars(query.order_by(Training.ended_at.desc(), Training.id).limit(1)).first()


def ids(session: Session, project_id: str | None = None) -> set[str]:
    """Of all, or of a project's."""
    query = select(Training.id)
    return set(
        session.scalars(query if project_id is None else query.where(Training.project_id == project_id))
    )


def resting(session: Session) -> list[Training]:
    """Those that no job is at work on, of all projects."""
    going = select(JobRow.dedupe_key).where(JobRow.kind == TRAIN, JobRow.state.in_(GOING))
    return list(session.scalars(select(Training).where(Training.id.not_in(going))))


def forgotten(session: Session, project_id: str, image_ids: Sequence[str]) -> bool:
    """Whether one of these images is not even in the project's trash."""
    there = select(ProjectImage.image_id).where(ProjectImage.project_id == project_id)
    return any(
        len(session.scalars(there.where(ProjectImage.image_id.in_(some))).all()) < len(some)
        for some in some_of(image_ids)
    )


def forget_names(session: Session, run_ids: Collection[str]) -> None:
    """What their results say of single images."""
    for training in session.scalars(select(Training).where(Training.id.in_(run_ids))):
        if training.result is not None:
            training.result = {**training.result, "worst": []}


def remove(session: Session, run_id: str) -> None:
    session.execute(delete(Training).where(Training.id == run_id))
