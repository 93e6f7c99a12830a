"""Reviewers accept what others say is done, or return it to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.policy import Actor, at_least
from ...errors import BadRequest, Conflict, Forbidden
from ...storage.rows import assignments, comments, members
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import audience, sight_of
from ...storage.rows.listing.order import State
from ...storage.tables import Project, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from ..projects.progress import review_own
from ..projects.seen import Seen, seen
from .schema import Decision

_FROM: dict[str, tuple[str, ...]] = {
    "accept": ("done", "accepted"),  # again, after it was changed
    "return": ("done", "accepted"),
    "reopen": ("accepted", "returned"),
}
_TO: dict[str, State] = {"accept": "accepted", "return": "returned", "reopen": "done"}


class Reviews:
    def __init__(self, unit_of_work: UnitsOfWork) -> None:
        self._unit_of_work = unit_of_work

    def decide(
        self, actor: Actor, project_id: str, image_id: str, data: Mapping[str, Any]
    ) -> dict[str, Seen]:
        """What the reviewer sees of the image from then on, by its id. See Decision. What is returned is, for good,
        that person's who submitted it; where several annotate it without seeing each other's work, everybody's who
        is done with it.

        Raises ProjectNotFound, ImageNotFound, BadRequest; Conflict for an image that is not submitted, or a project
        without review; Forbidden for one's own image."""
        asked = parse(Decision, data, BadRequest)
        with self._unit_of_work(actor) as work:
            session = work.session
            place, _ = found_place(session, project_id, image_id)
            project = found_project(session, project_id)
            if not project.settings.get("review"):
                raise Conflict(
                    "This project has no review.", hint="A manager can turn it on in its settings."
                )
            if place.state not in _FROM[asked.decision]:
                raise Conflict(
                    "This image is not submitted for review."
                    if asked.decision != "reopen"
                    else "This image is neither accepted nor returned.",
                    hint="Reload the list: somebody else may have been faster.",
                )
            if asked.decision == "accept":
                _check_not_own(session, actor, place)
            told = {"was": place.state, "decision": asked.decision, "submitted_by": place.submitted_by}
            place.state = _TO[asked.decision]
            place.updated_at = place.reviewed_at = now()
            place.reviewed_by, place.review_note = actor.author, asked.note or None
            place.changed_since_review = False
            heard = audience(project, place, None)
            if heard is not None:
                _tell_annotators(work, project, place, asked.decision, told["was"])
            elif asked.decision == "return" and place.submitted_by is not None:
                assignments.keep(session, project_id, image_id, place.submitted_by)
                told_of = {"images": [image_id], "to": [place.submitted_by]}
                work.tell("assignments:changed", project_id, told_of)
                _tell_returned(work, place, [place.submitted_by])
            if asked.decision == "reopen":
                work.tell_inboxes(comments.take_back_return(session, place))
            work.tell("image:changed", project_id, {"state": place.state, **told}, image_id, heard)
            return seen(session, actor, sight_of(session, actor, project), [place])


def _tell_annotators(
    work: UnitOfWork, project: Project, place: ProjectImage, decision: str, was: str
) -> None:
    """Those who are done with an image hear of it, each for themselves; of a gold one nobody does."""
    if place.gold:
        return
    if decision == "return":
        _tell_returned(work, place, review_own(work, project, place, "done", was, "returned", "returned"))
    elif decision == "reopen" and was == "returned":
        review_own(work, project, place, "returned", was, "done", "done")
    else:
        review_own(work, project, place, "done", was, _TO[decision])


def _tell_returned(work: UnitOfWork, place: ProjectImage, submitters: Iterable[str]) -> None:
    """Those who submitted an image, unless they returned it themselves or are no members any more."""
    work.tell_inboxes(comments.take_back_return(work.session, place))
    for each in submitters:
        if each != work.actor.id and members.find(work.session, place.project_id, each) is not None:
            comments.put(work.session, place, None, {each: "returned"}, work.actor.author)
            work.tell_inboxes([each])


def _check_not_own(session: Session, actor: Actor, place: ProjectImage) -> None:
    """Raises Forbidden, unless nobody else manages the project."""
    if actor.author is None or actor.author != place.submitted_by:
        return
    managers = {
        account.id
        for member, account in members.of_project(session, place.project_id)
        if at_least(member.role, "manager") and account.disabled_at is None
    }
    if managers != {actor.author}:
        raise Forbidden(
            "You submitted this image yourself, so somebody else has to accept it.",
            hint="Ask another reviewer of the project.",
        )
