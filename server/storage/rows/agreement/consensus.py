"""Rows of consensus: common objects that were made of several people's. Every function takes the session of the
caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from ....domain.agreement.consensus import Method
from ...tables import Annotation, Assignment, Consensus, ProjectImage
from ..layers import same_image


class Run(NamedTuple):
    """What was made at one time."""

    id: str
    method: Method
    account: str | None
    at: datetime
    images: int


def ready(session: Session, project_id: str, people: int) -> list[str]:
    """Images, by name, with which at least so many people are done, and that have no common objects."""
    done = (
        select(func.count())
        .select_from(Assignment)
        .where(same_image(), Assignment.state == "done")
        .correlate(ProjectImage)
        .scalar_subquery()
    )
    common = exists().where(
        Annotation.project_id == ProjectImage.project_id,
        Annotation.image_id == ProjectImage.image_id,
        Annotation.layer.is_(None),
    )
    query = select(ProjectImage.image_id).where(
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
        ~ProjectImage.gold,
        done >= people,
        ~common,
    )
    return list(session.scalars(query.order_by(ProjectImage.sort_name, ProjectImage.image_id)))


def latest(session: Session, project_id: str) -> Run | None:
    """That can be undone."""
    query = (
        select(Consensus.run, Consensus.method, Consensus.account, func.max(Consensus.at), func.count())
        .where(Consensus.project_id == project_id)
        .group_by(Consensus.run, Consensus.method, Consensus.account)
        .order_by(func.max(Consensus.at).desc(), Consensus.run)
    )
    row = session.execute(query.limit(1)).first()
    return None if row is None else Run(*row)


def has_run(session: Session, project_id: str, run: str) -> bool:
    return session.scalar(select(exists().where(*_of(project_id, run)))) or False


def first(session: Session, project_id: str, run: str) -> Consensus | None:
    """One of its images, any."""
    return session.scalars(select(Consensus).where(*_of(project_id, run)).limit(1)).first()


def count(session: Session, project_id: str, run: str) -> int:
    """Its images."""
    query = select(func.count()).select_from(Consensus)
    return session.execute(query.where(*_of(project_id, run))).scalar_one()


def made_on(session: Session, project_id: str, image_id: str) -> set[str]:
    """Ids of what was made on an image, as far as it can be undone."""
    query = select(Consensus.made).where(Consensus.project_id == project_id, Consensus.image_id == image_id)
    return {each for made in session.scalars(query) for each in made}


def drop_old(session: Session, moment: datetime) -> None:
    """What was made before this moment, in any project, is no longer undone."""
    session.execute(delete(Consensus).where(Consensus.at < moment))


def _of(project_id: str, run: str) -> Sequence:
    return (Consensus.project_id == project_id, Consensus.run == run)
