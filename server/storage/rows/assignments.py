"""Rows of who works on which images. Every function takes the session of the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, exists, false, func, select, true, tuple_, update
from sqlalchemy.orm import Session, make_transient

from ...domain.outside.ids import some_of
from ..portable import insert_for
from ..tables import Assignment, Member, Project, ProjectImage, now
from .layers import Sight, annotators_per_image, common, same_image
from .listing.filter import OPEN_STATES, counting, was_given
from .members import annotators_of
from .project_images import place_of

Given = dict[str, list[str]]  # ids of images by account
_KEY = ("project_id", "image_id", "account_id")
_OFFERED = ("new", "in_progress", "returned")  # by the common queue: somebody has to look at the rest

_LEASE_MINUTES = 120  # of a project that says nothing


def find(session: Session, project_id: str, image_id: str, account_id: str) -> Assignment | None:
    return session.get(Assignment, (project_id, image_id, account_id))


def of_images(session: Session, sight: Sight, image_ids: Sequence[str]) -> dict[str, list[Assignment]]:
    """By image, those that count and somebody may know of, and to others than annotators also those who are done
    with their own work; images that are nobody's are left out."""
    own = true() if sight.several else ProjectImage.gold
    done = false() if sight.alone is not None else own & (Assignment.state == "done")
    found: dict[str, list[Assignment]] = {}
    for some in some_of(image_ids):
        query = select(Assignment).join(ProjectImage, same_image())
        query = query.where(
            Assignment.project_id == sight.project_id,
            Assignment.image_id.in_(some),
            counting(now()) | done,
            sight.assignments(),
        )
        for each in session.scalars(query.order_by(Assignment.given_at, Assignment.account_id)):
            found.setdefault(each.image_id, []).append(each)
    return found


def of_account(
    session: Session, project_id: str, image_ids: Sequence[str], account_id: str
) -> dict[str, Assignment]:
    """One person's by image, whether they count or not."""
    found: dict[str, Assignment] = {}
    for some in some_of(image_ids):
        query = select(Assignment).where(
            Assignment.project_id == project_id,
            Assignment.account_id == account_id,
            Assignment.image_id.in_(some),
        )
        found |= {each.image_id: each for each in session.scalars(query)}
    return found


def of_state(session: Session, project_id: str, image_id: str, state: str) -> list[Assignment]:
    """Of whose own work on an image is so far."""
    query = select(Assignment).where(
        Assignment.project_id == project_id, Assignment.image_id == image_id, Assignment.state == state
    )
    return list(session.scalars(query.order_by(Assignment.account_id)))


def own_states(session: Session, project_id: str, image_ids: Sequence[str]) -> dict[str, list[str]]:
    """How far each of its people is, by image."""
    found: dict[str, list[str]] = {}
    for some in some_of(image_ids):
        query = select(Assignment.image_id, Assignment.state)
        query = query.where(Assignment.project_id == project_id, Assignment.image_id.in_(some))
        for image_id, state in session.execute(query):
            found.setdefault(image_id, []).append(state)
    return found


def replace(
    session: Session, project_id: str, image_ids: Sequence[str], given: Mapping[tuple[str, str], datetime | None],
    by: str | None, moment: datetime,
) -> tuple[list[Assignment], set[tuple[str, str]]]:  # fmt: skip
    """Have these images be those people's who are named, and nobody else's. `given`: until when, by image and account;
    None: for good. What was before, and which of both changed."""
    before: dict[tuple[str, str], Assignment] = {}
    for some in some_of(image_ids):
        for had in of_images(session, common(project_id), some).values():
            for each in filter(is_given, had):
                before[each.image_id, each.account_id] = each
                make_transient(each)
        _release(session, Assignment.project_id == project_id, Assignment.image_id.in_(some))
    rows = [
        {
            "project_id": project_id,
            "image_id": image_id,
            "account_id": account_id,
            "leased_until": until,
            "given_by": by,
            "given_at": moment,
        }
        for (image_id, account_id), until in given.items()
    ]
    if rows:
        giving = insert_for(session, Assignment)
        values = {name: giving.excluded[name] for name in ("leased_until", "given_by", "given_at")}
        session.execute(giving.on_conflict_do_update(index_elements=_KEY, set_=values), rows)
    session.expire_all()
    return list(before.values()), before.keys() ^ given.keys()


