"""Who works on which images: given by hand, shared evenly, or taken one by one from a common queue."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import cycle, islice
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...contract.answers import Undo
from ...domain.outside.ids import BULK_LIMIT, some_of
from ...domain.policy import Actor, at_least
from ...errors import BadRequest, Conflict
from ...storage.engine import Database
from ...storage.rows import assignments as rows
from ...storage.rows import members, project_images
from ...storage.rows.finding import found_project, those
from ...storage.rows.layers import annotators_per_image, plainly, sight_of
from ...storage.rows.listing.filter import NOBODY, Filter
from ...storage.tables import Assignment, Project, now
from ...storage.unit_of_work import UnitsOfWork
from ..projects.progress import tell_assigned
from ..projects.schema import StateCounts
from .schema import WHICH, AssignmentAnswer, GivenBack, NewAssignments, Share, Shares

MOST_LEASES = 10  # images that one person has from the queue and is not done with


class Assignments:
    """`chance`: true for one in so many, at random: an annotator must not be able to count when a gold image comes."""

    def __init__(
        self,
        db: Database,
        unit_of_work: UnitsOfWork,
        chance: Callable[[int], bool] = lambda many: secrets.randbelow(many) == 0,
    ) -> None:
        self._db, self._unit_of_work, self._chance = db, unit_of_work, chance

    def shares(self, actor: Actor, project_id: str) -> Shares:
        """As far as the actor may know. Raises ProjectNotFound."""
        with self._db.read() as session:
            sight = plainly(session, sight_of(session, actor, found_project(session, project_id)))
            states = rows.states(session, sight)
            nobodys = project_images.counts(session, sight, Filter(assigned=NOBODY))
        shares = [Share(each, StateCounts(**project_images.of_each(states[each]))) for each in sorted(states)]
        return Shares([*shares, *([Share(None, StateCounts(**nobodys))] if any(nobodys.values()) else [])])

    def assign(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> AssignmentAnswer:
        """See NewAssignments. Raises ProjectNotFound, BadRequest."""
        asked = parse(NewAssignments, data, BadRequest)
        form = frozenset(data)
        if form not in ({"ids", "to"}, {"all", "to"}, {"ids", "given"}, {"ids", "given", "leased"}):
            raise BadRequest(WHICH)
        moment = now()
        with self._unit_of_work(actor) as work:
            session = work.session
            project = found_project(session, project_id)
            ended = rows.end_expired(session, project_id, moment)
            if asked.ids is UNSET:
                ids = rows.free(session, project_id, BULK_LIMIT)
            else:
                ids = _here(session, project_id, asked.ids)
            if asked.given is UNSET:
                people = _workers(session, project_id, list(dict.fromkeys(asked.to or ())))
                given, leased = _evenly(ids, people, annotators_per_image(project)), {}
            else:
                given, leased = (
                    _still(session, project_id, each or {}, set(ids)) for each in (asked.given, asked.leased)
                )
            until = rows.lease_end(project, moment)
            new = _pairs(given, None) | _pairs(leased, until)
            before, changed = rows.replace(session, project_id, ids, new, actor.account, moment)
            tell_assigned(work, project, [*ended, *sorted(changed)], _people(new))
        body = {"ids": ids, "given": _given(before, False), "leased": _given(before, True)}
        undo = Undo("POST", f"/api/projects/{project_id}/assignments", body)
        count = len({image_id for image_id, _ in changed})
        return AssignmentAnswer(count, undo if changed else UNSET)

    def take(self, actor: Actor, project_id: str, after: str | None = None) -> Assignment | None:
        """The next image of the common queue is the actor's until its lease ends; None: none is left. No more people
        get one than annotate an image, and gold ones come in between. `after`: the image that the actor leaves.

        Raises ProjectNotFound; Conflict for who is no member, or no annotator where those do not see each other's
        work, or has too many already."""
        moment = now()
        with self._unit_of_work(actor) as work:
            session = work.session
            project = found_project(session, project_id)
            if actor.account is None or members.find(session, project_id, actor.account) is None:
                raise Conflict(
                    "Only members of a project get images from its queue.",
                    hint="Add yourself to the project's members first.",
                )
            alone = sight_of(session, actor, project).alone
            if annotators_per_image(project) > 1 and alone is None:
                raise Conflict(
                    "The queue of this project is for annotators, who work without seeing each other's objects.",
                    hint="Open an image from the list to work on the objects common to all others.",
                )
            ended = rows.end_expired(session, project_id, moment)
            if rows.leases(session, project, actor.account) >= MOST_LEASES:
                raise Conflict(
                    f"You have {MOST_LEASES} images from the queue that are not done.",
                    hint="Finish one of them, or give some back.",
                )
            image_id = self._gold(session, project, alone, after)
            image_id = image_id or rows.first_free(session, project, actor.account, after)
            if image_id is None:
                tell_assigned(work, project, ended, {})
                return None
            until = rows.lease_end(project, moment)
            taken = rows.lease(session, project_id, image_id, actor.account, moment, until)
            own = (image_id, actor.account)
            tell_assigned(work, project, [*ended, own], _people([own]))
            return taken

    def offered(self, actor: Actor, project_id: str, after: str) -> str | None:
        """What the queue would give next, but for gold images."""
        with self._db.read() as session:
            return rows.first_free(session, found_project(session, project_id), actor.account, after)

    def _gold(
        self, session: Session, project: Project, account_id: str | None, after: str | None
    ) -> str | None:
        """One that an annotator has not had, where it is time for one."""
        every = project.settings.get("gold_every")
        if account_id is None or not every or not self._chance(every):
            return None
        return rows.first_gold(session, project.id, account_id, after)

    def give_back(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> AssignmentAnswer:
        """Images of one's own become nobody's. Raises ProjectNotFound, BadRequest."""
        ids = parse(GivenBack, data, BadRequest).ids
        with self._unit_of_work(actor) as work:
            project = found_project(work.session, project_id)
            account_id = actor.account or ""
            ended = rows.end(work.session, project_id, ids, account_id)
            tell_assigned(work, project, [(image_id, account_id) for image_id in ended], {})
        return AssignmentAnswer(len(ended))


def _here(session: Session, project_id: str, image_ids: Sequence[str]) -> list[str]:
    """Those of these that are images of the project, each once."""
    asked = list(dict.fromkeys(image_ids))
    known: set[str] = set()
    for some in some_of(asked):
        known.update(place.image_id for place in those(session, project_id, some))
    return [each for each in asked if each in known]


def _workers(session: Session, project_id: str, account_ids: list[str]) -> list[str]:
    """Raises BadRequest, alike for accounts that may not annotate in the project and ids of none."""
    for account_id in account_ids:
        if not _may_work(session, project_id, account_id):
            raise BadRequest(
                "Images go to members who may annotate: annotators, reviewers, managers and owners.",
                hint="The project's settings list its members.",
            )
    return account_ids


def _evenly(ids: Sequence[str], account_ids: Sequence[str], each: int) -> rows.Given:
    """Each image to so many, in turn."""
    given: rows.Given = {account_id: [] for account_id in account_ids}
    turn = cycle(account_ids)
    for image_id in ids:
        for account_id in islice(turn, min(each, len(account_ids))):
            given[account_id].append(image_id)
    return given


def _people(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """By image."""
    found: dict[str, list[str]] = {}
    for image_id, account_id in pairs:
        found.setdefault(image_id, []).append(account_id)
    return found


def _pairs(given: rows.Given, until: datetime | None) -> dict[tuple[str, str], datetime | None]:
    return {(image_id, account_id): until for account_id, ids in given.items() for image_id in ids}


def _given(assignments: Sequence[Assignment], leased: bool) -> rows.Given:
    """Of those out of the queue, or of those given by hand."""
    found: rows.Given = {}
    for each in assignments:
        if leased == (each.leased_until is not None):
            found.setdefault(each.account_id, []).append(each.image_id)
    return found


def _still(
    session: Session, project_id: str, given: Mapping[str, Sequence[str]], ids: set[str]
) -> rows.Given:
    """What of it can be so: of members who may annotate, and of these images."""
    return {
        account_id: [each for each in dict.fromkeys(some) if each in ids]
        for account_id, some in given.items()
        if _may_work(session, project_id, account_id)
    }


def _may_work(session: Session, project_id: str, account_id: str) -> bool:
    return at_least(members.role_in(session, account_id, project_id), "annotator")
