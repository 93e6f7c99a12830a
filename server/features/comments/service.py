"""Comments: written, changed, deleted, resolved; with word to who watches the image, and to whom they concern."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.events import Kind
from ...domain.policy import Actor
from ...domain.times import optional_timestamp, timestamp
from ...errors import BadRequest, CommentNotFound, Conflict, Forbidden, ImageNotFound, TooManyRequests
from ...storage.engine import Database
from ...storage.rows import accounts, annotations
from ...storage.rows import comments as rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import OTHERS, audience, sight_of
from ...storage.tables import Comment, CommentThread, Image, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from ..accounts.limits import ALONE, Limits
from . import schema
from .mentions import check_mentions, mentioned
from .schema import CommentChange, NewComment, Thread, ThreadList

MOST_COMMENTS = 1000  # of an image
_CHANGES, _SECONDS = 60, 60.0  # of one person


class Comments:
    def __init__(self, db: Database, unit_of_work: UnitsOfWork, limits: Limits = ALONE) -> None:
        self._db, self._unit_of_work = db, unit_of_work
        often = partial(
            TooManyRequests,
            f"A person may change {_CHANGES} comments in a minute.",
            hint="Wait a minute, then try again.",
        )
        self._pace = limits.of("comments", _CHANGES, _SECONDS, often)

    def of_image(self, actor: Actor, project_id: str, image_id: str) -> ThreadList:
        """Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            found_place(session, project_id, image_id)
            listed = rows.of_image(session, project_id, image_id, rows.reader(actor))
            people = {each.resolved_by for each, _ in listed}
            for _, comments in listed:
                people |= {each.created_by for each in comments}
                people |= mentioned(*(each.text for each in comments))
            known = {each for each in people if each is not None}
            if actor.visit is not None:  # who the members are is the team's to know
                known = {each for each in known if Actor.of_author(each).kind == "visitor"}
            names = accounts.names(session, known)
            return ThreadList([_described(*each) for each in listed], names)

    def add(
        self, actor: Actor, project_id: str, image_id: str, data: Mapping[str, Any]
    ) -> tuple[Thread, bool]:
        """The thread with a new comment, and True; or as it is with the one that already has the client's id, and
        False. See NewComment.

        Raises ProjectNotFound, ImageNotFound, BadRequest, TooManyRequests; CommentNotFound for a thread that is not
        there; Conflict for an id of another image, and where there are too many."""
        new = parse(NewComment, data, BadRequest)
        comment_id = new.id or str(uuid.uuid4())
        with self._pace.use(str(actor)), self._unit_of_work(actor) as work:
            session = work.session
            place, image = found_place(session, project_id, image_id)
            known = rows.find(session, project_id, comment_id)
            if known is not None:
                return _there(session, actor, known, image_id), False
            if rows.count(session, project_id, image_id) >= MOST_COMMENTS:
                raise Conflict(
                    f"An image has at most {MOST_COMMENTS} comments.", hint="Delete some that are resolved."
                )
            if new.thread:
                thread = rows.thread(session, project_id, new.thread, rows.reader(actor))
                if thread is None or thread.image_id != image_id:
                    raise CommentNotFound()
            else:
                anchor = _anchor(session, actor, place, image, new)
                thread = CommentThread(id=comment_id, project_id=project_id, image_id=image_id, **anchor)
                session.add(thread)
                session.flush()
            new_mentions = check_mentions(session, thread, new.text)
            comment = Comment(
                id=comment_id,
                project_id=project_id,
                thread_id=thread.id,
                text=new.text,
                created_by=actor.author,
                created_at=now(),
            )
            session.add(comment)
            session.flush()
            _tell_people(work, thread, comment, _concerned(session, place, thread) | _all(new_mentions))
            return _changed(work, thread, comment), True

    def change(self, actor: Actor, project_id: str, comment_id: str, data: Mapping[str, Any]) -> Thread:
        """The thread as it is afterwards. See CommentChange.

        Raises CommentNotFound, BadRequest, TooManyRequests; Forbidden for the words of somebody else."""
        asked = parse(CommentChange, data, BadRequest)
        if asked.text is UNSET and asked.resolved is UNSET:
            raise BadRequest("Nothing is changed.", hint='Send "text" or "resolved".')
        with self._pace.use(str(actor)), self._unit_of_work(actor) as work:
            comment, thread = _found(work.session, actor, project_id, comment_id)
            if asked.resolved is not UNSET and asked.resolved != (thread.resolved_at is not None):
                thread.resolved_at = now() if asked.resolved else None
                thread.resolved_by = actor.author if asked.resolved else None
            if asked.text is not UNSET and asked.text != comment.text:
                if comment.created_by != actor.author:
                    raise Forbidden(
                        "People change only what they wrote themselves.", hint="Reply to it instead."
                    )
                if comment.deleted_at is not None:
                    raise CommentNotFound()
                added = check_mentions(work.session, thread, asked.text, comment.text)
                gone = mentioned(comment.text) - mentioned(asked.text)
                work.tell_inboxes(rows.take_back(work.session, project_id, comment_id, gone))
                comment.text, comment.edited_at = asked.text, now()
                _tell_people(work, thread, comment, _all(added))
            return _changed(work, thread, comment)

    def delete(self, actor: Actor, project_id: str, comment_id: str, moderates: bool) -> None:
        """`moderates`: whether also what others wrote. Nobody is told of it any more.

        Raises CommentNotFound, Forbidden, TooManyRequests."""
        with self._pace.use(str(actor)), self._unit_of_work(actor, reserved=True) as work:
            comment, thread = _found(work.session, actor, project_id, comment_id)
            if comment.created_by != actor.author and not moderates:
                raise Forbidden(
                    "People delete only what they wrote themselves.", hint="Ask a manager of the project."
                )
            if comment.deleted_at is None:
                comment.text, comment.deleted_at = "", now()
                work.tell_inboxes(rows.take_back(work.session, project_id, comment_id))
                _tell(work, "comment:deleted", thread, comment_id)


