"""Waiting for jobs that were stopped, until whoever does them has noticed."""

from collections.abc import Sequence

import gevent

from .base import JobStore
from .performing import Entry

_NOTICE_SECONDS, _ASK_SECONDS = 7.0, 0.1


def let_end(cancelled: Sequence[Entry]) -> None:
    """What was interrupted here still tidies up: the next of its key is not to run beside it."""
    for entry in cancelled:
        if entry.handler.interruptible and entry.greenlet is not None:
            entry.greenlet.join()


def await_others(store: JobStore, stopped: Sequence[Entry]) -> None:
    """Other processes may interrupt what they do; one that is gone is waited for until its lease has ended."""
    ids = [entry.id for entry in stopped if entry.elsewhere and entry.handler.interruptible]
    timer = gevent.Timeout(_NOTICE_SECONDS)
    try:
        with timer:
            while ids and any(each.owner is not None for each in store.load(ids)):
                gevent.sleep(_ASK_SECONDS)
    except gevent.Timeout as raised:
        if raised is not timer:
            raise
