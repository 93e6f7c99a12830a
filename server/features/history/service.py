"""Who did what when: of an object, an image, a project; and versions of objects, looked at and restored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse, to_json
from ...contract.answers import Undo
from ...domain.events import Kind
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...errors import AnnotationDeleted, AnnotationNotFound, BadRequest, NotFound, VersionConflict
from ...storage.engine import Database
from ...storage.rows import accounts, project_images
from ...storage.rows import annotations as annotation_rows
from ...storage.rows import labels as label_rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import Sight, sight_of
from ...storage.rows.past import history as rows
from ...storage.tables import AnnotationVersion, Image
from ..annotations.mask_schema import RLE
from ..annotations.restoring import Restoring
from ..annotations.schema import WRITABLE, Annotation
from ..annotations.service import Annotations
from .entries import KINDS, of_event, of_versions
from .schema import HistoryEntry, HistoryPage, ImageRestore, ImageRestored, Restore

MOST = 200  # entries of one answer
GROUPS: dict[str, tuple[Kind, ...]] = {
    "objects": (
        "annotation:changed",
        "annotation:deleted",
        "annotations:imported",
        "annotations:agreed",
        "annotations:segmented",
    ),
    "states": ("image:changed", "images:changed"),
    "reviews": ("image:changed",),
    "assignments": ("assignments:changed",),
    "comments": ("comment:changed", "comment:deleted"),
    "images": ("images:added", "images:removed", "images:restored", "images:deleted"),
    "labels": ("labels:changed",),
    "project": ("project:changed", "project:deleted", "project:restored", "links:changed"),
}
_REST_OF_MILLISECOND = timedelta(microseconds=999)
_UNKNOWN_COLOR = "#808080"  # of a label that is gone


@dataclass(frozen=True)
class Asked:
    """Which part of a history. `group`: one of GROUPS; `person`: id of an account; `before`: the "next" of the page
    before."""

    group: str | None = None
    person: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


class History:
    def __init__(self, db: Database, annotations: Annotations, restoring: Restoring) -> None:
        self._db, self._annotations, self._restoring = db, annotations, restoring

    def of_project(self, actor: Actor, project_id: str, asked: Asked) -> HistoryPage:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            return _events(session, sight_of(session, actor, found_project(session, project_id)), asked)

    def of_image(self, actor: Actor, project_id: str, image_id: str, asked: Asked) -> HistoryPage:
        """Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            found_place(session, project_id, image_id)
            sight = sight_of(session, actor, found_project(session, project_id))
            return _events(session, sight, asked, image_id)

    def of_annotation(
        self, actor: Actor, annotation_id: str, project_id: str | None, asked: Asked
    ) -> HistoryPage:
        """`project_id`: must be named for an object that was deleted. `asked`: only its `before`, a version, and its
        limit. Raises AnnotationNotFound."""
        with self._db.read() as session:
            project_id, versions, _ = _of_object(session, actor, annotation_id, project_id)
            entries = of_versions(versions, actor.account)
        if asked.before is not None:
            entries = [each for each in entries if (each.version or 0) < asked.before]
        limit = _limit(asked)
        following = entries[limit - 1].version if len(entries) > limit else None
        with self._db.read() as session:
            return _page(session, project_id, entries[:limit], following or None)

    def version(self, actor: Actor, annotation_id: str, number: int, project_id: str | None) -> Annotation:
        """As it was then. Raises AnnotationNotFound; NotFound for a version that is not known."""
        with self._db.read() as session:
            project_id, _, image = _of_object(session, actor, annotation_id, project_id)
            present = annotation_rows.find(session, annotation_id, project_id)
            if present is not None and present.version == number:
                return self._annotations.get(actor, annotation_id, project_id)
            was = rows.kept(session, project_id, annotation_id, number)
            if was is None:
                raise NotFound("This version is not known.", hint="Its history lists those that are.")
            return _described(session, was, image)

    def restore(
        self,
        actor: Actor,
        annotation_id: str,
        data: Mapping[str, Any],
        project_id: str | None,
        adds_labels: bool,
    ) -> Annotation:
        """Have an object be as an earlier version of it, also one that was deleted: a new version. Asked again, it is
        done once. `adds_labels`: whether the version's label may be added again.

        Raises AnnotationNotFound, BadRequest, NotFound for a version that is not known, VersionConflict with the
        present one, AnnotationDeleted with the deletion's, Forbidden."""
        asked = parse(Restore, data, BadRequest)
        with self._db.read() as session:
            project_id, _, image = _of_object(session, actor, annotation_id, project_id)
            present = annotation_rows.find(session, annotation_id, project_id)
            buried = annotation_rows.buried(session, project_id, [annotation_id]).get(annotation_id)
            again = present is not None and present.version == asked.base + 1
            repeated = again and present is not None and present.restored_from == asked.version
        if repeated:
            return self._annotations.get(actor, annotation_id, project_id)
        if present is not None and present.version != asked.base:
            raise VersionConflict(current=self._annotations.get(actor, annotation_id, project_id))
        if buried is not None and buried.version != asked.base:
            raise AnnotationDeleted(version=buried.version)
        was = to_json(self.version(actor, annotation_id, asked.version, project_id))
        content = {name: was[name] for name in ("label_id", "label", "color", "rle", *WRITABLE)}
        content |= {"version": asked.base}
        if present is not None:
            return self._annotations.change(
                actor, annotation_id, content, project_id, adds_labels, restored_from=asked.version
            )
        content["id"] = annotation_id
        restored, _ = self._annotations.create(
            actor, image.id, content, project_id, adds_labels, restored_from=asked.version
        )
        return restored

    def restore_image(
        self, actor: Actor, project_id: str, image_id: str, data: Mapping[str, Any], adds_labels: bool
    ) -> ImageRestored:
        """Have all objects of an image that the actor works with be as they were at a moment. Raises BadRequest,
        ProjectNotFound, ImageNotFound, Forbidden."""
        asked = parse(ImageRestore, data, BadRequest)
        moment = read_moment("at", asked.at)
        undoes = None if asked.undoes is UNSET else read_moment("undoes", asked.undoes)
        if undoes is None and moment.microsecond % 1000 == 0:  # as histories tell times
            moment += _REST_OF_MILLISECOND
        made = self._restoring.restore(actor, project_id, image_id, moment, adds_labels, undoes)
        url = f"/api/projects/{project_id}/images/{image_id}/restore"
        times = {"at": made.began, "undoes": made.ended}
        body = {name: each.isoformat(timespec="microseconds") for name, each in times.items()}
        return ImageRestored(
            made.annotations, made.changed, Undo("POST", url, body) if made.changed else UNSET
        )


