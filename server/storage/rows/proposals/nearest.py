"""Rows of how much annotations are like proposals. Every function takes the session of the caller's transaction."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from ...portable import lowest
from ...tables import Annotation, NearestProposal, Project, ProjectRevision, ProposalSet
from ...tables.projects import UNKNOWN_CERTAINTY


class Place(NamedTuple):
    """Where annotations are to be compared."""

    project_id: str
    image_id: str
    layer: str | None


class Drawn(NamedTuple):
    """An annotation, as it is compared."""

    id: str
    version: int
    rle_counts: str
    bbox: list[int]
    area: int


def states(session: Session) -> dict[str, str]:
    """By project in use that has proposals: a text that changes with its annotations and its proposals."""
    query = (
        select(
            Project.id, ProjectRevision.value, func.count(ProposalSet.id), func.max(ProposalSet.created_at)
        )
        .join(ProjectRevision, ProjectRevision.project_id == Project.id)
        .join(ProposalSet, ProposalSet.project_id == Project.id)
        .where(Project.deleted_at.is_(None), Project.archived_at.is_(None))
        .group_by(Project.id, ProjectRevision.value)
    )
    return {row[0]: f"{row[1]} {row[2]} {row[3]}" for row in session.execute(query)}


def left(session: Session, project_id: str, most: int) -> list[Place]:
    """Where annotations have not been compared as they are with proposals that they may be compared with."""
    own = or_(
        and_(ProposalSet.layer.is_(None), or_(Annotation.layer.is_(None), ProposalSet.ahead)),
        ProposalSet.layer == Annotation.layer,
    )
    same = (ProposalSet.project_id == Annotation.project_id) & (ProposalSet.image_id == Annotation.image_id)
    query = (
        select(Annotation.project_id, Annotation.image_id, Annotation.layer)
        .join(ProposalSet, same & own)
        .where(Annotation.project_id == project_id, ~select(NearestProposal).where(is_of()).exists())
        .distinct()
        .limit(most)
    )
    return [Place(*row) for row in session.execute(query)]


def drawn(session: Session, place: Place) -> list[Drawn]:
    columns = (Annotation.id, Annotation.version, Annotation.rle_counts, Annotation.bbox, Annotation.area)
    query = select(*columns).where(
        Annotation.project_id == place.project_id,
        Annotation.image_id == place.image_id,
        Annotation.layer.is_(None) if place.layer is None else Annotation.layer == place.layer,
        ~select(NearestProposal).where(is_of()).exists(),
    )
    return [Drawn(*row) for row in session.execute(query)]


def put(
    session: Session, project_id: str, set_id: str, found: Sequence[tuple[str, int, float | None]]
) -> None:
    """`found`: id, version and IoU of annotations. What is gone meanwhile is left out."""
    if session.get(ProposalSet, set_id) is None:
        return
    for annotation_id, version, iou in found:
        if session.get(Annotation, (annotation_id, project_id)) is not None:
            session.merge(
                NearestProposal(
                    annotation_id=annotation_id,
                    project_id=project_id,
                    version=version,
                    set_id=set_id,
                    iou=iou,
                )
            )


def certainty() -> ColumnElement[float]:
    """Of an annotation, in a query with its nearest proposal, if any: the lowest of predicted IoU, stability score and,
    half as far from 1, the IoUs with the best other candidate and with that proposal. UNKNOWN_CERTAINTY where none is
    known."""
    likenesses = ((iou + 1) / 2 for iou in (Annotation.candidates_iou, NearestProposal.iou))
    scores = (Annotation.predicted_iou, Annotation.stability_score, *likenesses)
    return lowest(*(func.coalesce(each, UNKNOWN_CERTAINTY) for each in scores))


def least_certain() -> Select[float]:
    """A query for the certainty of the least certain annotation."""
    return select(func.min(certainty())).select_from(Annotation).outerjoin(NearestProposal, is_of())


def certainties(
    session: Session, project_id: str, image_id: str, layer: str | None
) -> list[tuple[str, int, float | None]]:
    """Id, version and certainty of an image's annotations, its common ones or those of a layer, the least certain
    first; None where nothing is known."""
    own = Annotation.layer.is_(None) if layer is None else Annotation.layer == layer
    least = certainty()
    query = (
        select(Annotation.id, Annotation.version, least)
        .outerjoin(NearestProposal, is_of())
        .where(Annotation.project_id == project_id, Annotation.image_id == image_id, own)
        .order_by(least, Annotation.created_at, Annotation.id)
    )
    return [
        (id_, version, None if value == UNKNOWN_CERTAINTY else value)
        for id_, version, value in session.execute(query)
    ]


def is_of() -> ColumnElement[bool]:
    """Of a query of both: that it is about the annotation as it is."""
    return and_(
        NearestProposal.project_id == Annotation.project_id,
        NearestProposal.annotation_id == Annotation.id,
        NearestProposal.version == Annotation.version,
    )
