"""What concerns an account in all its projects: read, and marked as read."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import UNSET

from ...contract import parse
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...errors import BadRequest
from ...storage.engine import Database
from ...storage.rows import accounts
from ...storage.rows import comments as rows
from .inbox_schema import MOST_UNREAD, WHICH, InboxItem, InboxPage, Read, Unread
from .mentions import mentioned

PAGE = 50  # items


class Inbox:
    """`tell` is given the accounts whose inboxes changed."""

    def __init__(self, db: Database, tell: Callable[[Collection[str]], None]) -> None:
        self._db, self._tell = db, tell

    def page(self, actor: Actor, before: int | None = None) -> InboxPage:
        """The newest first; `before`: what is older than the item with this id."""
        with self._db.read() as session:
            found = rows.inbox(session, actor.id, PAGE + 1, before)
            listed, more = found[:PAGE], found[PAGE:]
            texts = [each.comment.text for each in listed if each.comment is not None]
            actors = {each.item.actor_id for each in listed if each.item.actor_id is not None}
            named = mentioned(*texts)
            names = accounts.names(session, named | actors)
            unread = rows.unread(session, actor.id, MOST_UNREAD)
        last = listed[-1].item.id if more else None
        known = {each: name for each, name in names.items() if each in named}
        return InboxPage([_described(each, names) for each in listed], known, unread, last)

    def unread(self, actor: Actor) -> Unread:
        with self._db.read() as session:
            return Unread(rows.unread(session, actor.id, MOST_UNREAD))

    def read(self, actor: Actor, data: Mapping[str, Any]) -> Unread:
        """See Read; what is left. Items of others are none. Raises BadRequest."""
        asked = parse(Read, data, BadRequest)
        if frozenset(data) not in ({"ids"}, {"up_to"}, {"project", "thread"}):
            raise BadRequest(WHICH)
        if asked.ids is not UNSET:
            which = rows.of_items(asked.ids)
        elif asked.up_to is not UNSET:
            which = rows.up_to(asked.up_to)
        else:
            which = rows.about_thread(str(asked.project), str(asked.thread))
        with self._db.write() as session:
            marked = rows.read(session, actor.id, which)
            left = rows.unread(session, actor.id, MOST_UNREAD)
        if marked:
            self._tell([actor.id])
        return Unread(left)


def _described(listed: rows.Listed, names: Mapping[str, str]) -> InboxItem:
    item, comment = listed.item, listed.comment
    return InboxItem(
        id=item.id,
        kind=rows.why(item),
        at=timestamp(item.at),
        read=item.read_at is not None,
        by=item.actor_id,
        by_name=names.get(item.actor_id or ""),
        project_id=item.project_id,
        project=listed.project,
        image_id=item.image_id,
        image=listed.image,
        thread=None if comment is None else comment.thread_id,
        text=(listed.note or "") if comment is None else comment.text,
    )