def _found(session: Session, actor: Actor, project_id: str, comment_id: str) -> tuple[Comment, CommentThread]:
    """Raises CommentNotFound, also for one on an image in the trash."""
    known = rows.find(session, project_id, comment_id)
    if known is None or rows.thread(session, project_id, known[1].id, rows.reader(actor)) is None:
        raise CommentNotFound()
    try:
        found_place(session, project_id, known[1].image_id)
    except ImageNotFound:
        raise CommentNotFound() from None
    return known


def _there(session: Session, actor: Actor, known: tuple[Comment, CommentThread], image_id: str) -> Thread:
    """The thread of a comment that is sent again. Raises Conflict for the id of another comment, CommentNotFound for
    one that the actor does not see."""
    comment, thread = known
    if rows.thread(session, thread.project_id, thread.id, rows.reader(actor)) is None:
        raise CommentNotFound()
    if thread.image_id != image_id or comment.created_by != actor.author:
        raise Conflict("Another comment has this id already.", hint="Make a new id.")
    return _described(thread, rows.of_thread(session, thread))


def _anchor(
    session: Session, actor: Actor, place: ProjectImage, image: Image, new: NewComment
) -> dict[str, Any]:
    """What a thread is about, and whose work. Raises BadRequest, alike for objects of other images, for those that the
    actor does not see and for ids of none."""
    annotation_id, x, y = new.annotation_id, new.x, new.y
    if (x is None) != (y is None) or (annotation_id is not None and x is None):
        raise BadRequest('A spot is "x" and "y", and an object needs one too.')
    if x is not None and y is not None and (x > image.width or y > image.height):
        raise BadRequest("This spot is not on the image.", hint="Send pixels of the image.")
    sight = sight_of(session, actor, found_project(session, place.project_id))
    layer = sight.layer(place)
    if annotation_id is not None:
        here = annotations.find(session, annotation_id, place.project_id)
        gone = annotations.buried(session, place.project_id, [annotation_id]).get(annotation_id)
        about = here or gone
        if about is None or about.image_id != place.image_id or not sight.sees(place, about.layer):
            raise BadRequest("The image has no such object.", hint="Send the spot alone.")
        layer = about.layer
    return {"annotation_id": annotation_id, "x": x, "y": y, "layer": layer}


def _concerned(session: Session, place: ProjectImage, thread: CommentThread) -> dict[str, rows.Why]:
    """Whom another comment in a thread concerns, whoever they are."""
    told: dict[str, rows.Why] = dict.fromkeys(rows.workers(session, place, now()), "image")
    told |= dict.fromkeys(rows.writers(session, thread), "reply")
    return told


def _all(account_ids: set[str]) -> dict[str, rows.Why]:
    return dict.fromkeys(account_ids, "mention")


def _tell_people(
    work: UnitOfWork, thread: CommentThread, comment: Comment, told: Mapping[str, rows.Why]
) -> None:
    """Those of them who see the thread, but for the writer."""
    see = rows.who_see(work.session, thread, told.keys()) - {work.actor.id}
    rows.put(work.session, thread, comment, {each: told[each] for each in see}, work.actor.author)
    work.tell_inboxes(see)


def _changed(work: UnitOfWork, thread: CommentThread, comment: Comment) -> Thread:
    _tell(work, "comment:changed", thread, comment.id)
    return _described(thread, rows.of_thread(work.session, thread))


def _tell(work: UnitOfWork, kind: Kind, thread: CommentThread, comment_id: str) -> None:
    """What is about an annotator's own work, to that one and to who is none."""
    place, _ = found_place(work.session, thread.project_id, thread.image_id)
    common = audience(found_project(work.session, thread.project_id), place, None)
    for heard in (common,) if thread.layer is None else (thread.layer, OTHERS):
        told = {"id": comment_id, "thread": thread.id}
        work.tell(kind, thread.project_id, told, thread.image_id, heard)


def _described(thread: CommentThread, comments: Sequence[Comment]) -> Thread:
    """Without deleted replies."""
    return Thread(
        thread.id,
        thread.image_id,
        thread.annotation_id,
        thread.x,
        thread.y,
        optional_timestamp(thread.resolved_at),
        thread.resolved_by,
        [_comment(each) for each in comments if each.deleted_at is None or each.id == thread.id],
    )


def _comment(comment: Comment) -> schema.Comment:
    edited = comment.edited_at
    return schema.Comment(
        comment.id,
        comment.text,
        comment.created_by,
        timestamp(comment.created_at),
        optional_timestamp(edited),
        comment.deleted_at is not None,
    )
