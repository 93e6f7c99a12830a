"""Projects: create, change, list, archive, delete and restore; one transaction each."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Literal, get_args

from sqlalchemy.orm import Session

from ...contract import parse, to_json
from ...contract.answers import Undo, Undoable
from ...domain.policy import Actor, allows
from ...domain.times import UNDO_DAYS, optional_timestamp, timestamp
from ...errors import (
    BadRequest,
    Conflict,
    InvalidProject,
    ProjectNotFound,
    SegmenterNotFound,
    unknown,
)
from ...inference.catalog import SegmenterSpec
from ...runtime.pools import Pools
from ...storage.access import HIGHEST
from ...storage.engine import Database
from ...storage.rows import members
from ...storage.rows import projects as rows
from ...storage.rows.finding import found_project
from ...storage.rows.layers import Sight, common, sight_of, sight_with
from ...storage.rows.listing.order import STATES
from ...storage.rows.projects import Figures
from ...storage.tables import DEFAULT_PROJECT, Project, now
from ...storage.unit_of_work import UnitsOfWork
from ..segmenters.service import Segmenters
from .guidelines import render_guidelines
from .schema import (
    CHANGEABLE,
    NewProject,
    ProjectChange,
    ProjectSettings,
    ProjectSummary,
    StateCounts,
)
from .schema import Project as ProjectJson

Which = Literal["active", "archived", "deleted"]
WHICH: tuple[Which, ...] = get_args(Which)
_COVERS = 4
_OWNED = 200  # projects of one person
_DEFAULTS: dict[str, Any] = to_json(ProjectSettings())


class Projects:
    """Takes the API's JSON objects, and gives them as structs."""

    def __init__(self, db: Database, pools: Pools, segmenters: Segmenters, unit_of_work: UnitsOfWork) -> None:
        self._db, self._pools, self._segmenters = db, pools, segmenters
        self._unit_of_work = unit_of_work

    def list(self, actor: Actor, which: str = "active") -> list[ProjectSummary]:
        """The actor's: the default project, then the newest first; deleted ones for who may restore them. Raises
        BadRequest."""
        if which not in WHICH:
            raise BadRequest(unknown("kind of projects", which, WHICH))
        with self._db.read() as session:
            roles = {} if actor.everywhere else members.roles_of(session, actor.id)
            listed = [
                (project, sight_with(actor, project, roles.get(project.id)))
                for project in rows.every(session, None if actor.everywhere else actor.id)
                if _state(project) == which
            ]
            if which == "deleted":
                listed = [each for each in listed if allows(actor, "project.delete", each[1].role)]
            figures = rows.figures(session, [sight for _, sight in listed])
            return [
                ProjectSummary(
                    **_summary(
                        project,
                        figures.get(project.id, Figures({}, 0)),
                        rows.covers(session, sight, _COVERS),
                        sight,
                    )
                )
                for project, sight in listed
            ]

    def get(self, actor: Actor, project_id: str) -> ProjectJson:
        """With its guidelines, as written and as HTML. Raises ProjectNotFound."""
        with self._db.read() as session:
            project = found_project(session, project_id)
            summary = _described(session, project, sight_of(session, actor, project))
        return ProjectJson(**summary, **self._rendered(project.guidelines))

    def find(self, project_id: str) -> Project:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            return found_project(session, project_id)

    def create(self, actor: Actor, data: Mapping[str, Any]) -> ProjectJson:
        """Its creator is its owner. Raises InvalidProject, SegmenterNotFound; Conflict for who owns too many."""
        values = to_json(parse(NewProject, data, InvalidProject))
        self._check_segmenter(values)
        rendered = self._rendered(values.get("guidelines", ""))
        project = Project(id=token_hex(6), **values)
        project.settings = _DEFAULTS | (project.settings or {})
        with self._unit_of_work(actor) as work:
            _check_owns_few(work.session, actor)
            work.session.add(project)
            work.session.flush()
            if actor.kind == "account":
                members.put(work.session, project.id, actor.id, HIGHEST)
            return ProjectJson(**_described(work.session, project, common(project.id)), **rendered)

    def change(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> ProjectJson:
        """Raises ProjectNotFound, InvalidProject, SegmenterNotFound."""
        values = to_json(parse(ProjectChange, data, InvalidProject))
        if not values:
            raise InvalidProject("Nothing is changed.", hint=f"Fields that can be: {', '.join(CHANGEABLE)}.")
        self._check_segmenter(values)
        return self._change(actor, project_id, values)

    def delete(self, actor: Actor, project_id: str) -> Undoable:
        """Move it, with all it holds, to the trash: how to restore it, until when. Raises ProjectNotFound, Conflict."""
        _check_not_default(project_id)
        moment = now()
        with self._unit_of_work(actor, reserved=True) as work:
            found_project(work.session, project_id).deleted_at = moment
            work.tell("project:deleted", project_id)
        return Undoable(Undo("POST", f"/api/projects/{project_id}/restore"), undo_until(moment))

    def restore(self, actor: Actor, project_id: str) -> ProjectJson:
        """Have a deleted one back. Raises ProjectNotFound when it is gone for good."""
        return self._change(actor, project_id, {"deleted_at": None}, _found_though_deleted)

    def delete_forever(self, actor: Actor, project_id: str) -> None:
        """One that was deleted, with all that was made in it. Files of images that no project has any more go to
        quarantine with the next cleaning. Raises ProjectNotFound; Conflict for one that is not deleted."""
        with self._unit_of_work(actor, reserved=True) as work:
            if _found_though_deleted(work.session, project_id).deleted_at is None:
                raise Conflict("Only a deleted project can be deleted permanently.", hint="Delete it first.")
            rows.remove(work.session, project_id)

    def archive(self, actor: Actor, project_id: str) -> ProjectJson:
        """Off the list of those one works on; all that is in it stays and can be worked on. Raises ProjectNotFound,
        Conflict."""
        _check_not_default(project_id)
        return self._change(actor, project_id, {"archived_at": now()})

    def unarchive(self, actor: Actor, project_id: str) -> ProjectJson:
        """Raises ProjectNotFound."""
        return self._change(actor, project_id, {"archived_at": None})

    def segmenter(self, project_id: str) -> SegmenterSpec:
        """The project's own, or the configured one where it has none or that is not installed any more."""
        chosen = self.find(project_id).settings.get("segmenter")
        try:
            return self._segmenters.find(chosen)
        except SegmenterNotFound:
            return self._segmenters.find()

    def segmenter_for(self, actor: Actor, name: object = None) -> SegmenterSpec:
        """The segmenter of this name, as a client sent it, or for None the configured one. Visitors have that of their
        project, and no other. Raises SegmenterNotFound."""
        if actor.visit is None:
            return self._segmenters.find(name)
        own = self.segmenter(actor.visit.project_id)
        if name not in (None, own.id):
            raise SegmenterNotFound(hint=f"This share link uses {own.id}.")
        return own

    def segmenters_for(self, actor: Actor) -> tuple[SegmenterSpec, ...]:
        """Those that the actor may choose from."""
        return self._segmenters.installed() if actor.visit is None else (self.segmenter_for(actor),)

    def _change(
        self,
        actor: Actor,
        project_id: str,
        values: Mapping[str, Any],
        found: Callable[[Session, str], Project] = found_project,
    ) -> ProjectJson:
        """The project with these fields changed, those of its settings that are named. What may fail comes first."""
        with self._db.read() as session:
            project = found(session, project_id)
        rendered = self._rendered(values.get("guidelines", project.guidelines))
        with self._unit_of_work(actor) as work:
            project = found(work.session, project_id)
            if "deleted_at" in values:
                work.tell("project:restored", project_id)
            else:
                work.tell("project:changed", project_id, {"fields": list(values)})
            for name, value in values.items():
                merged = _DEFAULTS | project.settings | value if name == "settings" else value
                setattr(project, name, merged)
            work.session.flush()
            described = _described(work.session, project, sight_of(work.session, actor, project))
            return ProjectJson(**described, **rendered)

    def _rendered(self, guidelines: str) -> dict[str, Any]:
        html = self._pools.compute(render_guidelines, guidelines)
        return {"guidelines": guidelines, "guidelines_html": html}

    def _check_segmenter(self, values: Mapping[str, Any]) -> None:
        segmenter = values.get("settings", {}).get("segmenter")
        if segmenter is not None:
            self._segmenters.find(segmenter)


def _check_owns_few(session: Session, actor: Actor) -> None:
    """Each project takes room on the server, and a place on its members' home pages. Raises Conflict."""
    if actor.everywhere:
        return
    owned = sum(role == HIGHEST for role in members.roles_of(session, actor.id).values())
    if owned >= _OWNED:
        raise Conflict(
            f"You own {owned} projects, those in the trash included; more than {_OWNED} take an administrator.",
            hint="Delete one permanently first.",
        )


def _check_not_default(project_id: str) -> None:
    if project_id == DEFAULT_PROJECT:
        raise Conflict(
            "Images without a project go into this project, so it cannot be deleted.",
            hint="Delete its images instead.",
        )


def _found_though_deleted(session: Session, project_id: str) -> Project:
    project = rows.find(session, project_id)
    if project is None:
        raise ProjectNotFound()
    return project


def undo_until(moment: datetime) -> str:
    """Until when something deleted now can be restored."""
    return timestamp(moment + timedelta(days=UNDO_DAYS))


def _state(project: Project) -> Which:
    if project.deleted_at is not None:
        return "deleted"
    return "active" if project.archived_at is None else "archived"


def _described(session: Session, project: Project, sight: Sight) -> dict[str, Any]:
    figures = rows.figures(session, [sight]).get(project.id, Figures({}, 0))
    return _summary(project, figures, rows.covers(session, sight, _COVERS), sight)


def _summary(project: Project, figures: Figures, covers: list[str], sight: Sight) -> dict[str, Any]:
    """The fields of a ProjectSummary."""
    hidden: dict[str, Any] = {} if sight.manages else {"gold_every": 0}
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "settings": ProjectSettings(**_DEFAULTS | project.settings | hidden),
        "created_at": timestamp(project.created_at),
        "archived_at": optional_timestamp(project.archived_at),
        "deleted_at": optional_timestamp(project.deleted_at),
        "counts": StateCounts(**{state: figures.images.get(state, 0) for state in STATES}),
        "image_count": sum(figures.images.values()),
        "annotation_count": figures.objects,
        "covers": [f"/api/images/{image_id}/thumbnail" for image_id in covers],
        "role": sight.role,
    }
