"""How far work on images is: of an image, and of each annotator where they do not see each other's work."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from ...domain.events import Kind
from ...storage.rows import assignments
from ...storage.rows.layers import OTHERS, annotators_per_image, audience, independent_of
from ...storage.rows.project_images import State
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
    until = assignments.lease_end(project, now())
    is_new = own is None
    if own is None:
        own = assignments.lease(work.session, project.id, place.image_id, layer, until)
    assignments.renew(own, until)
    if created and own.state == "new":
        own.state = "in_progress"
        work.tell("image:changed", project.id, {"state": own.state}, place.image_id, layer)
        _settle(work, project, [place], set())
    if is_new:
        tell_assigned(work, project, [(place.image_id, layer)])


def may_be(place: ProjectImage, state: State) -> bool:
    """Only what a reviewer returned is returned again."""
    return state != "returned" or place.reviewed_at is not None


def say_own(
    work: UnitOfWork, project: Project, places: Sequence[ProjectImage], state: State, bulk: bool
) -> None:
    """That the actor, an annotator who does not see others' work on these images, is so far with each."""
    account_id = work.actor.account or ""
    moment = now()
    had = assignments.of_account(work.session, project.id, [each.image_id for each in places], account_id)
    before = {image_id: own.state for image_id, own in had.items()}
    were_done = {image_id for image_id, was in before.items() if was == "done"}
    added: list[tuple[str, str]] = []
    for place in places:
        own = had.get(place.image_id)
        if own is None:
            own = assignments.lease(work.session, project.id, place.image_id, account_id, None)
            added.append((place.image_id, account_id))
        own.done_at = (own.done_at or moment) if state == "done" else None
        own.state = state
        assignments.renew(own, assignments.lease_end(project, moment))
    ids = [place.image_id for place in places]
    if bulk and ids:
        work.tell("images:changed", project.id, told(ids, state, were_done), audience=account_id)
    for image_id in () if bulk else ids:
        of_one = {"state": state, "was": before.get(image_id, "new")}
        work.tell("image:changed", project.id, of_one, image_id, account_id)
    _settle(work, project, places, set() if state == "done" else were_done)
    tell_assigned(work, project, added)


def review_own(
    work: UnitOfWork, project: Project, place: ProjectImage, before: str, state: State, becomes: State | None = None
) -> list[str]:  # fmt: skip
    """Every annotator whose own state is `before` is told what a reviewer decided about the image; with `becomes`,
    theirs is that from now on, and the image theirs for good. Their accounts."""
    found = assignments.of_state(work.session, project.id, place.image_id, before)
    for own in found:
        if becomes is not None:
            own.state, own.leased_until = becomes, None
            own.done_at = now() if becomes == "done" else None
        word = {"state": state, "follows": True}
        work.tell("image:changed", project.id, word, place.image_id, own.account_id)
    return [own.account_id for own in found]


def tell_images(
    work: UnitOfWork,
    project: Project,
    kind: Kind,
    image_ids: Sequence[str],
    payload: Callable[[list[str]], dict[str, Any]],
) -> None:
    """Of many images; of independent ones not to those who do not see others' work there."""
    hidden = independent_of(work.session, project, image_ids)
    shown = [each for each in image_ids if each not in hidden]
    if shown:
        work.tell(kind, project.id, payload(shown))
    if hidden:
        several = [each for each in image_ids if each in hidden]
        work.tell(kind, project.id, payload(several), audience=OTHERS)


def told(image_ids: Sequence[str], state: State, were_done: Collection[str]) -> dict[str, Any]:
    """Of images with another state. `were_done`: those among them that were done before."""
    payload: dict[str, Any] = {"images": [*image_ids], "state": state}
    return payload | {"submitted": len(set(image_ids) - set(were_done))} if state == "done" else payload


def tell_assigned(
    work: UnitOfWork, project: Project, changed: Iterable[tuple[str, str]], to: Collection[str] | None = None
) -> None:
    """`changed`: images, and the accounts whose they are now or were; `to`: whose they are now, where that is said."""
    pairs = list(dict.fromkeys(changed))
    ids = list(dict.fromkeys(image_id for image_id, _ in pairs))
    more = {} if to is None else {"to": sorted(to)}
    tell_images(work, project, "assignments:changed", ids, lambda some: {"images": some, **more})
    hidden = independent_of(work.session, project, ids)
    by_account: dict[str, list[str]] = {}
    for image_id, account_id in pairs:
        if image_id in hidden:
            by_account.setdefault(account_id, []).append(image_id)
    for account_id, some in by_account.items():
        own = {} if to is None else {"to": [each for each in to if each == account_id]}
        work.tell("assignments:changed", project.id, {"images": some, **own}, audience=account_id)


def _keep_common(work: UnitOfWork, project: Project, place: ProjectImage, created: bool) -> None:
    heard = audience(project, place, None)
    if created and place.state == "new":
        place.state, place.updated_at = "in_progress", now()
        work.tell("image:changed", project.id, {"state": place.state}, place.image_id, heard)
    if place.state == "accepted" and not place.changed_since_review:
        place.changed_since_review = True
        told = {"state": place.state, "changed_since_review": True}
        work.tell("image:changed", project.id, told, place.image_id, heard)
    account_id = work.actor.account
    if account_id is None:
        return
    until = assignments.lease_end(project, now())
    own = assignments.find(work.session, project.id, place.image_id, account_id)
    if own is not None:
        assignments.renew(own, until)
    elif heard is None and assignments.is_free(work.session, place, account_id):
        assignments.lease(work.session, project.id, place.image_id, account_id, until)
        work.tell("assignments:changed", project.id, {"images": [place.image_id]})


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