def read_moment(name: str, text: str) -> datetime:
    """A day, or a time; of UTC where it says nothing else. Raises BadRequest."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest(
            f'"{name}" must be a day or a time, as 2026-01-31 or 2026-01-31T12:00:00Z.'
        ) from None


def _of_object(
    session: Session, actor: Actor, annotation_id: str, project_id: str | None
) -> tuple[str, list[rows.Was], Image]:
    """Its project, all versions that are known, the oldest first, and its image. Raises AnnotationNotFound, also for
    what the actor does not see."""
    if project_id is None:
        present = annotation_rows.find(session, annotation_id)
        if present is None:
            raise AnnotationNotFound()
        project_id = present.project_id
    versions = rows.versions(session, project_id, annotation_id)
    if not versions:
        raise AnnotationNotFound()
    layer = versions[-1].layer
    try:
        place, image = found_place(session, project_id, versions[-1].image_id)
    except NotFound:
        if layer not in (None, actor.account):
            raise AnnotationNotFound() from None
        raise AnnotationNotFound("The image of this annotation, or its project, was deleted.") from None
    if not sight_of(session, actor, found_project(session, project_id)).sees(place, layer):
        raise AnnotationNotFound()
    return project_id, versions, image


def _events(session: Session, sight: Sight, asked: Asked, image_id: str | None = None) -> HistoryPage:
    kinds = KINDS if asked.group is None else GROUPS[asked.group]
    limit = _limit(asked)
    wanted = rows.Wanted(
        kinds,
        image_id,
        None if asked.person is None else str(Actor.of_author(asked.person)),
        asked.since,
        asked.until,
        asked.before,
        {"states": False, "reviews": True}.get(asked.group or ""),
    )
    told = rows.told(session, sight, wanted, limit + 1)
    keys = {
        (each.annotation_id, each.version - back)
        for each in told
        if each.annotation_id is not None and each.version is not None
        for back in range(3)
    }
    versions = rows.some(session, sight.project_id, keys)
    entries = [of_event(each, versions) for each in told[:limit]]
    return _page(session, sight.project_id, entries, told[limit - 1].seq if len(told) > limit else None)


def _page(
    session: Session, project_id: str, entries: Sequence[HistoryEntry], following: int | None
) -> HistoryPage:
    people = {each.by for each in entries if each.by} | {
        each for entry in entries for each in (entry.to or ()) if each
    }
    images = {each.image for each in entries if each.image}
    return HistoryPage(
        list(entries),
        following,
        accounts.names(session, people),
        project_images.names(session, project_id, images),
    )


def _limit(asked: Asked) -> int:
    return max(1, min(asked.limit, MOST))


def _described(session: Session, was: AnnotationVersion, image: Image) -> Annotation:
    counts, prompts = rows.heavy(session, was)
    label = label_rows.get(session, was.project_id, was.label_id)
    tombstone = annotation_rows.buried(session, was.project_id, [was.id]).get(was.id)
    present = annotation_rows.find(session, was.id, was.project_id)
    author = present or tombstone
    light = {name: getattr(was, name) for name in WRITABLE if name != "prompts"}
    return Annotation(
        id=was.id,
        project_id=was.project_id,
        image_id=was.image_id,
        label_id=was.label_id,
        label=was.label,
        color=label.color if label is not None else _UNKNOWN_COLOR,
        rle=RLE([image.height, image.width], counts),
        area=was.area,
        bbox=was.bbox,
        version=was.version,
        created_at=timestamp(present.created_at if present is not None else was.updated_at),
        updated_at=timestamp(was.updated_at),
        created_by=author.created_by if author is not None else None,
        updated_by=was.updated_by,
        prompts=prompts,  # type: ignore[arg-type]
        **light,
    )
