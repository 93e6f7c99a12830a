"""Whom a text mentions: it holds the ids of accounts, so that another name changes nothing."""

import re

from sqlalchemy.orm import Session

from ...errors import BadRequest
from ...storage.rows import comments as rows
from ...storage.tables import CommentThread

MOST_MENTIONED = 20
_MENTION = re.compile("<@([0-9a-f]{12})>")


def mentioned(*texts: str) -> set[str]:
    """Ids of accounts."""
    return {each for text in texts for each in _MENTION.findall(text)}


def check_mentions(session: Session, thread: CommentThread, text: str, before: str = "") -> set[str]:
    """The accounts that a text mentions and the one before it did not. Raises BadRequest, alike for accounts that do
    not see the thread and ids of none."""
    every = mentioned(text)
    if len(every) > MOST_MENTIONED:
        raise BadRequest(f"A comment mentions at most {MOST_MENTIONED} people.")
    new = every - mentioned(before)
    if rows.who_see(session, thread, new) != new:
        raise BadRequest(
            "A comment mentions members of its project only.", hint="Choose them from the list after an @."
        )
    return new
