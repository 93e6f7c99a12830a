"""All objects of an image as they were at a moment: one step, that can be undone by another."""

from datetime import datetime
from typing import NamedTuple

from ...contract import to_json
from ...domain.policy import Actor
from ...storage.rows import annotations as rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import audience, sight_of
from ...storage.rows.past import history
from ...storage.tables import Annotation, AnnotationVersion, now
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from ..projects.progress import keep_working
from . import schema
from .service import choose_label, described


class Restored(NamedTuple):
    """`annotations`: those that the actor works with, oldest first. `changed`: how many were changed, deleted or
    restored, all between `began` and `ended`."""

    annotations: list[schema.Annotation]
    changed: int
    began: datetime
    ended: datetime


class Restoring:
    def __init__(self, unit_of_work: UnitsOfWork) -> None:
        self._unit_of_work = unit_of_work

    def restore(
        self,
        actor: Actor,
        project_id: str,
        image_id: str,
        moment: datetime,
        adds_labels: bool,
        undoes: datetime | None = None,
    ) -> Restored:
        """The objects that the actor works with as they were then. `adds_labels`: whether labels that are gone may be
        added again. `undoes`: when a restoration of the actor's had ended, so that what was done since stays.

        Raises ProjectNotFound, ImageNotFound, Forbidden."""
        with self._unit_of_work(actor) as work:
            session, began = work.session, now()
            place, image = found_place(session, project_id, image_id)
            project = found_project(session, project_id)
            layer = sight_of(session, actor, project).layer(place)
            heard = audience(project, place, layer)
            then, as_now = history.in_effect(session, project_id, image_id, layer, moment)
            there = rows.of_image(session, project_id, image_id, layer)
            kept = as_now | {each.id for each in then}
            gone = [each for each in there if each.id not in kept]
            if undoes is not None:
                done = {each.id for each in there if _by_restoring(each, actor, undoes)}
                gone = [each for each in gone if each.id in done]
                then = [each for each in then if each.id in done or _deleted_by(each, actor, undoes)]
            for each in gone:
                told = {"id": each.id, "version": each.version}
                rows.bury(session, each, actor.author)
                work.tell("annotation:deleted", project_id, told, image_id, heard)
            made = [each for was in then if (each := _restored(work, was, adds_labels)) is not None]
            for each in made:
                told = {"annotation": to_json(described(each, image))}
                work.tell("annotation:changed", project_id, told, image_id, heard)
            if gone or made:
                keep_working(work, project, place, layer, created=bool(made))
            session.flush()
            listed = rows.of_image(session, project_id, image_id, layer)
            annotations = [described(each, image) for each in listed]
            return Restored(annotations, len(gone) + len(made), began, now())


def _by_restoring(present: Annotation, actor: Actor, ended: datetime) -> bool:
    """Whether it is what a restoration of the actor's made of it, before that had ended."""
    return (
        present.restored_from is not None
        and present.updated_by == actor.author
        and present.updated_at <= ended
    )


def _deleted_by(was: AnnotationVersion, actor: Actor, ended: datetime) -> bool:
    return was.deleted_at is not None and was.deleted_by == actor.author and was.deleted_at <= ended


def _restored(work: UnitOfWork, was: AnnotationVersion, adds_labels: bool) -> Annotation | None:
    """None: it is so already, or its id is that of another now."""
    session = work.session
    counts, prompts = history.heavy(session, was)
    values = {name: getattr(was, name) for name in (*schema.WRITABLE, "area", "bbox") if name != "prompts"}
    values |= {"rle_counts": counts, "prompts": prompts, "label_id": was.label_id, "label": was.label}
    choose_label(work, was.project_id, values, adds_labels)
    present = rows.find(session, was.id, was.project_id)
    if present is not None and (present.image_id, present.layer) != (was.image_id, was.layer):
        return None
    if present is not None and all(getattr(present, name) == value for name, value in values.items()):
        return None
    moment = now()
    values |= {"updated_at": moment, "updated_by": work.actor.author, "restored_from": was.version}
    if present is not None:
        for name, value in values.items():
            setattr(present, name, value)
        present.version += 1
        session.flush()
        return present
    buried = rows.buried(session, was.project_id, [was.id])[was.id]
    whose = {"id": was.id, "project_id": was.project_id, "image_id": was.image_id, "layer": was.layer}
    author = buried.created_by
    version = rows.first_version(session, buried)
    session.flush()
    created = Annotation(
        **whose, created_at=moment, created_by=author, version=version, source_id=was.source_id, **values
    )
    session.add(created)
    session.flush()
    return created
