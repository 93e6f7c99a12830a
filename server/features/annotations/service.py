"""Annotations: create, change, delete, list; one transaction each, and word to whoever watches the image."""

import uuid
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import to_json
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...errors import (
    AnnotationDeleted,
    AnnotationNotFound,
    Conflict,
    Forbidden,
    ImageNotFound,
    InvalidAnnotation,
    ProjectNotFound,
    SamphireError,
    VersionConflict,
)
from ...runtime.pools import Pools
from ...storage.engine import Database
from ...storage.rows import annotations as rows
from ...storage.rows import events as event_rows
from ...storage.rows import labels as label_rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import Sight, audience, sight_of
from ...storage.rows.proposals import nearest
from ...storage.rows.visits import links
from ...storage.tables import DEFAULT_PROJECT, Annotation, Image, LabelClass, Project, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from ..projects.labels import have_label
from ..projects.progress import keep_working
from . import schema
from .fields import columns, columns_of_new, measure, parse_change, parse_new
from .mask_schema import RLE


class Annotations:
    """Takes the API's JSON objects, and gives them as structs.

    What a call returns is durable: a crash afterwards loses nothing of it. A label is told by its id; by its name
    where no id is given or the project has no such label any more. A name that is new to the project is added to its
    label classes. The first annotation of a new image makes it one in progress."""

    def __init__(self, db: Database, pools: Pools, unit_of_work: UnitsOfWork) -> None:
        self._db = db
        self._pools = pools
        self._unit_of_work = unit_of_work

    def of_image(
        self, actor: Actor, image_id: str, project_id: str = DEFAULT_PROJECT, layer: str | None = None
    ) -> list[schema.Annotation]:
        """Those that the actor works with, oldest first; or those of somebody's layer, for reviewers.

        Raises ProjectNotFound, ImageNotFound, Forbidden."""
        with self._db.read() as session:
            layer, image = _seen(session, actor, project_id, image_id, layer)
            return [
                described(annotation, image)
                for annotation in rows.of_image(session, project_id, image_id, layer)
            ]

    def certainties(
        self, actor: Actor, image_id: str, project_id: str, layer: str | None = None
    ) -> list[schema.Certainty]:
        """Of the same annotations, the least certain first. Raises the same."""
        with self._db.read() as session:
            layer, _ = _seen(session, actor, project_id, image_id, layer)
            found = nearest.certainties(session, project_id, image_id, layer)
        return [schema.Certainty(*each) for each in found]

    def get(self, actor: Actor, annotation_id: str, project_id: str | None = None) -> schema.Annotation:
        """In a project; None: the oldest that has the id. Raises AnnotationNotFound."""
        with self._db.read() as session:
            annotation, _, image, _ = _found(session, actor, annotation_id, project_id)
            return described(annotation, image)

    def create(
        self,
        actor: Actor,
        image_id: str,
        data: Any,
        project_id: str = DEFAULT_PROJECT,
        adds_labels: bool = True,
        restored_from: int | None = None,
    ) -> tuple[schema.Annotation, bool]:
        """A new annotation, and True; or the one that already has the client's id, as it is now, and False.

        One that was deleted is restored only by whom `version` tells that they know: a request that is repeated
        must not bring back what somebody deleted meanwhile. Versions never start again.

        `adds_labels`: whether a label may be new to the project; `restored_from`: the version that it is again. Raises
        ProjectNotFound, ImageNotFound, InvalidAnnotation, InvalidRLE, AnnotationDeleted, Conflict when the id belongs
        to another image that the actor may see, AnnotationNotFound when to one that a link does not lead to, Forbidden
        for a label that may not be added."""
        with self._db.read() as session:
            _, image = found_place(session, project_id, image_id)
        new = parse_new(data)
        values = columns_of_new(new) | self._pools.compute(measure, new.rle, image.width, image.height)
        values.setdefault("id", str(uuid.uuid4()))
        moment = now()
        with self._unit_of_work(actor) as work:
            session = work.session
            place, image = found_place(session, project_id, image_id)
            project = found_project(session, project_id)
            layer = sight_of(session, actor, project).layer(place)
            whose = None if actor.everywhere else actor.id
            owner = rows.owners(session, [values["id"]], project_id, whose).get(values["id"])
            if owner is not None and owner != (project_id, image_id, layer):
                raise _taken(session, actor, owner.image_id)
            existing = None if owner is None else rows.find(session, values["id"], project_id)
            if existing is not None:
                return described(existing, image), False
            buried = rows.buried(session, project_id, [values["id"]]).get(values["id"])
            if buried is not None and (buried.image_id, buried.layer) != (image_id, layer):
                raise _taken(session, actor, buried.image_id)
            if buried is not None and new.version != buried.version:
                raise AnnotationDeleted(version=buried.version)
            values.setdefault("z", rows.next_z(session, project_id, image_id, layer))
            choose_label(work, project_id, values, adds_labels)
            place_values = {"project_id": project_id, "image_id": image_id}
            author = actor.author if buried is None else buried.created_by
            version = rows.first_version(session, buried)
            created = Annotation(
                **place_values,
                created_at=moment,
                updated_at=moment,
                created_by=author,
                updated_by=actor.author,
                version=version,
                layer=layer,
                restored_from=restored_from,
                **values,
            )
            session.add(created)
            annotation = described(created, image)
            told = {"annotation": to_json(annotation)}
            work.tell("annotation:changed", project_id, told, image_id, audience(project, place, layer))
            keep_working(work, project, place, layer, created=True)
        return annotation, True

    def change(
        self,
        actor: Actor,
        annotation_id: str,
        data: Any,
        project_id: str | None = None,
        adds_labels: bool = True,
        restored_from: int | None = None,
    ) -> schema.Annotation:
        """The annotation, found as `get` does, with some fields changed and the next version. `adds_labels`,
        `restored_from`: see `create`.

        Raises AnnotationNotFound, InvalidAnnotation, InvalidRLE, Forbidden, or VersionConflict with the current one."""
        change = parse_change(data)
        values = columns(change)
        with self._db.read() as session:
            _, _, image, _ = _found(session, actor, annotation_id, project_id)
        if change.rle is not UNSET:
            values |= self._pools.compute(measure, change.rle, image.width, image.height)
        with self._unit_of_work(actor) as work:
            annotation, place, image, project = _at_version(work, annotation_id, project_id, change.version)
            choose_label(work, annotation.project_id, values, adds_labels)
            for name, value in values.items():
                setattr(annotation, name, value)
            annotation.version, annotation.restored_from = change.version + 1, restored_from
            annotation.updated_at, annotation.updated_by = now(), actor.author
            changed = described(annotation, image)
            told = {"annotation": to_json(changed)}
            heard = audience(project, place, annotation.layer)
            work.tell("annotation:changed", annotation.project_id, told, annotation.image_id, heard)
            keep_working(work, project, place, annotation.layer)
        return changed

    def delete(self, actor: Actor, annotation_id: str, version: int, project_id: str | None = None) -> None:
        """Found as `get` does. Raises AnnotationNotFound, or VersionConflict with the current one."""
        with self._unit_of_work(actor, reserved=True) as work:
            annotation, place, _, project = _at_version(work, annotation_id, project_id, version)
            rows.bury(work.session, annotation, actor.author)
            told = {"id": annotation_id, "version": version}
            heard = audience(project, place, annotation.layer)
            work.tell("annotation:deleted", annotation.project_id, told, annotation.image_id, heard)
            keep_working(work, project, place, annotation.layer)


