"""What an earlier process left, taken over by the only one there is now: nobody waits for it any more."""

from collections.abc import Callable, Iterator
from typing import Any

from ...errors import Unavailable, from_answer
from .base import JobStore, Urgency
from .book import REMEMBERED_FAILURES, Book
from .handlers import Handlers
from .performing import Entry, inherit


def take_over(
    store: JobStore, handlers: Handlers, book: Book, patiently: Callable[[Callable[[], Any]], Any]
) -> Iterator[Entry]:
    """What is queued again. `patiently` asks until the database can be used."""
    for stored in patiently(lambda: store.failed(REMEMBERED_FAILURES)):
        error = from_answer(stored.error) if stored.error is not None else None
        passing = isinstance(error, Unavailable)  # a full disk, say, which this process may find mended
        if error is not None and not passing and stored.job.key not in book.entries:
            book.failures.add(stored, error)
    for stored in patiently(store.unfinished):
        if stored.job.key in book.entries:  # somebody has asked for it since
            if stored.state == "running":
                patiently(lambda left=stored: store.settle(left, "queued"))
            continue
        outcome = patiently(lambda left=stored: inherit(store, handlers, left))
        if outcome is None:
            continue
        state, error = outcome
        if state == "queued":
            handler = handlers.of(stored.job)
            yield Entry(stored, handler, max(stored.job.urgency, Urgency.AHEAD), handler.path_of(stored.job))
        elif error is not None:
            book.failures.add(stored, error)
