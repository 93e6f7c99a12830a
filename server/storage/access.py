"""What actors are in the projects that something is about. Knows no routes."""

from collections.abc import Collection
from typing import NamedTuple

from ..domain.policy import ROLES, Action, Actor, Role, allows, at_least
from ..domain.visits import Visit
from .engine import Database
from .rows import accounts as account_rows
from .rows import members as rows
from .rows.visits import links

HIGHEST: Role = ROLES[-1]


class Standing(NamedTuple):
    """An actor's role. `project_id`: in which project, where it is of one that only looking could tell."""

    role: Role | None
    project_id: str | None = None


NONE = Standing(None)


class Access:
    """To whom every project belongs, it tells so without looking. Whether something is not there, or is there and none
    of the actor's, it does not tell, and takes the same time over."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def in_project(self, actor: Actor, project_id: str) -> Standing:
        """Deleted ones count, but for visitors, whose links lead into none."""
        if actor.visit is not None:
            return Standing(actor.visit.role) if actor.visit.project_id == project_id else NONE
        if actor.kind != "account" or actor.everywhere:
            return _elsewhere(actor)
        with self._db.read() as session:
            return Standing(rows.role_in(session, actor.id, project_id))

    def is_member(self, actor: Actor, project_id: str) -> bool:
        """Whether they have a role there, as members and administrators do."""
        return self.in_project(actor, project_id).role is not None

    def on_image(self, actor: Actor, image_id: str) -> Standing:
        """The highest role in a project that has the image, and did not remove it."""
        if actor.visit is not None:
            return Standing(actor.visit.role) if self.reaches(actor.visit, image_id) else NONE
        if actor.kind != "account" or actor.everywhere:
            return _elsewhere(actor)
        with self._db.read() as session:
            return Standing(rows.role_on_image(session, actor.id, image_id))

    def on_annotation(self, actor: Actor, annotation_id: str) -> Standing:
        """In which project, too, where that is of one that only looking could tell."""
        if actor.visit is not None:
            visit = actor.visit
            with self._db.read() as session:
                seen = links.has_annotation(session, visit, annotation_id)
            return Standing(visit.role, visit.project_id) if seen else NONE
        if actor.kind != "account" or actor.everywhere:
            return _elsewhere(actor)
        with self._db.read() as session:
            found = rows.role_on_annotation(session, actor.id, annotation_id)
        return NONE if found is None else Standing(found[1], found[0])

    def reaches(self, visit: Visit, image_id: str) -> bool:
        """Whether a visit is of an image."""
        with self._db.read() as session:
            return bool(links.reached(session, visit, [image_id]))

    def projects_of(self, actor: Actor) -> Collection[str]:
        """Those in which an account has a role, or where a visit leads."""
        if actor.visit is not None:
            return (actor.visit.project_id,)
        with self._db.read() as session:
            return rows.roles_of(session, actor.id)

    def managed_by(self, actor: Actor) -> Collection[str]:
        """Those that an account manages."""
        if actor.visit is not None:
            return ()
        with self._db.read() as session:
            roles = rows.roles_of(session, actor.id)
        return [project_id for project_id, role in roles.items() if at_least(role, "manager")]

    def images_of(self, actor: Actor, image_ids: Collection[str]) -> Collection[str]:
        """Those of a thousand images at most that `on_image` finds a role on, for who is not everywhere."""
        if actor.visit is not None:
            with self._db.read() as session:
                return links.reached(session, actor.visit, image_ids)
        with self._db.read() as session:
            return rows.images_of(session, actor.id, image_ids)

    def alone_in(self, project_id: str) -> Collection[str]:
        """Accounts that do not see others' work where it is hidden from annotators."""
        with self._db.read() as session:
            return rows.annotators(session, project_id)

    def may_still(self, stored: Actor, action: Action, project_id: str) -> bool:
        """Whether somebody who is known by what is stored with their deeds may do this now."""
        if stored.kind != "account":
            return allows(stored, action)
        with self._db.read() as session:
            account = account_rows.find(session, stored.id)
            if account is None or account.disabled_at is not None:
                return False
            role = rows.role_in(session, account.id, project_id)
            return allows(Actor("account", account.id, admin=account.is_admin), action, role)


def _elsewhere(actor: Actor) -> Standing:
    return Standing(HIGHEST) if actor.everywhere else NONE