def described(annotation: Annotation, image: Image) -> schema.Annotation:
    return schema.Annotation(
        id=annotation.id,
        project_id=annotation.project_id,
        image_id=annotation.image_id,
        label_id=annotation.label_id,
        label=annotation.label,
        color=annotation.color,
        rle=RLE([image.height, image.width], annotation.rle_counts),
        area=annotation.area,
        bbox=annotation.bbox,
        version=annotation.version,
        created_at=timestamp(annotation.created_at),
        updated_at=timestamp(annotation.updated_at),
        created_by=annotation.created_by,
        updated_by=annotation.updated_by,
        **{name: getattr(annotation, name) for name in schema.WRITABLE},
    )


def choose_label(work: UnitOfWork, project_id: str, values: dict[str, Any], adds: bool) -> None:
    """Put the row of the label in the place of what was said of it. Raises InvalidAnnotation for the id of no label of
    the project without a name, Forbidden for a name that is new to it where none may be added. A project without any
    gets its first from whoever draws first."""
    label_id, name, color = (values.pop(each, None) for each in ("label_id", "label", "color"))
    known = None if label_id is None else _label(work.session, project_id, label_id)
    if known is None and name is None and label_id is not None:
        raise InvalidAnnotation("The project has no such label.", hint='Send its "label" and "color" too.')
    if known is None and name is not None:
        known = label_rows.find(work.session, project_id, name)
        if known is None and not adds and label_rows.of_project(work.session, project_id):
            raise Forbidden(
                f'The project has no label "{name}".',
                hint="Use one of its labels, or ask a manager of the project to add this one.",
            )
        known = known or have_label(work, project_id, name, color)
    if known is not None:
        values |= {"label_id": known.id, "label_class": known}


