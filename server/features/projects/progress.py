"""How far work on images is: of an image, and of each annotator where they do not see each other's work."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ...storage.rows import assignments
from ...storage.rows.layers import OTHERS, annotators_per_image, audience, has_gold, independent_of
from ...storage.rows.listing.filter import OPEN_STATES
from ...storage.rows.listing.order import State
from ...storage.tables import Project, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork


def keep_working(
    work: UnitOfWork, project: Project, place: ProjectImage, layer: str | None, created: bool = False
) -> None:
    """Objects of a layer, or common ones, were changed; `created`: there is a new one. A new image is in progress.
    Whoever works on an image keeps it for longer, or has it from now on where it is theirs to take."""
    if layer is None:
        _keep_common(work, project, place, created)
        return
    own = assignments.find(work.session, project.id, place.image_id, layer)
    moment = now()
    until = assignments.lease_end(project, moment)
    takes = own is None or (not assignments.is_given(own) and own.state in OPEN_STATES)
    if own is None or takes:
        own = assignments.lease(work.session, project.id, place.image_id, layer, moment, until)
    assignments.renew(own, until)
    if created and own.state == "new":
        own.state = "in_progress"
        work.tell("image:changed", project.id, {"state": own.state}, place.image_id, layer)
        _settle(work, project, [place], set())
    if takes:
        tell_assigned(work, project, [(place.image_id, layer)], {place.image_id: [layer]})


def mark_changed(work: UnitOfWork, project: Project, place: ProjectImage, created: bool) -> None:
    """Common objects were changed; `created`: there is a new one. A new image is in progress, and of an accepted one it
    is known."""
    heard = audience(project, place, None)
    if created and place.state == "new":
        place.state, place.updated_at = "in_progress", now()
        work.tell("image:changed", project.id, {"state": place.state}, place.image_id, heard)
    if place.state == "accepted" and not place.changed_since_review:
        place.changed_since_review = True
        told = {"state": place.state, "changed_since_review": True}
        work.tell("image:changed", project.id, told, place.image_id, heard)


def may_be(place: ProjectImage, state: State) -> bool:
    """Only what a reviewer returned is returned again."""
    return state != "returned" or place.reviewed_at is not None


def say_own(
    work: UnitOfWork, project: Project, places: Sequence[ProjectImage], state: State
) -> dict[str, str]:
    """That the actor, an annotator who does not see others' work on these images, is so far with each. How far they
    were, by image; to be told."""
    account_id = work.actor.account or ""
    moment = now()
    had = assignments.of_account(work.session, project.id, [each.image_id for each in places], account_id)
    before = {place.image_id: "new" for place in places} | {each: own.state for each, own in had.items()}
    for place in places:
        own = had.get(place.image_id)
        if own is None:
            own = assignments.lease(work.session, project.id, place.image_id, account_id, moment, moment)
        if state == "done" and own.state != "done":
            own.done_at = moment
        own.state = state
    were_done = {image_id for image_id, was in before.items() if was == "done"}
    _settle(work, project, places, set() if state == "done" else were_done)
    return before


def review_own(
    work: UnitOfWork, project: Project, place: ProjectImage, before: str, was: str, state: State,
    becomes: State | None = None,
) -> list[str]:  # fmt: skip
    """Every annotator whose own state is `before` is told what a reviewer decided about the image, which `was` in that
    state; with `becomes`, theirs is that from now on, and the image theirs for good. Their accounts."""
    found = assignments.of_state(work.session, project.id, place.image_id, before)
    for own in found:
        if becomes is not None:
            own.state, own.leased_until = becomes, None
        word = {"state": state, "was": was, "follows": True}
        work.tell("image:changed", project.id, word, place.image_id, own.account_id)
    return [own.account_id for own in found]


def tell_state(
    work: UnitOfWork, project_id: str, image_id: str, state: State, was: str, heard: str | None
) -> None:
    work.tell("image:changed", project_id, {"state": state, "was": was}, image_id, heard)


def tell_states(
    work: UnitOfWork, project_id: str, image_ids: Sequence[str], state: State, were_done: Collection[str],
    heard: str | None,
) -> None:  # fmt: skip
    """Of many images at once. `were_done`: those among them that had been done."""
    if image_ids:
        word: dict[str, Any] = {"images": [*image_ids], "state": state}
        done = {"submitted": len(set(image_ids) - set(were_done))} if state == "done" else {}
        work.tell("images:changed", project_id, word | done, audience=heard)


def tell_assigned(
    work: UnitOfWork,
    project: Project,
    changed: Iterable[tuple[str, str]],
    to: Mapping[str, Collection[str]] | None = None,
) -> None:
    """`changed`: images, and the accounts whose they are now or were; `to`: by image, whose it is now, where that is
    said. Image by image where some are gold, of which an annotator hears as of any other."""
    concerned: dict[str, list[str]] = {}
    for image_id, account_id in dict.fromkeys(changed):
        concerned.setdefault(image_id, []).append(account_id)
    apart = has_gold(work.session, project)
    hidden = independent_of(work.session, project, list(concerned))
    for some in [[each] for each in concerned] if apart else [[*concerned]]:
        shown = [each for each in some if each not in hidden]
        unseen = [each for each in some if each in hidden]
        _tell_to(work, project, shown, to, None)
        _tell_to(work, project, unseen, to, OTHERS)
        for account_id in dict.fromkeys(each for image_id in unseen for each in concerned[image_id]):
            own = [image_id for image_id in unseen if account_id in concerned[image_id]]
            theirs = to and {image_id: {account_id} & set(to.get(image_id, ())) for image_id in own}
            _tell_to(work, project, own, theirs, account_id)


def _tell_to(
    work: UnitOfWork,
    project: Project,
    image_ids: list[str],
    to: Mapping[str, Collection[str]] | None,
    heard: str | None,
) -> None:
    if image_ids:
        people = {each for image_id in image_ids for each in (to or {}).get(image_id, ())}
        word = {} if to is None else {"to": sorted(people)}
        work.tell("assignments:changed", project.id, {"images": image_ids, **word}, audience=heard)


def _keep_common(work: UnitOfWork, project: Project, place: ProjectImage, created: bool) -> None:
    mark_changed(work, project, place, created)
    account_id = work.actor.account
    if account_id is None:
        return
    moment = now()
    until = assignments.lease_end(project, moment)
    own = assignments.find(work.session, project.id, place.image_id, account_id)
    if own is not None:
        assignments.renew(own, until)
    elif audience(project, place, None) is None and assignments.is_free(work.session, place, account_id):
        assignments.lease(work.session, project.id, place.image_id, account_id, moment, until)
        word = {"images": [place.image_id], "to": [account_id]}
        work.tell("assignments:changed", project.id, word)


def _settle(
    work: UnitOfWork, project: Project, places: Sequence[ProjectImage], were_done: Collection[str]
) -> None:
    """An image that several annotate is done when so many of them are; a gold one is as far as its common objects.
    `were_done`: images of which the actor takes back that they are."""
    wanted = annotators_per_image(project)
    moving = [each for each in places if wanted > 1 and not each.gold]
    work.session.flush()
    states = assignments.own_states(work.session, project.id, [each.image_id for each in moving])
    for place in moving:
        own = states.get(place.image_id, [])
        state = _together(place.state, own, wanted, place.image_id in were_done)
        if state == place.state:
            continue
        word = {"state": state, "was": place.state, "follows": True}
        place.state, place.updated_at = state, now()
        if state == "done":
            place.submitted_by = work.actor.account
        work.tell("image:changed", project.id, word, place.image_id, OTHERS)


def _together(state: str, own: Sequence[str], wanted: int, was_done: bool) -> str:
    """Of an image, by those of its annotators. What a reviewer or a manager said stays."""
    done = own.count("done")
    if state in ("accepted", "skipped"):
        return state
    if done >= wanted:
        return "done"
    if state == "done" and not (was_done and done == wanted - 1):
        return state
    if "attention" in own:
        return "attention"
    if state == "returned":
        return state
    return "new" if all(each == "new" for each in own) else "in_progress"
