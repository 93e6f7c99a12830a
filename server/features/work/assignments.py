"""Who works on which images: given by hand, shared evenly, or taken one by one from a common queue."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...contract.answers import Undo
from ...domain.outside.ids import BULK_LIMIT, some_of
from ...domain.policy import ROLES, Actor
from ...errors import BadRequest, Conflict
from ...storage.engine import Database
from ...storage.rows import assignments as rows
from ...storage.rows import members, project_images
from ...storage.rows.finding import found_project
from ...storage.tables import Assignment, now
from ...storage.unit_of_work import UnitsOfWork
from ..projects.schema import StateCounts
from .schema import WHICH, AssignmentAnswer, GivenBack, NewAssignments, Share, Shares

_LEAST = ROLES.index("annotator")
MOST_LEASES = 10  # images that one person has from the queue and is not done with


class Assignments:
    def __init__(self, db: Database, unit_of_work: UnitsOfWork) -> None:
        self._db, self._unit_of_work = db, unit_of_work

    def of_images(self, project_id: str, image_ids: Sequence[str]) -> dict[str, list[Assignment]]:
        with self._db.read() as session:
            return rows.of_images(session, project_id, image_ids)

    def shares(self, project_id: str) -> Shares:
        """Raises ProjectNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
            states = rows.states(session, project_id)
        people = sorted(states, key=lambda account_id: (account_id is None, account_id))
        return Shares([Share(each, StateCounts(**project_images.of_each(states[each]))) for each in people])

    def assign(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> AssignmentAnswer:
        """See NewAssignments. Raises ProjectNotFound, BadRequest."""
        asked = parse(NewAssignments, data, BadRequest)
        form = frozenset(data)
        if form not in ({"ids", "to"}, {"all", "to"}, {"ids", "given"}):
            raise BadRequest(WHICH)
        moment = now()
        with self._unit_of_work(actor) as work:
            session = work.session
            found_project(session, project_id)
            ended = rows.end_expired(session, project_id, moment)
            if asked.ids is UNSET:
                ids = rows.free(session, project_id, BULK_LIMIT)
            else:
                ids = _here(session, project_id, asked.ids)
            if asked.given is UNSET:
                given = _evenly(ids, _workers(session, project_id, list(dict.fromkeys(asked.to or ()))))
            else:
                given = _still(session, project_id, asked.given, set(ids))
            before, changed = rows.replace(session, project_id, ids, given, actor.account, moment)
            if changed or ended:
                told = {"images": list(dict.fromkeys([*ids, *ended])), "to": sorted(given)}
                work.tell("assignments:changed", project_id, told)
        body = {"ids": ids, "given": before}
        undo = Undo("POST", f"/api/projects/{project_id}/assignments", body)
        return AssignmentAnswer(changed, undo if changed else UNSET)

    def take(self, actor: Actor, project_id: str, after: str | None = None) -> Assignment | None:
        """The next image of the common queue is the actor's until its lease ends; None: none is left. No two people get
        the same. `after`: the image that the actor leaves.

        Raises ProjectNotFound; Conflict for who is no member, or has too many already."""
        moment = now()
        with self._unit_of_work(actor) as work:
            session = work.session
            project = found_project(session, project_id)
            if actor.account is None or members.find(session, project_id, actor.account) is None:
                raise Conflict(
                    "Only members of a project get images from its queue.",
                    hint="Add yourself to the project's members first.",
                )
            ended = rows.end_expired(session, project_id, moment)
            if rows.leases(session, project_id, actor.account) >= MOST_LEASES:
                raise Conflict(
                    f"You have {MOST_LEASES} images from the queue that are not done.",
                    hint="Finish one of them, or give some back.",
                )
            image_id = rows.first_free(session, project_id, after)
            if image_id is not None:
                rows.lease(session, project_id, image_id, actor.account, rows.lease_end(project, moment))
            changed = [*ended, *([image_id] if image_id else [])]
            if changed:
                told = {"images": changed, "to": [actor.account] if image_id else []}
                work.tell("assignments:changed", project_id, told)
            return None if image_id is None else rows.find(session, project_id, image_id, actor.account)

    def offered(self, project_id: str, after: str) -> str | None:
        """What the queue would give next."""
        with self._db.read() as session:
            return rows.first_free(session, project_id, after)

    def give_back(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> AssignmentAnswer:
        """Images of one's own become nobody's. Raises ProjectNotFound, BadRequest."""
        ids = parse(GivenBack, data, BadRequest).ids
        with self._unit_of_work(actor) as work:
            found_project(work.session, project_id)
            ended = rows.end(work.session, project_id, ids, actor.account or "")
            if ended:
                work.tell("assignments:changed", project_id, {"images": ended, "to": []})
        return AssignmentAnswer(len(ended))


def _here(session: Session, project_id: str, image_ids: Sequence[str]) -> list[str]:
    """Those of these that are images of the project, each once."""
    asked = list(dict.fromkeys(image_ids))
    known: set[str] = set()
    for some in some_of(asked):
        for ids in project_images.states(session, project_id, some).values():
            known.update(ids)
    return [each for each in asked if each in known]


def _workers(session: Session, project_id: str, account_ids: list[str]) -> list[str]:
    """Raises BadRequest, alike for accounts that may not annotate in the project and ids of none."""
    for account_id in account_ids:
        role = members.role_in(session, account_id, project_id)
        if role is None or ROLES.index(role) < _LEAST:
            raise BadRequest(
                "Images go to members who may annotate: annotators, reviewers, managers and owners.",
                hint="The project's settings list its members.",
            )
    return account_ids


def _evenly(ids: Sequence[str], account_ids: Sequence[str]) -> rows.Given:
    """The first image to the first, and so on in turn."""
    count = len(account_ids)
    return {account_id: list(ids[number::count]) for number, account_id in enumerate(account_ids)}


def _still(
    session: Session, project_id: str, given: Mapping[str, Sequence[str]], ids: set[str]
) -> rows.Given:
    """What of it can be so: of members, and of these images."""
    return {
        account_id: [each for each in dict.fromkeys(some) if each in ids]
        for account_id, some in given.items()
        if members.find(session, project_id, account_id) is not None
    }
