"""Rows of annotations. Every function takes the session of the caller's transaction."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from ...domain.outside.ids import some_of
from ..tables import Annotation, AnnotationTombstone, AnnotationVersion, LabelClass, Member, now
from ..versions import CARRIED
from .layers import Sight


def find(session: Session, annotation_id: str, project_id: str | None = None) -> Annotation | None:
    """In a project; None: the oldest that has the id."""
    if project_id is not None:
        return session.get(Annotation, (annotation_id, project_id))
    query = select(Annotation).where(Annotation.id == annotation_id)
    return session.scalars(query.order_by(Annotation.created_at, Annotation.project_id)).first()


def of_image(session: Session, project_id: str, image_id: str, layer: str | None = None) -> list[Annotation]:
    """An image's annotations in a project, its common ones or those of a layer, oldest first."""
    query = (
        select(Annotation)
        .where(Annotation.project_id == project_id, Annotation.image_id == image_id, _in(layer))
        .order_by(Annotation.created_at, Annotation.id)
    )
    return list(session.scalars(query))


def of_images(session: Session, project_id: str, image_ids: Sequence[str]) -> dict[str, list[Annotation]]:
    """The common annotations of a few images in a project by image, the lowest first; images without any are left
    out."""
    layers = _by_layer(session, project_id, image_ids, Annotation.layer.is_(None))
    return {image_id: found[None] for image_id, found in layers.items()}


def by_layer(
    session: Session, project_id: str, image_ids: Sequence[str]
) -> dict[str, dict[str | None, list[Annotation]]]:
    """All annotations of a few images in a project by image and then by layer, the common ones under None; the lowest
    first. For who reviews: see `Sight.reviews`."""
    return _by_layer(session, project_id, image_ids, true())


def _by_layer(
    session: Session, project_id: str, image_ids: Sequence[str], which: ColumnElement[bool]
) -> dict[str, dict[str | None, list[Annotation]]]:
    query = (
        select(Annotation)
        .where(Annotation.project_id == project_id, Annotation.image_id.in_(image_ids), which)
        .order_by(Annotation.z, Annotation.created_at, Annotation.id)
    )
    found: dict[str, dict[str | None, list[Annotation]]] = {}
    for annotation in session.scalars(query):
        found.setdefault(annotation.image_id, {}).setdefault(annotation.layer, []).append(annotation)
    return found


def _in(layer: str | None) -> ColumnElement[bool]:
    return Annotation.layer.is_(None) if layer is None else Annotation.layer == layer


def bury(session: Session, annotation: Annotation, account_id: str | None) -> None:
    """Delete it, and remember what it was and who did."""
    last = {name: getattr(annotation, name) for name in (*CARRIED, "rle_counts", "prompts", "label")}
    session.add(AnnotationVersion(**last, deleted_at=now(), deleted_by=account_id))
    kept = ("id", "project_id", "image_id", "layer", "created_by")
    whose = {name: getattr(annotation, name) for name in kept}
    session.add(AnnotationTombstone(**whose, version=annotation.version + 1))
    session.delete(annotation)


def buried(session: Session, project_id: str, ids: Sequence[str]) -> dict[str, AnnotationTombstone]:
    """Of those ids that annotations of the project had which were deleted."""
    found: dict[str, AnnotationTombstone] = {}
    for some in some_of(ids):
        query = select(AnnotationTombstone).where(
            AnnotationTombstone.id.in_(some), AnnotationTombstone.project_id == project_id
        )
        found |= {each.id: each for each in session.scalars(query)}
    return found


def first_version(session: Session, tombstone: AnnotationTombstone | None) -> int:
    """Of an annotation that is about to get an id: after all that the one buried there had, which rises with it."""
    if tombstone is None:
        return 1
    session.delete(tombstone)
    return tombstone.version + 1


def standing(
    session: Session, project_id: str, image_id: str, layer: str | None
) -> tuple[int, int, datetime | None]:
    """How many annotations an image has in a layer, the sum of their versions and the time of the latest change."""
    query = select(
        func.count(), func.coalesce(func.sum(Annotation.version), 0), func.max(Annotation.updated_at)
    )
    found = session.execute(
        query.where(Annotation.project_id == project_id, Annotation.image_id == image_id, _in(layer))
    ).one()
    return found[0], found[1], found[2]


def next_z(session: Session, project_id: str, image_id: str, layer: str | None = None) -> int:
    """Above all others of the image in the layer."""
    query = select(func.max(Annotation.z)).where(
        Annotation.project_id == project_id, Annotation.image_id == image_id, _in(layer)
    )
    highest = session.scalar(query)
    return 0 if highest is None else highest + 1


class Attributed(NamedTuple):
    id: str
    image_id: str
    label_id: str
    attributes: dict[str, Any]


def attributes_of(
    session: Session, sight: Sight, image_ids: Sequence[str], label_ids: Collection[str]
) -> Iterator[Attributed]:
    """Of the annotations that somebody sees on a few images and that have one of these labels, the lowest first."""
    known = frozenset(label_ids)
    query = (
        select(Annotation.id, Annotation.image_id, Annotation.label_id, Annotation.attributes)
        .where(
            Annotation.project_id == sight.project_id,
            Annotation.image_id.in_(image_ids),
            sight.annotations(),
        )
        .order_by(Annotation.z, Annotation.created_at, Annotation.id)
    )
    return (Attributed(*row) for row in session.execute(query) if row[2] in known)


class Owner(NamedTuple):
    """Where an annotation is."""

    project_id: str
    image_id: str
    layer: str | None


def owners(session: Session, ids: Sequence[str], project_id: str, account_id: str | None) -> dict[str, Owner]:
    """Of those ids that are taken: where, this project first. `account_id`: whose other projects are asked; None: all
    are. To others it must not show that an id is taken."""
    found: dict[str, Owner] = {}
    for some in some_of(ids):
        query = select(Annotation.id, Annotation.project_id, Annotation.image_id, Annotation.layer)
        query = query.where(Annotation.id.in_(some))
        if account_id is not None:
            theirs = select(Member.project_id).where(Member.account_id == account_id)
            visible = Annotation.layer.is_(None) | (Annotation.layer == account_id)
            query = query.where(
                (Annotation.project_id.in_(theirs) & visible) | (Annotation.project_id == project_id)
            )
        for annotation_id, *where in session.execute(query):
            owner = Owner(*where)  # type: ignore[arg-type]
            if owner.project_id == project_id or annotation_id not in found:
                found[annotation_id] = owner
    return found


class Sourced(NamedTuple):
    id: str
    label: str
    rle_counts: str


def by_source(session: Session, project_id: str, image_id: str) -> dict[str, list[Sourced]]:
    """An image's common annotations by the ids they had in the files they were imported from."""
    columns = (Annotation.source_id, Annotation.id, LabelClass.name, Annotation.rle_counts)
    query = select(*columns).join(LabelClass, LabelClass.id == Annotation.label_id)
    query = query.where(
        Annotation.project_id == project_id,
        Annotation.image_id == image_id,
        Annotation.layer.is_(None),
        Annotation.source_id.is_not(None),
    )
    found: dict[str, list[Sourced]] = {}
    for source_id, *rest in session.execute(query.order_by(Annotation.z)):
        found.setdefault(source_id or "", []).append(Sourced(*rest))
    return found
