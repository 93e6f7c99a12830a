"""Rows of comments, and of what members of projects are told of. Every function takes the session of the caller's
transaction. `reader`: which threads whoever asks sees, of a query of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from ...domain.outside.ids import some_of
from ...domain.policy import REVIEWERS, Actor
from ...domain.visits import Visit
from ..tables import (
    Account,
    Assignment,
    Comment,
    CommentThread,
    InboxItem,
    Member,
    Project,
    ProjectImage,
    now,
)
from .layers import independent_row, same_image
from .listing.filter import counting

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
Why = Literal["mention", "reply", "image", "returned"]


class Listed(NamedTuple):
    """An item of an inbox, with what it is about. `note`: a reviewer's, of an image that was returned."""

    item: InboxItem
    project: str
    image: str
    note: str | None
    comment: Comment | None


def sees(account_id: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether an account sees a row of CommentThread: the members of its project do, but where annotators do not see
    each other's work, those see what is about their own, and viewers what is about the common objects. What is listed,
    counted, told of and mentioned asks this, and nothing else does."""
    is_independent = independent_row(CommentThread.project_id, CommentThread.image_id)
    return exists().where(
        Member.project_id == CommentThread.project_id,
        Member.account_id == account_id,
        or_(
            CommentThread.layer == account_id,
            Member.role.in_(REVIEWERS),
            CommentThread.layer.is_(None) & or_(Member.role == "viewer", ~is_independent),
        ),
    )


def find(session: Session, project_id: str, comment_id: str) -> tuple[Comment, CommentThread] | None:
    query = select(Comment, CommentThread).join(CommentThread, _in_thread())
    query = query.where(Comment.id == comment_id, Comment.project_id == project_id)
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1])


def thread(
    session: Session, project_id: str, thread_id: str, reader: ColumnElement[bool]
) -> CommentThread | None:
    query = select(CommentThread).where(CommentThread.id == thread_id, CommentThread.project_id == project_id)
    return session.scalar(query.where(reader))


def of_thread(session: Session, found: CommentThread) -> list[Comment]:
    """The oldest first, deleted ones among them."""
    return _comments(session, found.project_id, [found.id]).get(found.id, [])


def of_image(
    session: Session, project_id: str, image_id: str, reader: ColumnElement[bool]
) -> list[tuple[CommentThread, list[Comment]]]:
    """Threads in which something is left, the oldest first, with all their comments."""
    query = select(CommentThread).where(
        CommentThread.project_id == project_id, CommentThread.image_id == image_id, _alive()
    )
    threads = list(session.scalars(query.where(reader)))
    comments = _comments(session, project_id, [each.id for each in threads])
    found = [(each, comments[each.id]) for each in threads]
    return sorted(found, key=lambda each: (each[1][0].created_at, each[0].id))


def reader(actor: Actor) -> ColumnElement[bool]:
    """Of a query of CommentThread: those that somebody sees."""
    if actor.visit is not None:
        return _seen_on(actor.visit)
    return true() if actor.everywhere else sees(actor.id)


def _seen_on(visit: Visit) -> ColumnElement[bool]:
    """Those on a visit: what the team says is for who takes part."""
    if not visit.signs:
        return false()
    conditions = [CommentThread.project_id == visit.project_id]
    if visit.image_id is not None:
        conditions.append(CommentThread.image_id == visit.image_id)
    if visit.is_unseen:
        hidden = independent_row(CommentThread.project_id, CommentThread.image_id)
        conditions += [CommentThread.layer.is_(None), ~hidden]
    return and_(*conditions)


def open_threads(
    session: Session, project_id: str, image_ids: Sequence[str], reader: ColumnElement[bool]
) -> dict[str, int]:
    """How many are not resolved, by image; images without any are left out."""
    found: dict[str, int] = {}
    for some in some_of(image_ids):
        query = select(CommentThread.image_id, func.count()).where(
            CommentThread.project_id == project_id,
            CommentThread.image_id.in_(some),
            CommentThread.resolved_at.is_(None),
            _alive(),
        )
        rows = session.execute(query.where(reader).group_by(CommentThread.image_id))
        found |= {row[0]: row[1] for row in rows}
    return found


def count(session: Session, project_id: str, image_id: str) -> int:
    """Comments of an image that are not deleted."""
    query = select(func.count()).select_from(Comment).join(CommentThread, _in_thread())
    query = query.where(
        CommentThread.project_id == project_id,
        CommentThread.image_id == image_id,
        Comment.deleted_at.is_(None),
    )
    return session.scalar(query) or 0


def who_see(session: Session, found: CommentThread, account_ids: Collection[str]) -> set[str]:
    """Those of the accounts."""
    query = select(Account.id).join(CommentThread, CommentThread.id == found.id)
    query = query.where(
        CommentThread.project_id == found.project_id, Account.id.in_(account_ids), sees(Account.id)
    )
    return set(session.scalars(query))


def writers(session: Session, found: CommentThread) -> set[str]:
    """The accounts that have something in the thread that is not deleted."""
    query = select(Comment.created_by).where(
        Comment.thread_id == found.id,
        Comment.project_id == found.project_id,
        Comment.deleted_at.is_(None),
        Comment.created_by.is_not(None),
    )
    return {each for each in session.scalars(query) if each is not None}


def workers(session: Session, place: ProjectImage, moment: datetime) -> set[str]:
    """The accounts that submitted an image, or that it is assigned to."""
    query = select(Assignment.account_id).join(ProjectImage, same_image())
    query = query.where(
        Assignment.project_id == place.project_id, Assignment.image_id == place.image_id, counting(moment)
    )
    submitted = [] if place.submitted_by is None else [place.submitted_by]
    return {*session.scalars(query), *submitted}


def put(
    session: Session,
    found: CommentThread | ProjectImage,
    comment: Comment | None,
    told: Mapping[str, Why],
    actor_id: str | None,
) -> None:
    """Into the inboxes of these accounts, which must be members of the project."""
    about = {"project_id": found.project_id, "image_id": found.image_id, "actor_id": actor_id}
    session.flush()
    for account_id, why in told.items():
        comment_id = None if comment is None else comment.id
        session.add(InboxItem(account_id=account_id, kind=why, comment_id=comment_id, **about))


def take_back(
    session: Session, project_id: str, comment_id: str, mentioned: Collection[str] | None = None
) -> set[str]:
    """What was told of a comment, to everybody; or only that it mentions these. Whose inboxes that changes."""
    statement = delete(InboxItem).where(
        InboxItem.project_id == project_id, InboxItem.comment_id == comment_id
    )
    if mentioned is not None:
        statement = statement.where(InboxItem.kind == "mention", InboxItem.account_id.in_(mentioned))
    return set(session.scalars(statement.returning(InboxItem.account_id)))


def take_back_return(session: Session, place: ProjectImage) -> set[str]:
    """That an image was returned. Whose inboxes that changes."""
    statement = delete(InboxItem).where(
        InboxItem.project_id == place.project_id,
        InboxItem.image_id == place.image_id,
        InboxItem.kind == "returned",
    )
    return set(session.scalars(statement.returning(InboxItem.account_id)))


def inbox(session: Session, account_id: str, limit: int, before: int | None) -> list[Listed]:
    """The newest first; `before`: older than the item with this id."""
    note = case((ProjectImage.gold, None), else_=ProjectImage.review_note)  # there it is about the truth
    columns = (InboxItem, Project.name, ProjectImage.name, note, Comment)
    query = _shown(select(*columns), account_id)
    if before is not None:
        query = query.where(InboxItem.id < before)
    rows = session.execute(query.order_by(InboxItem.id.desc()).limit(limit))
    return [Listed(*row) for row in rows]


def unread(session: Session, account_id: str, most: int) -> int:
    """How many items were not read; `most` stands for any more."""
    query = _shown(select(InboxItem.id), account_id).where(InboxItem.read_at.is_(None)).limit(most)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def read(session: Session, account_id: str, *which: ColumnElement[bool]) -> int:
    """Mark these items of an account as read; how many were not."""
    statement = update(InboxItem).where(InboxItem.account_id == account_id, InboxItem.read_at.is_(None))
    marked = session.scalars(statement.where(*which).values(read_at=now()).returning(InboxItem.id))
    return len(marked.all())


def of_items(ids: Collection[int]) -> ColumnElement[bool]:
    return InboxItem.id.in_(ids)


def up_to(item_id: int) -> ColumnElement[bool]:
    return InboxItem.id <= item_id


def about_thread(project_id: str, thread_id: str) -> ColumnElement[bool]:
    comments = select(Comment.id).where(Comment.thread_id == thread_id, Comment.project_id == project_id)
    return (InboxItem.project_id == project_id) & InboxItem.comment_id.in_(comments)


def prune_inboxes(session: Session, moment: datetime) -> None:
    """Forget what was told before."""
    session.execute(delete(InboxItem).where(InboxItem.at < moment))


def _comments(session: Session, project_id: str, thread_ids: Sequence[str]) -> dict[str, list[Comment]]:
    found: dict[str, list[Comment]] = {}
    for some in some_of(thread_ids):
        query = select(Comment).where(Comment.project_id == project_id, Comment.thread_id.in_(some))
        for each in session.scalars(query.order_by(Comment.created_at, Comment.id)):
            found.setdefault(each.thread_id, []).append(each)
    for thread_id, comments in found.items():  # clocks are wrong at times
        comments.sort(key=lambda each: each.id != thread_id)
    return found


def _in_thread() -> ColumnElement[bool]:
    return (CommentThread.id == Comment.thread_id) & (CommentThread.project_id == Comment.project_id)


def _alive() -> ColumnElement[bool]:
    return exists().where(_in_thread(), Comment.deleted_at.is_(None))


def _shown(query: Query, account_id: str) -> Query:
    """Of images and projects that are in no trash, and of threads that the account sees still."""
    here = (ProjectImage.project_id == InboxItem.project_id) & (ProjectImage.image_id == InboxItem.image_id)
    said = (Comment.id == InboxItem.comment_id) & (Comment.project_id == InboxItem.project_id)
    query = query.select_from(InboxItem).join(ProjectImage, here)
    query = query.join(Project, Project.id == InboxItem.project_id)
    query = query.outerjoin(Comment, said).outerjoin(CommentThread, _in_thread())
    return query.where(
        InboxItem.account_id == account_id,
        ProjectImage.removed_at.is_(None),
        Project.deleted_at.is_(None),
        or_(InboxItem.comment_id.is_(None), sees(account_id)),
    )


def why(item: InboxItem) -> Why:
    return cast(Why, item.kind)
