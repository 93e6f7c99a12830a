"""Rows of agreement, and of whose work is compared. Every function takes the session of the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ....domain.outside.ids import some_of
from ...tables import AgreementRun, Annotation, Assignment, Image, ImageAgreement, ProjectImage
from ..layers import same_image

Layers = Mapping[str | None, tuple[int, int, datetime]]


class Finished(NamedTuple):
    """An image, and the accounts that said they are done with it, unseen by each other."""

    image_id: str
    gold: bool
    accounts: list[str]


def finished(session: Session, project_id: str, image_id: str | None = None) -> list[Finished]:
    """Of all images of a project, or one, by id: those of which there are at least two people's objects to compare, or
    one person's with the truth."""
    query = (
        select(ProjectImage.image_id, ProjectImage.gold, Assignment.account_id)
        .join(Assignment, same_image())
        .where(
            ProjectImage.project_id == project_id,
            ProjectImage.removed_at.is_(None),
            Assignment.state == "done",
            *([] if image_id is None else [ProjectImage.image_id == image_id]),
        )
        .order_by(ProjectImage.image_id, Assignment.account_id)
    )
    found: dict[str, Finished] = {}
    for one, gold, account_id in session.execute(query):
        found.setdefault(one, Finished(one, gold, [])).accounts.append(account_id)
    return [each for each in found.values() if len(each.accounts) >= (1 if each.gold else 2)]


def layers(session: Session, project_id: str, image_ids: Sequence[str]) -> dict[str, Layers]:
    """By image and layer, of those with objects: how many, the sum of their versions, the time of the latest change."""
    query = (
        select(
            Annotation.image_id,
            Annotation.layer,
            func.count(),
            func.sum(Annotation.version),
            func.max(Annotation.updated_at),
        )
        .where(Annotation.project_id == project_id, Annotation.image_id.in_(image_ids))
        .group_by(Annotation.image_id, Annotation.layer)
    )
    found: dict[str, dict[str | None, tuple[int, int, datetime]]] = {}
    for image_id, layer, count, versions, latest in session.execute(query):
        found.setdefault(image_id, {})[layer] = (count, versions, latest)
    return dict(found)


def stamps(session: Session, project_id: str) -> dict[str, str]:
    """By image."""
    query = select(ImageAgreement.image_id, ImageAgreement.stamp)
    return {row[0]: row[1] for row in session.execute(query.where(ImageAgreement.project_id == project_id))}


def put(session: Session, project_id: str, image_id: str, stamp: str, figures: dict[str, Any]) -> None:
    session.merge(ImageAgreement(project_id=project_id, image_id=image_id, stamp=stamp, figures=figures))


def drop(session: Session, project_id: str, image_ids: Sequence[str]) -> None:
    for some in some_of(image_ids):
        session.execute(
            delete(ImageAgreement).where(
                ImageAgreement.project_id == project_id, ImageAgreement.image_id.in_(some)
            )
        )


class Known(NamedTuple):
    image_id: str
    figures: dict[str, Any]


def of_project(session: Session, project_id: str) -> list[Known]:
    """What is known of its images, in the order of their names."""
    query = (
        select(ImageAgreement.image_id, ImageAgreement.figures)
        .join(
            ProjectImage,
            (ProjectImage.project_id == ImageAgreement.project_id)
            & (ProjectImage.image_id == ImageAgreement.image_id),
        )
        .where(ImageAgreement.project_id == project_id, ProjectImage.removed_at.is_(None))
        .order_by(ProjectImage.sort_name, ProjectImage.image_id)
    )
    return [Known(*row) for row in session.execute(query)]


def places(session: Session, project_id: str, image_ids: Sequence[str]) -> list[tuple[ProjectImage, Image]]:
    """A few; removed ones are left out."""
    query = select(ProjectImage, Image).join(Image, Image.id == ProjectImage.image_id)
    query = query.where(
        ProjectImage.project_id == project_id,
        ProjectImage.image_id.in_(image_ids),
        ProjectImage.removed_at.is_(None),
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def run(session: Session, project_id: str) -> AgreementRun | None:
    """The last that ended."""
    return session.get(AgreementRun, project_id)


def end_run(session: Session, project_id: str, revision: str, moment: datetime) -> None:
    session.merge(AgreementRun(project_id=project_id, revision=revision, at=moment))
