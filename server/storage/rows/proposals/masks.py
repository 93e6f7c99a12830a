"""Rows of proposals. Every function takes the session of the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from ....domain.outside.ids import some_of
from ...tables import Annotation, Proposal

COLUMNS = ("rle_counts", "bbox", "area", "predicted_iou", "stability_score", "point", "crop_box")


class Stored(NamedTuple):
    """A proposal's values, without its set."""

    id: str
    values: dict[str, Any]
    dropped: bool


def of_set(session: Session, set_id: str) -> list[Stored]:
    """The most certain first."""
    columns = [getattr(Proposal, name) for name in COLUMNS]
    query = select(Proposal.id, Proposal.dropped_at, *columns).where(Proposal.set_id == set_id)
    query = query.order_by(Proposal.predicted_iou.desc(), Proposal.id)
    return [
        Stored(row[0], dict(zip(COLUMNS, row[2:], strict=True)), row[1] is not None)
        for row in session.execute(query)
    ]


def add(session: Session, set_id: str, masks: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """`masks`: the id and the values of each."""
    rows = [{"id": each, "set_id": set_id, **values} for each, values in masks]
    for some in some_of(rows):
        session.execute(insert(Proposal), list(some))


def drop(
    session: Session, set_id: str, ids: Sequence[str], moment: datetime | None, account_id: str | None
) -> None:
    """Those of these ids that are in the set. `moment`: None: have them back."""
    for some in some_of(ids):
        which = (Proposal.set_id == set_id) & Proposal.id.in_(some)
        session.execute(update(Proposal).where(which).values(dropped_at=moment, dropped_by=account_id))


def ids_of_objects(session: Session, project_id: str, image_id: str, layer: str | None) -> set[str]:
    """Ids of an image's objects in a layer, or of its common ones: proposals of these were taken."""
    own = Annotation.layer.is_(None) if layer is None else Annotation.layer == layer
    query = select(Annotation.id).where(
        Annotation.project_id == project_id, Annotation.image_id == image_id, own
    )
    return set(session.scalars(query))
