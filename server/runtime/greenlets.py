"""Greenlets, for those who need one: beside `runtime` and the server's own sockets in `web`, nobody names gevent."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import gevent
from gevent import Greenlet, GreenletExit, Timeout, joinall, killall, sleep, spawn
from gevent.event import Event
from gevent.lock import BoundedSemaphore
from gevent.pool import Pool
from gevent.queue import Queue

__all__ = [
    "BoundedSemaphore",
    "Event",
    "Greenlet",
    "GreenletExit",
    "Pool",
    "Queue",
    "Timeout",
    "in_a_thread",
    "interrupts_come_here",
    "joinall",
    "killall",
    "log_failures",
    "sleep",
    "spawn",
]

T = TypeVar("T")

log = logging.getLogger(__name__)


def in_a_thread(fn: Callable[..., T], *args: Any) -> T:
    """`fn(*args)` in a native thread, at once: for what waits for a disk or a network and is never much, however busy
    `Pools` are."""
    return gevent.get_hub().threadpool.apply(fn, args)


def log_failures() -> None:
    """What ends a greenlet of this thread unforeseen goes to the log, and not to stderr in gevent's own words."""

    def tell(context: object, kind: Any, error: Any, trace: Any) -> None:
        log.error("Unexpected, in %s", type(context).__name__, exc_info=(kind, error, trace))

    gevent.get_hub().print_exception = tell  # type: ignore[method-assign]


@contextmanager
def interrupts_come_here() -> Iterator[None]:
    """Meanwhile a Ctrl-C raises KeyboardInterrupt in this greenlet: without it, in whichever happens to run, which may
    take it for a failure of its own work. As soon as this one waits."""
    own = threading.current_thread() is threading.main_thread()  # signals go to that one
    if not own or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    watcher = gevent.signal_handler(signal.SIGINT, gevent.kill, gevent.getcurrent(), KeyboardInterrupt)
    try:
        yield
    finally:
        watcher.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler)
