"""Rows of what happened, for people to read: the log, and annotations as they were. Every function takes the session of
the caller's transaction."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, case, cast, literal, select, text, tuple_, type_coerce, union_all
from sqlalchemy.orm import Session, defer

from ....domain import events
from ...portable import has_part
from ...tables import Annotation, AnnotationVersion, Event
from ...tables.projects import OF_NO_OBJECT
from ..layers import OTHERS, Sight

Key = tuple[str, int]  # id and version of an annotation
_AT_ONCE = 200  # keys of one statement


@dataclass(frozen=True)
class Wanted:
    """Which events. `image_id`: those about it, alone or among others. `actor`: as events have it. `before`: those with
    a lower number. `reviews`: only decisions of reviewers, or only what is none of them."""

    kinds: Collection[events.Kind]
    image_id: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    reviews: bool | None = None


class Told(NamedTuple):
    """An event. `payload`: without an annotation, of which there are the id and the version. `layer`: the annotator who
    alone was told, since it is about work of theirs that others do not see; None: also to that one, on whose own images
    nothing shows which are gold."""

    seq: int
    kind: events.Kind
    actor: str
    at: datetime
    image_id: str | None
    payload: dict[str, Any]
    annotation_id: str | None
    version: int | None
    layer: str | None


class Was(NamedTuple):
    """A version of an annotation, without its mask. `masked_anew`: whether the next one has another mask."""

    id: str
    image_id: str
    version: int
    at: datetime
    by: str | None
    label_id: str
    label: str
    area: int
    attributes: dict[str, Any]
    z: int
    source_id: str | None
    restored_from: int | None
    layer: str | None
    masked_anew: bool
    deleted_at: datetime | None
    deleted_by: str | None


def told(session: Session, sight: Sight, wanted: Wanted, limit: int) -> list[Told]:
    """What somebody may know, the newest first."""
    annotation, whole = Event.payload["annotation"], Event.kind == "annotation:changed"
    gone = Event.kind == "annotation:deleted"
    payload = type_coerce(case((whole, literal("{}")), else_=cast(Event.payload, Text)), Text)
    query = select(
        Event.seq,
        Event.kind,
        Event.actor,
        Event.at,
        Event.image_id,
        payload,
        case((whole, annotation["id"].as_string()), (gone, Event.payload["id"].as_string())),
        case((whole, annotation["version"].as_integer()), (gone, Event.payload["version"].as_integer())),
        case((Event.audience.not_in((OTHERS, sight.alone or OTHERS)), Event.audience)),
    ).where(Event.project_id == sight.project_id, sight.history(), Event.kind.in_(wanted.kinds))
    if not {"annotation:changed", "annotation:deleted"} & {*wanted.kinds}:
        query = query.where(text(OF_NO_OBJECT))
    if wanted.image_id is not None:
        here = select(Event.seq).where(Event.project_id == sight.project_id)
        among = Event.image_id.is_(None) & has_part(cast(Event.payload, Text), f'"{wanted.image_id}"')
        about = union_all(here.where(Event.image_id == wanted.image_id), here.where(among))
        query = query.where(Event.seq.in_(about))
    if wanted.actor is not None:
        query = query.where(Event.actor == wanted.actor)
    if wanted.since is not None:
        query = query.where(Event.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Event.at < wanted.until)
    if wanted.before is not None:
        query = query.where(Event.seq < wanted.before)
    if wanted.reviews is not None:
        decided = Event.payload["decision"].as_string()
        query = query.where(decided.is_not(None) if wanted.reviews else decided.is_(None))
    rows = session.execute(query.order_by(Event.seq.desc()).limit(limit))
    return [Told(*row[:5], json.loads(row[5]), *row[6:]) for row in rows]  # type: ignore[arg-type]


def versions(session: Session, project_id: str, annotation_id: str) -> list[Was]:
    """All that are known of an annotation, the oldest first."""
    kept = session.execute(_kept(project_id).where(AnnotationVersion.id == annotation_id))
    found = [_was(row) for row in kept] + _present(session, project_id, [annotation_id])
    return sorted(found, key=lambda each: each.version)


def some(session: Session, project_id: str, keys: Iterable[Key]) -> dict[Key, Was]:
    """Those of these versions that are known."""
    asked = list(set(keys))
    found: dict[Key, Was] = {}
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        query = _kept(project_id).where(tuple_(AnnotationVersion.id, AnnotationVersion.version).in_(part))
        there = [_was(row) for row in session.execute(query)]
        there += _present(session, project_id, {annotation_id for annotation_id, _ in part})
        found |= {(each.id, each.version): each for each in there}
    return found


def kept(session: Session, project_id: str, annotation_id: str, version: int) -> AnnotationVersion | None:
    """A version that another has followed."""
    return session.get(AnnotationVersion, (project_id, annotation_id, version))


def heavy(session: Session, version: AnnotationVersion) -> tuple[str, list[dict[str, Any]]]:
    """The mask of a version, and what the person did for it, wherever they are stored."""
    counts, prompts = session.execute(
        select(_first_from(version, "rle_counts"), _first_from(version, "prompts"))
    ).one()
    if counts is None or prompts is None:
        present = session.get_one(Annotation, (version.id, version.project_id))
        counts, prompts = counts or present.rle_counts, present.prompts if prompts is None else prompts
    return counts, prompts


def in_effect(
    session: Session, project_id: str, image_id: str, layer: str | None, moment: datetime
) -> tuple[list[AnnotationVersion], set[str]]:
    """What the common objects of an image, or those of a layer, were at a moment: those that are something else now, or
    gone, as versions; and the ids of the rest. Of one that is older than what is known of it, the oldest that is."""
    present = {
        row.id: (row.updated_at, row.created_at)
        for row in session.execute(
            select(Annotation.id, Annotation.updated_at, Annotation.created_at).where(
                Annotation.project_id == project_id,
                Annotation.image_id == image_id,
                Annotation.layer.is_not_distinct_from(layer),
            )
        )
    }
    query = select(AnnotationVersion).options(
        defer(AnnotationVersion.rle_counts), defer(AnnotationVersion.prompts)
    )
    query = query.where(
        AnnotationVersion.project_id == project_id,
        AnnotationVersion.image_id == image_id,
        AnnotationVersion.layer.is_not_distinct_from(layer),
    )
    oldest: dict[str, AnnotationVersion] = {}
    then: dict[str, AnnotationVersion] = {}
    for row in session.scalars(query.order_by(AnnotationVersion.version)):
        oldest.setdefault(row.id, row)
        if row.updated_at <= moment:
            then[row.id] = row
    as_now = {each for each, (updated, _) in present.items() if updated <= moment}
    for each, (_, created) in present.items():
        if each not in as_now and each not in then and created <= moment:
            if each in oldest:
                then[each] = oldest[each]
            else:
                as_now.add(each)
    changed = [
        row
        for each, row in then.items()
        if each not in as_now and (row.deleted_at is None or row.deleted_at > moment)
    ]
    return changed, as_now


def _kept(project_id: str) -> Any:
    row = AnnotationVersion
    return select(
        row.id, row.image_id, row.version, row.updated_at, row.updated_by, row.label_id, row.label, row.area,
        row.attributes, row.z, row.source_id, row.restored_from, row.layer, row.rle_counts.is_not(None), row.deleted_at,
        row.deleted_by,
    ).where(row.project_id == project_id)  # fmt: skip


def _was(row: Any) -> Was:
    """The last before a deletion has a mask without having been changed."""
    was = Was(*row)
    return was if was.deleted_at is None else was._replace(masked_anew=False)


def _present(session: Session, project_id: str, ids: Collection[str]) -> list[Was]:
    query = select(Annotation).where(Annotation.project_id == project_id, Annotation.id.in_(ids))
    query = query.options(defer(Annotation.rle_counts), defer(Annotation.prompts))
    return [
        Was(
            each.id, each.image_id, each.version, each.updated_at, each.updated_by, each.label_id, each.label,
            each.area, each.attributes, each.z, each.source_id, each.restored_from, each.layer, False, None, None,
        )
        for each in session.scalars(query)
    ]  # fmt: skip


def _first_from(version: AnnotationVersion, name: str) -> Any:
    """Of this version, or the next that has one."""
    column = getattr(AnnotationVersion, name)
    query = select(column).where(
        AnnotationVersion.project_id == version.project_id,
        AnnotationVersion.id == version.id,
        AnnotationVersion.version >= version.version,
        column.is_not(None),
    )
    return query.order_by(AnnotationVersion.version).limit(1).scalar_subquery()