def _label(session: Session, project_id: str, label_id: str) -> LabelClass | None:
    """With this id, or the one that it became."""
    known = label_rows.get(session, project_id, label_id)
    became = event_rows.merged_into(session, project_id, label_id) if known is None else None
    return known if became is None else label_rows.get(session, project_id, became)


def _seen(
    session: Session, actor: Actor, project_id: str, image_id: str, layer: str | None
) -> tuple[str | None, Image]:
    """The layer that the actor works in, or this one, for reviewers; and the image. Raises as `of_image` does."""
    place, image = found_place(session, project_id, image_id)
    sight = sight_of(session, actor, found_project(session, project_id))
    if layer is not None and not sight.reviews:
        raise Forbidden("Only reviewers may look into what somebody made independently.")
    return layer or sight.layer(place), image


def _found(
    session: Session, actor: Actor, annotation_id: str, project_id: str | None
) -> tuple[Annotation, ProjectImage, Image, Sight]:
    """What the actor sees: the rest is there for them as little as what never was."""
    annotation = rows.find(session, annotation_id, project_id)
    if annotation is None:
        raise AnnotationNotFound()
    try:
        place, image = found_place(session, annotation.project_id, annotation.image_id)
    except (ProjectNotFound, ImageNotFound):
        if annotation.layer not in (None, actor.account):
            raise AnnotationNotFound() from None
        raise AnnotationNotFound("The image of this annotation, or its project, was deleted.") from None
    sight = sight_of(session, actor, found_project(session, annotation.project_id))
    if not sight.sees(place, annotation.layer):
        raise AnnotationNotFound()
    return annotation, place, image, sight


def _at_version(
    work: UnitOfWork, annotation_id: str, project_id: str | None, version: int
) -> tuple[Annotation, ProjectImage, Image, Project]:
    annotation, place, image, sight = _found(work.session, work.actor, annotation_id, project_id)
    if not sight.changes(place, annotation, work.actor):
        raise Forbidden(
            "This object is somebody's independent work, which only they change.",
            hint="Make one of your own on the image.",
        )
    if annotation.version != version:
        raise VersionConflict(current=described(annotation, image))
    return annotation, place, image, found_project(work.session, annotation.project_id)


def _taken(session: Session, actor: Actor, image_id: str) -> SamphireError:
    """Of an id that an annotation of this image has. What is on images that a link does not lead to is as if it were
    not."""
    if actor.visit is not None and not links.reached(session, actor.visit, [image_id]):
        return AnnotationNotFound()
    return Conflict("Another image already has an annotation with this id.", hint="Make a new id.")