def end(session: Session, project_id: str, image_ids: Sequence[str], account_id: str) -> list[str]:
    """That some images are one person's. Those that were."""
    ended: list[str] = []
    for some in some_of(image_ids):
        theirs = (Assignment.project_id == project_id, Assignment.account_id == account_id)
        ended += [
            image_id for image_id, _ in _release(session, *theirs, Assignment.image_id.in_(some), was_given())
        ]
    return ended


def end_all(session: Session, project_id: str, account_id: str) -> None:
    """That images are somebody's who may not work on them any more."""
    _release(session, Assignment.project_id == project_id, Assignment.account_id == account_id)


def end_expired(session: Session, project_id: str, moment: datetime) -> list[tuple[str, str]]:
    """Those that do not count any more: images and whose they were."""
    counts = exists().where(same_image(), counting(moment)).correlate(Assignment)
    passed = (Assignment.leased_until <= moment, was_given(), ~counts)
    return _release(session, Assignment.project_id == project_id, *passed)


def _release(session: Session, *which: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Have images be nobody's, but keep how far people are with their own work. The images and whose they were."""
    columns = (Assignment.image_id, Assignment.account_id)
    unsynchronized = {"synchronize_session": False}
    gone = delete(Assignment).where(*which, Assignment.state == "new").returning(*columns)
    kept = update(Assignment).where(*which).values(leased_until=Assignment.given_at).returning(*columns)
    rows = [
        (row[0], row[1])
        for statement in (gone, kept)
        for row in session.execute(statement.execution_options(**unsynchronized))
    ]
    session.expire_all()
    return rows


def leases(session: Session, project: Project, account_id: str) -> int:
    """How many images somebody has from the queue, of those that they still work on."""
    own = true() if annotators_per_image(project) > 1 else ProjectImage.gold
    query = select(func.count()).select_from(Assignment).join(ProjectImage, same_image())
    query = query.where(
        Assignment.project_id == project.id,
        Assignment.account_id == account_id,
        Assignment.leased_until != Assignment.given_at,
        case((own, Assignment.state), else_=ProjectImage.state).in_(OPEN_STATES),
        ProjectImage.removed_at.is_(None),
    )
    return session.scalar(query) or 0


def first_free(
    session: Session, project: Project, account_id: str | None, after: str | None = None
) -> str | None:
    """The first image by name that is to be worked on and that fewer people have than it takes, not this account among
    them; of those after an image if there are any, and not itself. Gold ones are not among them."""
    wanted = annotators_per_image(project)
    query = select(ProjectImage.image_id).where(
        ProjectImage.project_id == project.id,
        ProjectImage.removed_at.is_(None),
        ~ProjectImage.gold,
        ProjectImage.state.in_(_OFFERED),
    )
    here = (same_image(), counting(now()))
    if wanted == 1:
        query = query.where(~exists().where(*here))
    else:
        have = select(func.count()).select_from(Assignment)
        have = have.where(
            *here, Assignment.state != "skipped", Assignment.account_id.in_(annotators_of(project.id))
        )
        finished = Assignment.state.in_(("done", "skipped"))
        has_it = exists().where(same_image(), Assignment.account_id == account_id, counting(now()) | finished)
        query = query.where(have.correlate(ProjectImage).scalar_subquery() < wanted, ~has_it)
    return _next(session, query, project.id, after)


def first_gold(session: Session, project_id: str, account_id: str, after: str | None = None) -> str | None:
    """As `first_free`, of the gold images that the account has not had yet."""
    query = select(ProjectImage.image_id).where(
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
        ProjectImage.gold,
        ~exists().where(same_image(), Assignment.account_id == account_id),
    )
    return _next(session, query, project_id, after)


def _next(session: Session, query, project_id: str, after: str | None) -> str | None:
    order = (ProjectImage.sort_name, ProjectImage.image_id)
    place = None if after is None else place_of(session, common(project_id), after, "name")
    if place is None:
        return session.scalar(query.order_by(*order).limit(1))
    behind = query.where(tuple_(*order) > tuple_(*place)).order_by(*order).limit(1)
    before = query.where(tuple_(*order) < tuple_(*place)).order_by(*order).limit(1)
    return session.scalar(behind) or session.scalar(before)


def free(session: Session, project_id: str, limit: int) -> list[str]:
    """The images that are nobody's, not gold and still worked on, by name."""
    query = select(ProjectImage.image_id).where(
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
        ~ProjectImage.gold,
        ProjectImage.state.in_(OPEN_STATES),
        ~exists().where(same_image(), counting(now())),
    )
    return list(session.scalars(query.order_by(ProjectImage.sort_name, ProjectImage.image_id).limit(limit)))


def lease_end(project: Project, moment: datetime) -> datetime:
    """Of an image that somebody takes, or works on, now."""
    return moment + timedelta(minutes=project.settings.get("lease_minutes", _LEASE_MINUTES))


def lease(
    session: Session, project_id: str, image_id: str, account_id: str, moment: datetime, until: datetime
) -> Assignment:
    """Of an image that the account does not have. Until the moment itself: it stays nobody's, and has only how far
    somebody is."""
    own = find(session, project_id, image_id, account_id)
    if own is None:
        own = Assignment(project_id=project_id, image_id=image_id, account_id=account_id, state="new")
        session.add(own)
    own.leased_until, own.given_at, own.given_by = until, moment, None
    return own


def is_given(own: Assignment) -> bool:
    """As `was_given`, of a row."""
    return own.leased_until is None or own.leased_until != own.given_at


def renew(own: Assignment, until: datetime) -> None:
    """Whoever works on an image out of the queue keeps it for longer."""
    if own.leased_until is not None and is_given(own) and own.leased_until < until:
        own.leased_until = until


def is_free(session: Session, place: ProjectImage, account_id: str) -> bool:
    """Whether an image that everybody sees alike is to be worked on, nobody's, and the account's to take."""
    taken = select(Assignment.account_id).join(ProjectImage, same_image())
    taken = taken.where(
        Assignment.project_id == place.project_id, Assignment.image_id == place.image_id, counting(now())
    )
    return (
        place.state in OPEN_STATES
        and session.get(Member, (place.project_id, account_id)) is not None
        and session.scalar(taken.limit(1)) is None
    )


def keep(session: Session, project_id: str, image_id: str, account_id: str) -> None:
    """Have an image be a member's for good; of others, nothing."""
    own = find(session, project_id, image_id, account_id)
    if own is not None:
        own.leased_until = None
    elif session.get(Member, (project_id, account_id)) is not None:
        session.add(Assignment(project_id=project_id, image_id=image_id, account_id=account_id))


def states(session: Session, sight: Sight) -> dict[str, dict[str, int]]:
    """How many images of each state people have, as far as somebody may know."""
    own = true() if sight.several else ProjectImage.gold
    state = case((own, Assignment.state), else_=sight.state())
    query = (
        select(Assignment.account_id, state, func.count())
        .select_from(Assignment)
        .join(ProjectImage, same_image())
        .where(
            Assignment.project_id == sight.project_id,
            counting(now()),
            sight.assignments(),
            ProjectImage.removed_at.is_(None),
        )
        .group_by(Assignment.account_id, state)
    )
    found: dict[str, dict[str, int]] = {}
    for account_id, each, count in session.execute(query):
        found.setdefault(account_id, {})[each] = found.get(account_id, {}).get(each, 0) + count
    return found
